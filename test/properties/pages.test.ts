import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import type { Counter } from '../../src/model/number.js';
import { parseCachePage } from '../../src/parsers/cache-page.js';
import { parseLinks } from '../../src/parsers/links.js';
import { parseNetworkPage } from '../../src/parsers/network-page.js';
import { parseProcessPage } from '../../src/parsers/process-page.js';
import { parseQueuePage } from '../../src/parsers/queue-page.js';
import { parseResendQueue } from '../../src/parsers/resend-queue.js';
import { parseRuntime, parseRuntimePage } from '../../src/parsers/runtime.js';
import { parseSyncStatistics, parseTableStatistics } from '../../src/parsers/statistics.js';
import { renderStatisticsPage } from '../../src/renderers/statistics-page.js';
import {
  printCachePage,
  printNetworkPage,
  printProcessPage,
  printQueuePage,
  printResendQueue,
} from '../support/conntrackd-other-pages.js';
import { printLinks, printRuntime, printStatistics } from '../support/conntrackd-pages.js';
import { capturedPages, damaged } from '../support/damaged-pages.js';
import { cachePage, network, processPage, queuePage, resendQueue } from '../support/other-page-arbitraries.js';
import { countingOnly, links, runtime, synchronising } from '../support/page-arbitraries.js';

const parsers: [string, (text: string) => object][] = [
  ['parseTableStatistics', parseTableStatistics],
  ['parseSyncStatistics', parseSyncStatistics],
  ['parseLinks', parseLinks],
  ['parseRuntime', parseRuntime],
  ['parseRuntimePage', parseRuntimePage],
  ['parseNetworkPage', parseNetworkPage],
  ['parseCachePage', parseCachePage],
  ['parseQueuePage', parseQueuePage],
  ['parseResendQueue', parseResendQueue],
  ['parseProcessPage', parseProcessPage],
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
  'received.malformed': '^Malformed messages\\s*:\\s*N$',
  'sent.malformed': '^Malformed messages\\s*:\\s*N$',
  wrong_version: '^Wrong protocol version\\s*:\\s*N$',
  malformed_header: '^Malformed header\\s*:\\s*N$',
  malformed_payload: '^Malformed payload\\s*:\\s*N$',
  bad_type: '^Bad message type\\s*:\\s*N$',
  truncated: '^Truncated message\\s*:\\s*N$',
  bad_size: '^Bad message size\\s*:\\s*N$',
  'sequence.lost': '^Packets lost\\s*:\\s*N$',
  'sequence.before': '^Packets before\\s*:\\s*N$',
  total: '^active/total entries\\s*:\\s*\\d+/\\s*N$',
  no_memory: '^no memory available\\s*:\\s*N$',
  no_space: '^(?:no space left in cache|not enough space errors)\\s*:\\s*N$',
  not_found: '^entry not found\\s*:\\s*N$',
  allocated_nodes: '^allocated queue nodes\\s*:\\s*N$',
  elements: '^current elements\\s*:\\s*N$',
  limit: '^maximum elements\\s*:\\s*N$',
  length: '^resent queue \\(len=N\\)$',
  seq: '^(?:control|object) -> seq:N\\b',
  flags: '^control -> seq:\\d+ flags:N$',
  pid: '^PID=N type=',
};

/** The same figures of the page of the caches, where they stand otherwise. */
const STANDS_IN_DETAIL: Record<string, string> = {
  active: '^(?:cache:\\S+\\s+active objects)\\s*:\\s*N$',
  'created.total': '^creation OK/failed\\s*:\\s*N/',
  'created.failed': '^creation OK/failed\\s*:\\s*\\d+/\\s*N$',
  'updated.total': '^update OK/failed\\s*:\\s*N/',
  'updated.failed': '^update OK/failed\\s*:\\s*\\d+/\\s*N$',
  'destroyed.total': '^deletion created/failed\\s*:\\s*N/',
  'destroyed.failed': '^deletion created/failed\\s*:\\s*\\d+/\\s*N$',
};

function* figuresOf(value: unknown, path: string[] = []): Generator<[string, Counter]> {
  if (typeof value === 'number' || typeof value === 'bigint') yield [path.join('.'), value];
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) yield* figuresOf(inner, [...path, key]);
  }
}

function standsInALine(page: string, path: string, figure: Counter): boolean {
  const name = path.split('.').at(-1) ?? '';
  const wordings = [STANDS, STANDS_IN_DETAIL].flatMap((stands) => longestEnd(stands, path) ?? []);
  const lines = (wordings.length > 0 ? wordings : [`^${name.replaceAll('_', ' ')}\\s*:\\s*N$`]).map(
    (words) => new RegExp(words.replace('N', `0*${figure}`), 's'),
  );
  return page.split('\n').some((printed) => lines.some((line) => line.test(printed.trim())));
}

/** What is said of the longest end of a path that anything is said of. */
function longestEnd(stands: Record<string, string>, path: string): string | undefined {
  const ends = Object.keys(stands).filter((end) => path === end || path.endsWith(`.${end}`));
  return stands[ends.sort((a, b) => b.length - a.length)[0] ?? ''];
}

