import fc from 'fast-check';

type Change = (text: string) => string;

const BITS = [...'{}#/:.|-+" \n\t\rafx019é\u0000_@'];

/**
 * Configurations made of `seeds` by one to three changes: words dropped, doubled, moved and replaced by words of the
 * others, characters put in, lines dropped, a second configuration behind the first, the end cut off.
 */
export function mutated(seeds: string[]): fc.Arbitrary<string> {
  const words = [...new Set(seeds.join('\n').split(/\s+/))];
  const seed = fc.constantFrom(...seeds);
  const position = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc.tuple(position, fc.constantFrom(...words)).map(([at, word]) => atWord(at, () => ` ${word} `)),
    fc.tuple(position, fc.constantFrom(...words)).map(([at, word]) => atWord(at, (old) => `${old} ${word} `)),
    position.map((at) => atWord(at, () => '')),
    position.map((at) => atWord(at, (old) => `${old} ${old}`)),
    fc.tuple(position, fc.constantFrom(...BITS)).map(([at, bit]): Change => {
      return (text) => `${text.slice(0, at * text.length)}${bit}${text.slice(at * text.length)}`;
    }),
    position.map(
      (at): Change =>
        (text) =>
          text
            .split('\n')
            .toSpliced(Math.floor(at * countLines(text)), 1)
            .join('\n'),
    ),
    position.map(
      (at): Change =>
        (text) =>
          text.slice(0, at * text.length),
    ),
    seed.map(
      (other): Change =>
        (text) =>
          `${text}\n${other}`,
    ),
  );
  return fc
    .tuple(seed, fc.array(change, { minLength: 1, maxLength: 3 }))
    .map(([text, changes]) => changes.reduce((changed, apply) => apply(changed), text));
}

function countLines(text: string): number {
  return text.split('\n').length;
}

function atWord(at: number, replace: (word: string) => string): Change {
  return (text) => {
    const parts = text.split(/(\s+)/);
    const index = Math.floor(at * parts.length);
    return parts.with(index, replace(parts[index] ?? '')).join('');
  };
}
