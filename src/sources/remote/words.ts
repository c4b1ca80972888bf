/**
 * One word for a shell: nothing in it means anything to it. POSIX shells, csh and fish read it alike: between quotes, fish takes a
 * backslash for the mark before a quote, and csh an exclamation mark for a line of its history.
 */
export function quoted(word: string): string {
  return `'${word.replaceAll(/['\\!]/g, String.raw`'\$&'`)}'`;
}

/**
 * Runs what its arguments say, with the tools of the system on the search path, and ends it when we are gone: our end of stdin
 * is closed then. ssh itself would leave a tool that hangs behind. One line: csh knows no other word.
 */
const RUNNER = [
  'PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; LC_ALL=C; TZ=UTC; export PATH LC_ALL TZ',
  'exec 3<&0',
  '"$@" </dev/null 3<&- & tool=$!',
  '{ cat <&3; kill "$tool"; } >/dev/null 2>&1 & watch=$!',
  'exec 3<&-',
  'wait "$tool"; code=$?',
  'kill "$watch" 2>/dev/null',
  'exit "$code"',
].join('; ');

/** The command line for the shell of another machine that runs exactly these words there. */
export function remoteLine(words: readonly string[]): string {
  return ['exec', 'sh', '-c', quoted(RUNNER), 'ctsync', ...words.map(quoted)].join(' ');
}