describe('properties: pages of conntrackd', () => {
  it('reads every page that conntrackd can print', () => {
    fc.assert(
      fc.property(fc.oneof(synchronising, countingOnly), (table) => {
        expect(parseTableStatistics(printStatistics(table))).to.deep.equal(table);
      }),
    );
    fc.assert(
      fc.property(links, (all) => {
        expect(parseLinks(printLinks({ links: all }))).to.deep.equal({ links: all });
      }),
    );
    fc.assert(
      fc.property(runtime, (page) => {
        expect(parseRuntime(printRuntime(page))).to.deep.equal(page);
        expect(parseRuntimePage(printRuntime(page))).to.deep.equal(page);
      }),
    );
    reads(network, printNetworkPage, parseNetworkPage);
    reads(cachePage, printCachePage, parseCachePage);
    reads(queuePage, printQueuePage, parseQueuePage);
    reads(resendQueue, printResendQueue, parseResendQueue);
    reads(processPage, printProcessPage, parseProcessPage);
  });

  function reads<Page>(pages: fc.Arbitrary<Page>, print: (page: Page) => string, parse: (text: string) => Page): void {
    fc.assert(
      fc.property(pages, (page) => {
        expect(parse(print(page))).to.deep.equal(page);
      }),
    );
  }

  it('reads its own rendering of a page as the same page', () => {
    const named = synchronising.filter(({ link }) => /^[ -~]*$/.test(link?.device ?? ''));
    fc.assert(
      fc.property(named, fc.option(named, { nil: undefined }), (main, expectations) => {
        const statistics = { main, ...(expectations && { expect: expectations }) };
        expect(parseSyncStatistics(renderStatisticsPage(statistics))).to.deep.equal(statistics);
      }),
    );
    const shown = network.filter(({ link }) => /^[ -~]*$/.test(link.device ?? ''));
    reads(shown, (page) => renderStatisticsPage({ network: page }), parseNetworkPage);
    reads(cachePage, (page) => renderStatisticsPage({ cache: page }), parseCachePage);
    reads(runtime, (page) => renderStatisticsPage({ runtime: page }), parseRuntimePage);
    reads(queuePage, (page) => renderStatisticsPage({ queue: page }), parseQueuePage);
    reads(resendQueue, (page) => renderStatisticsPage({ rsqueue: page }), parseResendQueue);
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

  /** The parser of each of the nine pages, and the parts without which a page may be that of another daemon. */
  const NINE: [page: string, parse: (text: string) => object, known: RegExp, unnoticed?: RegExp][] = [
    ['main', parseTableStatistics, /^traffic processed/m],
    ['expect', (text) => parseTableStatistics(text, '-s expect'), /^traffic processed/m],
    ['captured tables', parseSyncStatistics, /^traffic processed/m],
    ['network', parseNetworkPage, /^network statistics/m],
    ['cache', parseCachePage, /active objects/],
    ['runtime', parseRuntimePage, /^daemon uptime/],
    ['link', parseLinks, / traffic device=/, / role=BACKUP:\n(?:.*\n){3}$/],
    ['queue', parseQueuePage, /^allocated queue/, /^queue rsqueue:\n(?:.*\n){3}$/],
    ['rsqueue', parseResendQueue, /^resent queue/],
    ['process', parseProcessPage, /^PID=/, /^PID=.*\n$/],
  ];

  for (const [page, parse, kind, unnoticed] of NINE) {
    it(`never takes the ${page} page for whole where a line, or a block, is left out`, () => {
      const chosen = capturedPages.filter((text) => kind.test(text) && parsed(parse, text) !== undefined);
      expect(chosen).to.not.have.length(0);
      for (const text of chosen) {
        const whole = parse(text);
        const blocks = text.match(/(?:.+\n)+\n?/g) ?? [];
        const lines = text.match(/.*\n/g) ?? [];
        for (const parts of [lines, blocks]) {
          for (const [i, part] of parts.entries()) {
            if (unnoticed?.test(part.replace(/\n\n$/, '\n'))) continue;
            const rest = parts.filter((_, other) => other !== i).join('');
            const read = parsed(parse, rest);
            if (read !== undefined && rest !== '') expect(read, `without ${part} of ${text}`).to.deep.equal(whole);
          }
        }
      }
    });

    it(`never takes the ${page} page for whole where something stands before its first line`, () => {
      const chosen = capturedPages.filter((text) => kind.test(text) && parsed(parse, text) !== undefined);
      fc.assert(
        fc.property(
          fc.constantFrom(...chosen),
          fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
          (text, put) => {
            const read = parsed(parse, `${put}${text}`) ?? parse(text);
            expect(withoutExtra(read)).to.deep.equal(withoutExtra(parse(text)));
          },
        ),
      );
    });
  }

  const noise = fc.string({ minLength: 1, maxLength: 60 }).filter((line) => line.trim() !== '');

  it('keeps unknown lines, wherever they stand, and changes nothing for them', () => {
    const kinds: [RegExp, (text: string) => { extra?: string[] }][] = [
      [/traffic processed/, parseTableStatistics],
      [/traffic device=/, parseLinks],
      [/daemon uptime/, parseRuntime],
      [/daemon uptime/, parseRuntimePage],
      [/network statistics/, parseNetworkPage],
      [/active objects/, parseCachePage],
      [/allocated queue nodes/, parseQueuePage],
      [/resent queue/, parseResendQueue],
      [/^PID=/, parseProcessPage],
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

/** The same without the unknown lines of any page in it. */
function withoutExtra(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExtra);
  if (typeof value !== 'object' || value === null) return value;
  const known = Object.entries(value).filter(([key]) => key !== 'extra');
  return Object.fromEntries(known.map(([key, of]) => [key, withoutExtra(of)]));
}
