import { fold } from './fold.js';

/** A line that goes on under itself on a terminal, and is one line in a pipe. */
export function hanging(text: string, columns: number | undefined, indent: string): string[] {
  if (columns === undefined) return [text];
  const [first = '', ...rest] = fold(text, columns);
  if (rest.length === 0) return [first];
  const others = fold(text.slice(first.length).trimStart(), Math.max(columns - indent.length, 1));
  return [first, ...others.map((line) => indent + line)];
}
