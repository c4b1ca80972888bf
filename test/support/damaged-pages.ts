import fc from 'fast-check';
import { readArchive } from './archive.js';

const FIXTURES = new URL('../fixtures/conntrackd-1.4.7/', import.meta.url);
const ARCHIVES = ['statistics', 'links', 'runtime', 'other-pages'];

/** Every page of conntrackd that was captured, each once. */
export const capturedPages = [...new Set(ARCHIVES.flatMap(pagesOf))].filter((page) => page !== '');

function pagesOf(archive: string): string[] {
  const members = readArchive(new URL(`${archive}.archive`, FIXTURES));
  return [...members.values()].map((bytes) => bytes.toString('latin1'));
}

type Edit = (text: string) => string;

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc.tuple(fc.nat(), fc.nat(40)).map(
    ([at, count]): Edit =>
      (text) =>
        spliced(text, at, count, ''),
  ),
  fc.tuple(fc.nat(), fc.string({ unit: 'binary', maxLength: 8 })).map(
    ([at, put]): Edit =>
      (text) =>
        spliced(text, at, 0, put),
  ),
  fc.tuple(fc.nat(), fc.constantFrom('\n', '\n\n', '\t', ':', '0', '9'.repeat(25), '\u0000', 'cache internal:\n')).map(
    ([at, put]): Edit =>
      (text) =>
        spliced(text, at, put.length, put),
  ),
  fc.nat().map(
    (at): Edit =>
      (text) =>
        text.slice(0, at % (text.length + 1)),
  ),
  fc.tuple(fc.nat(), fc.nat()).map(
    ([from, to]): Edit =>
      (text) =>
        withLineMoved(text, from, to),
  ),
  fc.nat(capturedPages.length - 1).map(
    (page): Edit =>
      (text) =>
        `${text}${capturedPages[page] ?? ''}`,
  ),
);

function spliced(text: string, at: number, count: number, put: string): string {
  const from = at % (text.length + 1);
  return text.slice(0, from) + put + text.slice(from + count);
}

function withLineMoved(text: string, from: number, to: number): string {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(from % lines.length, 1);
  lines.splice(to % (lines.length + 1), 0, line);
  return lines.join('\n');
}

/** Texts with up to five damages: cut, spliced, lines moved, one page behind another. */
export function damagedTexts(texts: readonly string[]): fc.Arbitrary<string> {
  return fc
    .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([page, edits]) => edits.reduce((text, change) => change(text), page));
}

/** Pages of conntrackd, damaged. */
export const damaged = damagedTexts(capturedPages);
