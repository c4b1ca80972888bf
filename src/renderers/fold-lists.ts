/** Text that may be broken behind these only: a list's commas, or its commas and spaces. */
const BEHIND = { commas: /(?<=,) /, words: /(?<=,)(?=\S)|(?<= )/ } as const;

/**
 * Text in lines of at most so many columns where it can be broken so, the second and later ones indented.
 *
 * @param at `commas`: only behind a comma and a space, which the break replaces; `words`: also at spaces, and behind commas
 *   without one, whose list stays as it is
 */
export function folded(
  text: string,
  columns: number,
  { at, indent = '' }: { at: keyof typeof BEHIND; indent?: string },
): string {
  const separator = at === 'commas' ? ' ' : '';
  const lines: string[] = [];
  for (const part of text.split(BEHIND[at])) {
    const last = lines.at(-1);
    if (last !== undefined && (last + separator + part).trimEnd().length <= columns)
      lines[lines.length - 1] += separator + part;
    else lines.push(`${last === undefined ? '' : indent}${part}`);
  }
  return lines.map((line) => line.trimEnd()).join('\n');
}
