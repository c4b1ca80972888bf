import { expect } from 'chai';
import type { TableStatistics } from '../../src/model/statistics.js';
import { parseSyncStatistics, parseTableStatistics } from '../../src/parsers/statistics.js';
import { renderStatisticsPage } from '../../src/renderers/statistics-page.js';
import { readArchive } from '../support/archive.js';
import { printStatistics } from '../support/conntrackd-pages.js';

/** The page of the documentation, as it stands there. */
const DOCUMENTATION = `Main Table Statistics:

cache internal:
current active connections:            19606
connections created:                 6298470    failed:            0
connections updated:                 3786793    failed:            0
connections destroyed:               6278864    failed:            0

cache external:
current active connections:            15771
connections created:                 1660193    failed:            0
connections updated:                   77204    failed:            0
connections destroyed:               1644422    failed:            0

traffic processed:
                   0 Bytes                         0 Pckts

multicast traffic (active device=eth0.5):
           976826240 Bytes sent            212898000 Bytes recv
             8302333 Pckts sent              2009929 Pckts recv
                   0 Error send                    0 Error recv

message tracking:
                   0 Malformed msgs                  263 Lost msgs
`;

const documented: TableStatistics = {
  caches: [
    {
      name: 'internal',
      kind: 'cache',
      active: 19606,
      created: { total: 6298470, failed: 0 },
      updated: { total: 3786793, failed: 0 },
      destroyed: { total: 6278864, failed: 0 },
    },
    {
      name: 'external',
      kind: 'cache',
      active: 15771,
      created: { total: 1660193, failed: 0 },
      updated: { total: 77204, failed: 0 },
      destroyed: { total: 1644422, failed: 0 },
    },
  ],
  traffic_processed: { bytes: 0, packets: 0 },
  link: {
    transport: 'multicast',
    device: 'eth0.5',
    sent: { bytes: 976826240, packets: 8302333, errors: 0 },
    received: { bytes: 212898000, packets: 2009929, errors: 0 },
  },
  messages: { malformed: 0, lost: 263 },
};

/** conntrackd's own page as it looks on a terminal. */
function withTabsAsSpaces(page: string): string {
  const spread = (line: string): string => {
    const [first = '', ...rest] = line.split('\t');
    return rest.reduce((shown, part) => shown + ' '.repeat(8 - (shown.length % 8)) + part, first);
  };
  return page.split('\n').map(spread).join('\n');
}

describe('renderers/statistics-page', () => {
  it('is the page of the documentation, character for character', () => {
    expect(renderStatisticsPage({ main: documented })).to.equal(DOCUMENTATION);
  });

  it('is the page of the documentation from what conntrackd printed for it', () => {
    const main = parseTableStatistics(printStatistics(documented));
    expect(main).to.deep.equal(documented);
    expect(renderStatisticsPage({ main })).to.equal(DOCUMENTATION);
  });

  it('has the expectations below, in the same form', () => {
    const page = renderStatisticsPage({ main: documented, expect: documented });
    expect(page).to.equal(`${DOCUMENTATION}\n${DOCUMENTATION.replace('Main', 'Expect')}`);
  });

  const captures = readArchive(new URL('../fixtures/conntrackd-1.4.7/statistics.archive', import.meta.url));
  for (const [name, bytes] of captures) {
    const text = bytes.toString('latin1');
    if (text === '') continue;
    it(`shows ${name} in the daemon's words and columns`, () => {
      const page = renderStatisticsPage({ main: parseTableStatistics(text) });
      expect(`${page}\n`).to.equal(`Main Table Statistics:\n\n${withTabsAsSpaces(text)}`);
    });
  }

  it('has a line for each figure where there are rates, and none beside a size', () => {
    const rates = {
      main: {
        caches: [
          { name: 'internal', created: { total: 12345.6, failed: 0 }, updated: {}, destroyed: { total: 0.004 } },
        ],
        messages: { malformed: 0, lost: 1.5 },
      },
    };
    const page = renderStatisticsPage({ main: documented }, { interval: { seconds: 2.001 }, rates });
    expect(page.split('\n').slice(0, 11)).to.deep.equal([
      'Per second, between two readings that are 2.001 s apart.',
      '',
      'Main Table Statistics:',
      '',
      'cache internal:',
      'current active connections:                            19606',
      'connections created:                                 6298470      12.3 k/s',
      'connections created, failed:                               0           0/s',
      'connections updated:                                 3786793             -',
      'connections updated, failed:                               0             -',
      'connections destroyed:                               6278864       <0.01/s',
    ]);
    expect(page)
      .to.match(/^Bytes sent: +976826240 +-$/m)
      .and.to.match(/^Lost msgs: +263 +1\.5\/s$/m);
    expect(page.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('says why a page is empty, and of all pages which could not be had', () => {
    const empty = { rsqueue: 'only in FTFW mode' };
    expect(renderStatisticsPage({ empty })).to.equal('empty: only in FTFW mode\n');
    const all = renderStatisticsPage({ main: documented, process: { children: [] }, empty }, { all: true });
    expect(all.startsWith(DOCUMENTATION)).to.equal(true);
    expect(all).to.contain('\nQueue Statistics:\n\nnot available\n');
    expect(
      all.endsWith('\nResend Queue:\n\nempty: only in FTFW mode\n\nChild Processes:\n\nno child at the moment\n'),
    ).to.equal(true);
  });

  it('keeps counters of any width apart from their neighbours', () => {
    const most = 2n ** 64n - 1n;
    const operations = { total: most, failed: most };
    const traffic = { bytes: most, packets: most, errors: most };
    const main: TableStatistics = {
      caches: [
        {
          name: 'internal',
          kind: 'bypass',
          created: { total: most },
          updated: { total: most },
          destroyed: { total: 1 },
        },
        {
          name: 'external',
          kind: 'cache',
          active: most,
          created: operations,
          updated: operations,
          destroyed: operations,
        },
      ],
      traffic_processed: { bytes: most, packets: most },
      link: {
        transport: 'tcp',
        device: 'eth1',
        server: 'connected',
        client: 'disconnected',
        sent: traffic,
        received: traffic,
      },
      messages: { malformed: most, lost: most },
    };
    const page = renderStatisticsPage({ main });
    expect(page.match(/(?<![\w])18446744073709551615(?!\w)/g)).to.have.length(19);
    expect(page).to.contain('TCP traffic (active device=eth1) server=connected client=disconnected:\n');
    expect(parseSyncStatistics(page)).to.deep.equal({ main });
  });

  it('escapes what the daemon prints for a deleted interface, and lines that nobody knows', () => {
    const main = parseTableStatistics(
      `${printStatistics(documented).replace('eth0.5', '\u0005\u001b[2J')}odd \u0007\n`,
    );
    const page = renderStatisticsPage({ main });
    expect(page).to.contain('multicast traffic (active device=\\x05\\x1b[2J):\n');
    expect(page.endsWith('\nother lines of the page:\n  odd \\x07\n')).to.equal(true);
    expect(page).to.match(/^[\n -~]+$/);
  });

  it('has an empty name where the daemon prints none', () => {
    const { link, ...rest } = documented;
    const nameless = { transport: 'multicast', sent: link?.sent, received: link?.received } as typeof link;
    expect(renderStatisticsPage({ main: { ...rest, link: nameless as NonNullable<typeof link> } })).to.contain(
      'multicast traffic (active device=):\n',
    );
  });
});
