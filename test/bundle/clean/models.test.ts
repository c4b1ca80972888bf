import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { Failure } from '../../../src/model/failure.js';
import { flowOf } from '../../../src/model/flow-row.js';
import { parseConntrackStatistics } from '../../../src/parsers/conntrack-statistics.js';
import { parseConntrackdConf } from '../../../src/parsers/conntrackd-conf.js';
import { DaemonLogParser } from '../../../src/parsers/daemon-log.js';
import { LogClock } from '../../../src/parsers/daemon-log/log-clock.js';
import { parseExpectationDump } from '../../../src/parsers/expectation-dump.js';
import { FlowDumpParser } from '../../../src/parsers/flow-dump.js';
import { parseIpAddresses } from '../../../src/parsers/ip-addresses.js';
import { parseKeepalivedConf } from '../../../src/parsers/keepalived-conf.js';
import { parseLinks } from '../../../src/parsers/links.js';
import { nftTracks } from '../../../src/parsers/ruleset.js';
import { parseRuntimePage } from '../../../src/parsers/runtime.js';
import { parseSyncStatistics, parseTableStatistics } from '../../../src/parsers/statistics.js';
import { TimeZone } from '../../../src/parsers/time-zone.js';
import { parseUdpSockets } from '../../../src/parsers/udp-sockets.js';
import { readArchive } from '../../support/archive.js';
import { KEY, cleaned } from './cleaned.js';
import { TextCleaner } from '../../../src/bundle/clean/text-cleaner.js';

const FIXTURES = new URL('../../fixtures/', import.meta.url);

type Parse = (text: string) => unknown;

function members(archive: string): [string, string][] {
  return [...readArchive(new URL(`${archive}.archive`, FIXTURES))].map(([name, bytes]) => [
    `${archive} ${name}`,
    bytes.toString('latin1'),
  ]);
}

function files(folder: string): [string, string][] {
  const url = new URL(`${folder}/`, FIXTURES);
  const found = readdirSync(url, { withFileTypes: true }).filter((each) => each.isFile());
  return found.map(({ name }) => [`${folder} ${name}`, readFileSync(new URL(name, url), 'latin1')]);
}

function flows(text: string): unknown {
  const parser = new FlowDumpParser();
  const rows = parser.push(Buffer.from(text, 'latin1')).map(flowOf);
  parser.end();
  const { rows: count, unreadable, cut } = parser.tally;
  return { rows, count, unreadable, cut };
}

function log(text: string): unknown {
  const parser = new DaemonLogParser(new LogClock(TimeZone.named('UTC')));
  return [...parser.push(Buffer.from(text, 'latin1')), ...parser.end()];
}

// In the other one addresses are put together from definitions: those are not replaced (docs/cleaning.md).
const keepalived = files('keepalived-2.2.7').filter(([name]) => name.endsWith('pair.conf'));

const SUBJECTS: [name: string, parse: Parse, texts: [string, string][]][] = [
  [
    'flows',
    flows,
    ['1.4.4', '1.4.6', '1.4.7', '1.4.9']
      .flatMap((version) => members(`conntrack-${version}/flow-tables`))
      .concat(members('conntrackd-1.4.7/flow-caches')),
  ],
  [
    'expectations',
    parseExpectationDump,
    [...members('conntrack-1.4.7/expectations'), ...members('conntrackd-1.4.7/expectation-caches')],
  ],
  ["the kernel's counters", parseConntrackStatistics, members('conntrack-1.4.7/statistics')],
  ['statistics', parseSyncStatistics, members('conntrackd-1.4.7/statistics')],
  ['a table', parseTableStatistics, members('conntrackd-1.4.7/statistics')],
  ['links', parseLinks, members('conntrackd-1.4.7/links')],
  ['the runtime page', parseRuntimePage, members('conntrackd-1.4.7/runtime')],
  ['logs', log, members('conntrackd-1.4.7/logs')],
  ['conntrackd.conf', (text) => parseConntrackdConf(text, 'c.conf'), files('conntrackd-1.4.7/conf')],
  ['keepalived.conf', (text) => parseKeepalivedConf(text, 'k.conf'), keepalived],
  ['nft', nftTracks, files('nft-1.0.6')],
  [
    'ip -j addr',
    (text) => parseIpAddresses(text).addresses,
    [
      [
        'two',
        JSON.stringify([
          {
            ifname: 'eth0',
            address: '52:54:00:12:34:56',
            addr_info: [
              { family: 'inet', local: '10.0.0.1', prefixlen: 24, broadcast: '10.0.0.255', scope: 'global' },
              { family: 'inet6', local: 'fe80::5054:ff:fe12:3456', prefixlen: 64, scope: 'link' },
            ],
          },
        ]),
      ],
    ],
  ],
];

/** What a parser makes of a text; the code of its failure where it refuses it. */
function read(parse: Parse, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof Failure) return error.code;
    throw error;
  }
}

describe('what is read from cleaned texts', () => {
  for (const [name, parse, texts] of SUBJECTS) {
    it(`${name}: the same, but for the addresses`, () => {
      expect(texts).not.to.have.length(0);
      for (const [from, text] of texts) {
        const original = JSON.stringify(read(parse, text), withDigits);
        const clean = JSON.stringify(read(parse, cleaned(text)), withDigits);
        expect(JSON.parse(clean), from).to.deep.equal(JSON.parse(cleaned(original)));
      }
    });
  }

  it('sockets: the same, but for the addresses', () => {
    const text = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  613: 3200005B:0EC4 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 22511 2 0000000000000000 7
  614: 04030C5B:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 22512 2 0000000000000000 0
`;
    const [first, second] = parseUdpSockets(text);
    const sockets = parseUdpSockets(cleaned(text));
    expect(sockets).to.deep.equal([
      { ...first, address: cleaned(first!.address) },
      { ...second, address: cleaned(second!.address) },
    ]);
  });

  it('the real names of hosts and users are replaced and nothing else is read otherwise', () => {
    const cleaner = new TextCleaner({ key: KEY, hosts: ['r1', 'r2'], users: ['ops'] });
    for (const [from, text] of members('conntrackd-1.4.7/statistics')) {
      expect(cleaner.cleanText(Buffer.from(text, 'latin1')).toString('latin1'), from).to.equal(cleaned(text));
    }
  });
});

function withDigits(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}` : value;
}
