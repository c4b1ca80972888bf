import type { Change } from '../../model/bundle-comparison.js';

/** The values that differ, in the order of their names as they come. An empty value is told as such. */
export function differentValues(a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>): Change[] {
  const names = new Set([...a.keys(), ...b.keys()]);
  return [...names].flatMap((of) => {
    const [before, after] = [a.get(of), b.get(of)];
    if (before === after) return [];
    return [
      { of, ...(before === undefined ? {} : { a: told(before) }), ...(after === undefined ? {} : { b: told(after) }) },
    ];
  });
}

/** The lines that only one of both has, or has more often, whatever their order: those of the first, then of the second. */
export function differentLines(of: string, a: readonly string[], b: readonly string[]): Change[] {
  return [
    ...without(a, b).map((line) => ({ of, a: told(line) })),
    ...without(b, a).map((line) => ({ of, b: told(line) })),
  ];
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of others) left.set(line, (left.get(line) ?? 0) + 1);
  return lines.filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

function told(value: string): string {
  return value === '' ? 'empty' : value;
}
