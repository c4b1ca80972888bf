/**
 * The words of a line as VyOS and shells write them: apart by blanks, in single or double quotes or in none, where quotes may
 * hold blanks. Nothing is escaped, since no value has both kinds of quotes. Undefined where a quote is not closed.
 */
export function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let rest = line.trim();
  while (rest !== '') {
    const [word] = WORD.exec(rest) ?? [];
    if (word === undefined) return undefined;
    words.push(unquoted(word));
    rest = rest.slice(word.length).trimStart();
  }
  return words;
}

const WORD = /^(?:[^\s'"]+|'[^']*'|"[^"]*")(?=\s|$)/;

/** A word without the quotes around it, where a shell or a script has left them there. */
export function unquoted(word: string): string {
  const [, , inner] = /^(['"])(.*)\1$/.exec(word) ?? [];
  return inner ?? word;
}

/** A value as VyOS shows it. */
export function quoted(value: string): string {
  return value.includes("'") ? `"${value}"` : `'${value}'`;
}
