import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { compareBundles } from '../../src/bundle/compare/compare.js';
import { summaryOf } from '../../src/bundle/summary/summary.js';
import { isWholeComparison } from '../../src/model/bundle-comparison.js';
import { isWhole } from '../../src/model/bundle-summary.js';
import { Failure } from '../../src/model/failure.js';
import { parseInterfaceStates } from '../../src/parsers/interface-states.js';
import { parseSettings } from '../../src/parsers/settings.js';
import { renderBundleSummary } from '../../src/renderers/bundle-page.js';
import { renderComparison } from '../../src/renderers/comparison-page.js';
import { toJson } from '../../src/renderers/json.js';
import { capturedBundle, withText, written } from '../support/captured-bundles.js';
import { documentOf } from '../support/documents.js';

const abort = new AbortController().signal;
const captured = capturedBundle('a');
const SETTINGS = ['sysctl', 'module', 'buffers'].map((name) =>
  captured.get(`node1/kernel/${name}.txt`)!.toString('latin1'),
);
const ADDRESSES = captured.get('node1/network/addresses.json')!.toString();
/** Whatever is read of a node as a whole. */
const READ = [...captured.keys()].filter((path) => /^node1\/(?!logs|caches|counters-\d\/proc)/.test(path));

type Edit = (text: string) => string;

const edit: fc.Arbitrary<Edit> = fc.oneof(
  fc
    .tuple(fc.nat(), fc.nat(40), fc.string({ unit: 'binary', maxLength: 8 }))
    .map(([at, count, put]): Edit => (text) => {
      const from = at % (text.length + 1);
      return text.slice(0, from) + put + text.slice(from + count);
    }),
  fc.nat().map(
    (at): Edit =>
      (text) =>
        text.slice(0, at % (text.length + 1)),
  ),
  fc.nat().map(
    (at): Edit =>
      (text) =>
        text.slice(at % (text.length + 1)),
  ),
  fc
    .constantFrom(
      '',
      '{',
      '\n',
      'cpu=0 drop=9\n',
      '/proc/sys/a:1',
      '[]',
      'null',
      '{"health":{"verdict":"ok","findings":[null]}}',
    )
    .map(
      (put): Edit =>
        () =>
          put,
    ),
);
const edits = fc.array(edit, { minLength: 1, maxLength: 3 });
const edited = (text: string, all: readonly Edit[]): string => all.reduce((rest, change) => change(rest), text);

describe('properties: what bundles tell', function () {
  this.timeout(60_000);
  it('settings that are cut have no value that the whole has not', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTINGS), fc.nat(), (text, at) => {
        const whole = parseSettings(text).values;
        const cut = text.slice(0, at % (text.length + 1));
        for (const [name, value] of parseSettings(cut).values) expect(whole.get(name)).to.equal(value);
      }),
      { numRuns: 300 },
    );
  });

  it('every value of damaged settings stands on a line of its name', () => {
    fc.assert(
      fc.property(fc.constantFrom(...SETTINGS), edits, (text, all) => {
        const damaged = edited(text, all);
        const lines = damaged.split('\n').slice(0, -1);
        for (const [name, value] of parseSettings(damaged).values) {
          const last = name.split('.').at(-1)!;
          const found = lines
            .filter((line) => line.includes(`${last}:`))
            .map((line) => line.slice(line.indexOf(':') + 1));
          expect(found.join(' ')).to.include(value);
          expect(value).to.not.match(/\/proc\/sys\/|\/sys\/module\//);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('interfaces of a damaged page are as it says, or it is refused', () => {
    fc.assert(
      fc.property(edits, (all) => {
        const damaged = edited(ADDRESSES, all);
        try {
          for (const { name, operstate } of parseInterfaceStates(damaged)) {
            expect(damaged).to.include(JSON.stringify(operstate).slice(1, -1));
            expect(name).to.not.equal('');
          }
        } catch (error) {
          expect(error).to.be.instanceOf(Failure);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('whatever an item of a bundle holds, both views of it are answers that are valid', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...READ), edits, async (path, all) => {
        const folder = mkdtempSync(join(tmpdir(), 'ctsync-views-'));
        try {
          const whole = written(captured, join(folder, 'a'));
          const damaged = written(
            withText(captured, path, (text) => edited(text, all)),
            join(folder, 'b'),
          );
          const summary = await summaryOf(damaged, { abort });
          documentOf(
            toJson({ schema: 'ctsync/bundle-summary/1', source: 'capture', ...summary, complete: isWhole(summary) }),
          );
          const comparison = await compareBundles(whole, damaged, { abort, nodes: [] });
          const complete = isWholeComparison(comparison);
          documentOf(toJson({ schema: 'ctsync/bundle-comparison/1', source: 'capture', ...comparison, complete }));
          const pages =
            renderBundleSummary(summary, { terminal: 80, blocks: false }) + renderComparison(comparison, 80);
          // eslint-disable-next-line no-control-regex -- these are what must not be there
          expect(pages).to.not.match(/[\x00-\x09\x0b-\x1f\x7f-\x9f]|NaN|undefined/);
          for (const { only_a: onlyA, only_b: onlyB, a, b, both } of comparison.nodes.flatMap(
            ({ flows }) => flows ?? [],
          )) {
            expect([onlyA + both, onlyB + both]).to.deep.equal([a, b]);
          }
        } finally {
          rmSync(folder, { recursive: true });
        }
      }),
      { numRuns: 40 },
    );
  });
});
