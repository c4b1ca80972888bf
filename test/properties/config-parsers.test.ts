import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import type { FailureCode } from '../../src/model/failure.js';
import type { KeepalivedStatement } from '../../src/model/keepalived-conf.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { parseFailoverState } from '../../src/parsers/failover-state.js';
import { parseIpAddresses } from '../../src/parsers/ip-addresses.js';
import { conntrackSyncGroups, parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';
import {
  parseBootTime,
  parseProcessStat,
  parseToolVersion,
  parseUnixSockets,
  startTime,
} from '../../src/parsers/process-status.js';
import { iptablesTracks, nftTracks } from '../../src/parsers/ruleset.js';
import { mutated } from '../parsers/conntrackd-conf.mutations.js';

const FIXTURES = new URL('../fixtures/', import.meta.url);

function fixtures(folder: string): string[] {
  const url = new URL(`${folder}/`, FIXTURES);
  const files = readdirSync(url, { withFileTypes: true }).filter((each) => each.isFile());
  return files.map(({ name }) => readFileSync(new URL(name, url), 'utf8'));
}

interface Subject {
  name: string;
  parse: (text: string) => unknown;
  codes: FailureCode[];
  seeds: string[];
}

const IP_ADDRESSES = JSON.stringify([
  {
    ifname: 'eth0',
    addr_info: [
      { family: 'inet', local: '10.0.0.1', prefixlen: 24, scope: 'global' },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link' },
    ],
  },
]);
const IPTABLES = '*nat\n:INPUT ACCEPT [0:0]\n-A INPUT -m comment --comment "x y" -j SNAT --to 1.2.3.4\nCOMMIT\n';
const UNIX = `Num       RefCount Protocol Flags    Type St Inode Path\n${'0000: 00000002 00000000 00010000 0001 01 7 /x\n'.repeat(3)}`;

const SUBJECTS: Subject[] = [
  {
    name: 'parseConntrackdConf',
    parse: (text) => parseConntrackdConf(text, 'c.conf'),
    codes: ['CONFIG_INVALID'],
    seeds: fixtures('conntrackd-1.4.7/conf'),
  },
  {
    name: 'parseKeepalivedConf',
    parse: (text) => {
      const surroundings = {
        configId: 'r1',
        readIncluded: (pattern: string) => [{ file: pattern.slice(0, 3), text: text.slice(text.length / 2) }],
      };
      return conntrackSyncGroups(parseKeepalivedConf(text, 'k.conf', surroundings));
    },
    codes: ['CONFIG_INVALID'],
    seeds: fixtures('keepalived-2.2.7'),
  },
  {
    name: 'parseFailoverState',
    parse: (text) => parseFailoverState(text, 'failover-state'),
    codes: ['BAD_ANSWER'],
    seeds: ['MASTER at 2026-11-22T13:28:00.123Z\n', 'BACKUP at Fri Dec 24 10:34:36 UTC 2021\n'],
  },
  { name: 'parseIpAddresses', parse: parseIpAddresses, codes: ['BAD_ANSWER'], seeds: [IP_ADDRESSES] },
  { name: 'nftTracks', parse: nftTracks, codes: ['BAD_ANSWER'], seeds: fixtures('nft-1.0.6') },
  {
    name: 'iptablesTracks',
    parse: (text) => iptablesTracks(text, 'iptables-save'),
    codes: ['BAD_ANSWER'],
    seeds: [IPTABLES],
  },
  {
    name: 'parseProcessStat',
    parse: (text) => startTime(parseProcessStat(text), 0),
    codes: ['BAD_ANSWER'],
    seeds: ['613 (conntrackd) S 1 613 613 0 -1 1077936448 281 0 0 0 8 9 0 0 -100 0 1 0 302264 3133440 390\n'],
  },
  { name: 'parseBootTime', parse: parseBootTime, codes: ['BAD_ANSWER'], seeds: ['cpu  1 2\nbtime 1795418812\n'] },
  { name: 'parseUnixSockets', parse: parseUnixSockets, codes: ['BAD_ANSWER'], seeds: [UNIX] },
  { name: 'parseToolVersion', parse: parseToolVersion, codes: [], seeds: ['conntrack v1.4.7 (conntrack-tools)\n'] },
];

/** Holds that the parser answers, or refuses with one of its codes and a sentence. */
function expectSensible({ parse, codes }: Subject, text: string): void {
  try {
    parse(text);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(codes).to.include(error.code);
    expect(error.message).to.match(/\.$/);
    expect(error.message).to.have.length.below(300);
    expect(error.message).not.to.match(/\p{Cc}/u);
  }
}

// A megabyte of the same keeps a parser busy for hours that looks again and again at what it has seen.
const MEGABYTE = 1e6;
const BITS = [
  ...['a', '9f', '"', "'", '(', '{', '[', ' ', '#', '$A ', '${', '/', ':', '\\', '1.2.', 'a::', ') R 1', '\u0000', 'é'],
  ...['\n', 'Sync {', '-A "', '0 ', '~', '@^r1 ', 'include a\n', '$A=$A\n', '*f\n'],
];

describe('the parsers of configurations and small answers', () => {
  for (const subject of SUBJECTS) {
    describe(subject.name, () => {
      it('reads or refuses any text', () => {
        const anything = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.json());
        fc.assert(fc.property(anything, (text) => expectSensible(subject, text)));
      });

      it('reads or refuses damaged answers', () => {
        fc.assert(
          fc.property(mutated(subject.seeds), (text) => expectSensible(subject, text)),
          { numRuns: 300 },
        );
      });

      it('reads or refuses a megabyte of the same', function () {
        this.timeout(120_000);
        for (const bit of BITS) {
          const text = bit.repeat(MEGABYTE / bit.length);
          expectSensible(subject, text);
          expectSensible(subject, `${subject.seeds[0]}${text}`);
        }
      });
    });
  }
});

