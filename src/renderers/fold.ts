/**
 * A text in lines of at most so many characters, broken at blanks, and where a word is longer than a line within the word:
 * nothing is lost, and nothing but the blank at a break.
 */
export function fold(text: string, width: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width) {
    const end = endOfLine(rest, width);
    lines.push(rest.slice(0, end));
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end);
  }
  return [...lines, rest];
}

function endOfLine(text: string, width: number): number {
  const blank = text.lastIndexOf(' ', width);
  // Behind blanks alone there is nothing to break after.
  if (text.slice(0, Math.max(blank, 0)).trim() !== '') return blank;
  return /[\ud800-\udbff]/.test(text.charAt(width - 1)) ? width - 1 : width;
}
