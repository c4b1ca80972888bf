/** Whether block characters can be shown: on a terminal whose locale is UTF-8. A pipe gets ASCII. */
export function showsBlocks(): boolean {
  const { LC_ALL, LC_CTYPE, LANG, TERM } = process.env;
  return process.stdout.isTTY && TERM !== 'dumb' && /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}