describe('parseConntrackdConf, for any configuration', () => {
  const number = fc.nat({ max: 2 ** 31 });
  const conf = fc.record({
    hash_size: number,
    log_file: fc.oneof(fc.boolean(), fc.constantFrom('/var/log/c.log', '/x/#y')),
    unix_path: fc.stringMatching(/^\/[a-z#{}]{0,106}$/),
    mode: fc.constantFrom('ftfw', 'notrack'),
    commit_timeout: number,
    startup_resync: fc.boolean(),
    interfaces: fc.array(fc.stringMatching(/^g[A-Za-z0-9._-]{0,15}$/), { minLength: 1, maxLength: 4 }),
    port: number,
    address: fc.oneof(
      fc.ipV4(),
      fc.ipV6().filter((text) => !text.includes('.')),
    ),
  });
  // Whatever conntrackd takes for a blank; a path reaches over all of it but the space and the line end.
  const bits = fc.constantFrom(' ', '\t', '\n', '\r\n', '# } é "\n', '#\n');
  const blank = fc.array(bits, { maxLength: 4 }).map((each) => ` ${each.join('')}`);
  const onOff = (value: boolean): string => (value ? 'yes' : 'Off');

  it('reads what was written, whatever stands between the words', () => {
    fc.assert(
      fc.property(conf, fc.array(blank, { minLength: 1 }), (given, blanks) => {
        const isIpv6 = given.address.includes(':');
        const link = `IPv${isIpv6 ? 6 : 4}_address ${given.address} Port ${given.port}`;
        const logFile = typeof given.log_file === 'string' ? given.log_file : onOff(given.log_file);
        const words = [
          `General { HashSize ${given.hash_size} UNIX { Path ${given.unix_path} } LogFile ${logFile} } Sync {`,
          `Mode ${given.mode} { CommitTimeout ${given.commit_timeout} StartupResync ${onOff(given.startup_resync)} }`,
          ...given.interfaces.map((name) => `UDP { Interface ${name} ${link} }`),
          '}',
        ].flatMap((line) => line.split(' '));
        const text = words.map((word, index) => `${word}${blanks[index % blanks.length]}`).join('');
        const { mode, commit_timeout, startup_resync, interfaces, hash_size, log_file, unix_path } = given;
        expect(parseConntrackdConf(text, 'c.conf')).to.deep.equal({
          general: { hash_size, log_file, unix_path },
          sync: {
            mode,
            commit_timeout,
            startup_resync,
            links: interfaces.map((name) => ({
              transport: 'udp',
              default: false,
              interface: name,
              address: given.address,
              port: given.port,
            })),
          },
          warnings: [],
        });
      }),
    );
  });
});

describe('parseKeepalivedConf, for any configuration', () => {
  const word = fc.oneof(fc.stringMatching(/^[A-Za-z0-9_.:/-]{1,12}$/), fc.string({ minLength: 1, maxLength: 12 }));
  const { statements } = fc.letrec<{ statements: Written[] }>((tie) => ({
    statements: fc.array(
      fc.record(
        {
          keyword: fc.stringMatching(/^k[a-z_]{1,12}$/),
          values: fc.array(word, { maxLength: 3 }),
          block: tie('statements'),
        },
        { requiredKeys: ['keyword', 'values'] },
      ),
      { maxLength: 4 },
    ),
  }));

  it('reads what was written, quoted, indented and commented', () => {
    fc.assert(
      fc.property(statements, fc.boolean(), (given, nextLine) => {
        const conf = parseKeepalivedConf(written(given, nextLine), 'k.conf');
        expect(conf.warnings).to.deep.equal([]);
        expect(withoutPlaces(conf.statements)).to.deep.equal(given);
      }),
    );
  });
});

interface Written {
  keyword: string;
  values: string[];
  block?: Written[];
}

/** The statements as keepalived would be given them; the brace of a block in the same line, or in the next. */
function written(statements: Written[], braceInNextLine: boolean): string {
  return statements
    .map(({ keyword, values, block }) => {
      const line = [keyword, ...values.map(quoted)].join(' ');
      if (block === undefined) return `  ${line} # a { comment\n`;
      return `${line}${braceInNextLine ? '!\n' : ' '}{\n${written(block, braceInNextLine)}}\n`;
    })
    .join('');
}

// A line break can't stand in a word but as an escape.
function quoted(word: string): string {
  return `"${word.replaceAll(/["\\]/g, '\\$&').replaceAll('$', '\\x24').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}

function withoutPlaces(statements: KeepalivedStatement[]): Written[] {
  return statements.map(({ keyword, values, block }) =>
    block === undefined ? { keyword, values } : { keyword, values, block: withoutPlaces(block) },
  );
}

describe('the other parsers, for any value', () => {
  const instant = fc.date({ min: new Date('0001-01-02'), max: new Date('9999-12-30'), noInvalidDate: true });

  it('parseFailoverState gives back the instant that was recorded, in whatever offset', () => {
    fc.assert(
      fc.property(instant, fc.integer({ min: -14 * 60, max: 14 * 60 }), (date, offset) => {
        const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
        const hours = String(Math.trunc(Math.abs(offset) / 60)).padStart(2, '0');
        const minutes = String(Math.abs(offset) % 60).padStart(2, '0');
        const text = `${local}${offset < 0 ? '-' : '+'}${hours}:${minutes}`;
        expect(parseFailoverState(`FAULT at ${text}\n`, 'f')).to.deep.equal({
          state: 'FAULT',
          at: date.toISOString(),
          at_text: text,
        });
      }),
    );
  });

  it('parseFailoverState gives no instant where the zone is missing', () => {
    fc.assert(
      fc.property(instant, (date) => {
        const text = date.toISOString().slice(0, -1);
        expect(parseFailoverState(`FAULT at ${text}\n`, 'f')).to.deep.equal({ state: 'FAULT', at_text: text });
      }),
    );
  });

  it('parseProcessStat reads any name', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 15 }), fc.nat(), (name, start) => {
        const text = `7 (${name}) S${' 1'.repeat(18)} ${start} 1 1\n`;
        expect(parseProcessStat(text)).to.deep.equal({ pid: 7, name, state: 'S', start_ticks: start });
      }),
    );
  });

  it('nftTracks finds a translation wherever it stands in a rule, and nothing else', () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/).map((name) => `x${name}`);
    const json = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value), prefixed) as unknown);
    fc.assert(
      fc.property(fc.array(json), key, fc.nat({ max: 20 }), (before, name, depth) => {
        const ruleset = (expr: unknown): string => JSON.stringify({ nftables: [{ rule: { expr } }] });
        expect(nftTracks(ruleset(before))).to.equal(false);
        let nested: unknown = { snat: null };
        for (let level = 0; level < depth; level += 1) nested = level % 2 ? [1, nested] : { [name]: nested };
        expect(nftTracks(ruleset([...before, nested]))).to.equal(true);
      }),
    );
  });
});

/** The value with an x before each of its keys, so that none of them is a word of nft. */
function prefixed(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [`x${key}`, inner as unknown]));
}
