import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import type { Counter } from '../../src/model/number.js';
import { parseLinks } from '../../src/parsers/links.js';
import { parseRuntime } from '../../src/parsers/runtime.js';
import { parseSyncStatistics, parseTableStatistics } from '../../src/parsers/statistics.js';
import { renderStatisticsPage } from '../../src/renderers/statistics-page.js';
import { printLinks, printRuntime, printStatistics } from '../support/conntrackd-pages.js';
import { capturedPages, damaged } from '../support/damaged-pages.js';
import { countingOnly, link, runtime, synchronising } from '../support/page-arbitraries.js';

const parsers: [string, (text: string) => object][] = [
  ['parseTableStatistics', parseTableStatistics],
  ['parseSyncStatistics', parseSyncStatistics],
  ['parseLinks', parseLinks],
  ['parseRuntime', parseRuntime],
];

/** What the parser makes of a text; undefined if it refuses it in the way it may. */
function parsed(parse: (text: string) => object, text: string): object | undefined {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).to.equal('BAD_ANSWER');
    expect(error.message).to.match(/^[A-Z].*\.$/s);
    return undefined;
  }
}

/** How a figure, N here, stands in its line; the counters of the runtime page stand behind their own names. */
const STANDS: Record<string, string> = {
  active: 'current active connections\\s*:\\s*N$',
  'created.total': 'connections (?:created|new)\\s*:\\s*N\\b',
  'created.failed': 'connections created.*failed\\s*:\\s*N$',
  'updated.total': 'connections updated\\s*:\\s*N\\b',
  'updated.failed': 'connections updated.*failed\\s*:\\s*N$',
  'destroyed.total': 'connections destroyed\\s*:\\s*N\\b',
  'destroyed.failed': 'connections destroyed.*failed\\s*:\\s*N$',
  'sent.bytes': '^N\\s+Bytes sent',
  'sent.packets': '^N\\s+Pckts sent',
  'sent.errors': '^N\\s+Error send',
  'received.bytes': '\\bN\\s+Bytes recv$',
  'received.packets': '\\bN\\s+Pckts recv$',
  'received.errors': '\\bN\\s+Error recv$',
  malformed: '^N\\s+Malformed msgs',
  lost: '\\bN\\s+Lost msgs$',
  'traffic_processed.bytes': '^N\\s+Bytes\\s+\\d+\\s+Pckts$',
  'traffic_processed.packets': '^\\d+\\s+Bytes\\s+N\\s+Pckts$',
  overrun: '^netlink overrun\\s*:\\s*N$',
  buffer_size: '^current buffer size \\(in bytes\\)\\s*:\\s*N$',
};

function* figuresOf(value: unknown, path: string[] = []): Generator<[string, Counter]> {
  if (typeof value === 'number' || typeof value === 'bigint') yield [path.join('.'), value];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* figuresOf(inner, [...path, key]);
  }
}

function standsInALine(page: string, path: string, figure: Counter): boolean {
  const name = path.split('.').at(-1) ?? '';
  const known = Object.keys(STANDS).find((end) => path === end || path.endsWith(`.${end}`));
  const words = known === undefined ? `^${name.replaceAll('_', ' ')}\\s*:\\s*N$` : (STANDS[known] ?? '');
  const line = new RegExp(words.replace('N', `0*${figure}`), 's');
  return page.split('\n').some((printed) => line.test(printed.trim()));
}

describe('properties: pages of conntrackd', () => {
  it('reads every page that conntrackd can print', () => {
    fc.assert(
      fc.property(fc.oneof(synchronising, countingOnly), (table) => {
        expect(parseTableStatistics(printStatistics(table))).to.deep.equal(table);
      }),
    );
    fc.assert(
      fc.property(fc.array(link, { minLength: 1, maxLength: 4 }), (links) => {
        expect(parseLinks(printLinks({ links }))).to.deep.equal({ links });
      }),
    );
    fc.assert(
      fc.property(runtime, (page) => {
        expect(parseRuntime(printRuntime(page))).to.deep.equal(page);
      }),
    );
  });

  it('reads its own rendering of a page as the same page', () => {
    const named = synchronising.filter(({ link }) => /^[ -~]*$/.test(link?.device ?? ''));
    fc.assert(
      fc.property(named, fc.option(named, { nil: undefined }), (main, expectations) => {
        const statistics = { main, ...(expectations && { expect: expectations }) };
        expect(parseSyncStatistics(renderStatisticsPage(statistics))).to.deep.equal(statistics);
      }),
    );
  });

  for (const [name, parse] of parsers) {
    it(`${name} reads or refuses any text`, () => {
      const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), damaged);
      fc.assert(
        fc.property(text, (page) => {
          parsed(parse, page);
        }),
        { numRuns: 2000 },
      );
    });

    it(`${name} takes no figure from a line that does not say it`, () => {
      fc.assert(
        fc.property(damaged, (page) => {
          for (const [path, figure] of figuresOf(parsed(parse, page))) {
            if (path === 'uptime_seconds') continue;
            expect(standsInALine(page, path, figure), `${path} ${figure} in ${page}`).to.equal(true);
          }
        }),
        { numRuns: 2000 },
      );
    });
  }

  const noise = fc.string({ minLength: 1, maxLength: 60 }).filter((line) => line.trim() !== '');

  it('keeps unknown lines, wherever they stand, and changes nothing for them', () => {
    const kinds: [RegExp, (text: string) => { extra?: string[] }][] = [
      [/traffic processed/, parseTableStatistics],
      [/traffic device=/, parseLinks],
      [/daemon uptime/, parseRuntime],
    ];
    for (const [kind, parse] of kinds) {
      const chosen = capturedPages.filter((page) => kind.test(page) && parsed(parse, page) !== undefined);
      fc.assert(
        fc.property(
          fc.constantFrom(...chosen),
          fc.array(fc.tuple(fc.nat(), noise), { maxLength: 4 }),
          (page, added) => {
            const lines = page.split('\n').map((line) => [line]);
            const before = lines.slice(0, -1);
            for (const [at, line] of added) before[at % before.length]?.unshift(line);
            const { extra = [], ...rest } = parse(`${before.flat().join('\n')}\n`);
            expect(rest).to.deep.equal(parse(page));
            expect([...extra].sort()).to.deep.equal(added.map(([, line]) => line).sort());
          },
        ),
      );
    }
  });
});
