/** A word of a line, or a brace. */
export interface Word {
  text: string;
  brace: boolean;
}

const ESCAPES: Record<string, string> = {
  a: '\u0007',
  b: '\b',
  E: '\u001b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const BLANK = /\s+/y;
const BRACE = /[{}]/y;
const QUOTED = /"([^"\\]*(?:\\.[^"\\]*)*)("|\\?$)/sy;
const SINGLE_QUOTED = /'([^']*)('|$)/y;
const PLAIN = /[^\s{}"]+/y;
const ESCAPED = /\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{1,2})|(.))/gs;

/**
 * The words of a line. Double quotes keep blanks and braces together and may stand inside a word; single quotes count at
 * the beginning of a word only, elsewhere they are a part of it. A quote without its end reaches to the end of the line.
 */
export function splitWords(line: string): { words: Word[]; unterminated: boolean } {
  const words: Word[] = [];
  let unterminated = false;
  let open = false;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(line);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  const append = (text: string): void => {
    const last = words.at(-1);
    if (open && last !== undefined) last.text += text;
    else words.push({ text, brace: false });
    open = true;
  };
  while (at < line.length) {
    const brace = take(BRACE);
    if (brace !== null) words.push({ text: brace[0], brace: true });
    if (brace !== null || take(BLANK) !== null) {
      open = false;
      continue;
    }
    const quoted = take(QUOTED) ?? (open ? null : take(SINGLE_QUOTED));
    if (quoted === null) {
      append((take(PLAIN) as RegExpExecArray)[0]);
    } else {
      append(unescape(quoted[1] as string));
      unterminated ||= quoted[2] === '' || quoted[2] === '\\';
    }
  }
  return { words, unterminated };
}

function unescape(text: string): string {
  return text.replace(ESCAPED, (_, octal?: string, hex?: string, char?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    return ESCAPES[char as string] ?? (char as string);
  });
}
