import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { parseProtocols } from '../../src/parsers/protocols.js';
import { parseTableStatistics } from '../../src/parsers/statistics.js';
import { type Admission, eventJudge } from '../../src/sync/event-filter.js';
import { skipFor } from '../support/skip.js';
import { labUnavailable } from './available.js';
import { madeFlows } from './made-flows.js';
import { must } from './run.js';

const FLOWS = 2000;

/** Filters of every part, policy and family; prefixes that do not end with a byte; names that conntrackd does not find. */
const FILTERS: readonly string[] = [
  '',
  'Protocol Accept { TCP SCTP UDP ICMP IPv6-ICMP }',
  'Protocol Ignore { UDP icmp GRE nosuch }',
  'Protocol Accept { TCP } Protocol Ignore { UDP }',
  'Protocol Accept { icmpv6 Tcp OSPFIGP esp DCCP UDPLite }',
  'Protocol Accept { }',
  'Address Ignore { IPv4_address 10.0.0.1 IPv6_address fd00::1 IPv4_address 127.0.0.1 }',
  'Address Accept { IPv4_address 10.0.0.1 IPv6_address ::ffff:a00:1 }',
  'Address Accept { IPv4_address 10.0.0.77/9 }',
  'Address Accept { IPv6_address fd00::/33 IPv4_address 192.0.2.128/25 }',
  'Address Ignore { IPv6_address 2001:db8::/33 IPv6_address fd00::2/127 }',
  'Address Ignore { IPv6_address fd00:0:0:1::/63 IPv4_address 128.0.0.0/1 IPv4_address 1.2.3.4/30 }',
  'Address Accept { IPv6_address 64:ff9b::/96 IPv6_address ::/0 }',
  'Address Ignore { IPv4_address 0.0.0.0/0 }',
  'Address Accept { }',
  'State Accept { ESTABLISHED CLOSED TIME_WAIT CLOSE_WAIT for TCP }',
  'State Ignore { SYN_SENT SYN_RECV LISTEN for TCP }',
  'State Accept { for TCP }',
  'Protocol Accept { TCP UDP } Address Ignore { IPv4_address 10.0.0.0/8 } State Accept { ESTABLISHED LAST_ACK for TCP }',
  'Protocol Ignore { SCTP } Address Accept { IPv4_address 10.0.0.2 IPv4_address 192.0.2.0/24 IPv6_address fd00::/16 } State Ignore { FIN_WAIT CLOSE for TCP }',
];

describe('the filter of a live conntrackd', function () {
  this.timeout(90_000);
  let folder: string | undefined;
  let tables: Buffer[] = [];
  let protocols: ReadonlyMap<string, number>;
  const read = (name: string): Promise<Buffer> => readFile(join(folder!, name));

  before(async function () {
    skipFor(this, labUnavailable());
    folder = await mkdtemp(join(tmpdir(), 'ctsync-filter-'));
    await writeFile(join(folder, 'flows'), `${distinct(madeFlows(FLOWS)).join('\n')}\n`);
    for (const [i, filter] of FILTERS.entries()) await writeFile(join(folder, `${i}.conf`), confWith(filter, folder));
    // One namespace for all: it is gone with the shell, and nothing of it reaches the machine.
    await must(['unshare', '--net', 'bash', '-e', '-s'], { input: script(folder), seconds: 80 });
    tables = [await read('ipv4'), await read('ipv6')];
    protocols = parseProtocols(await readFile('/etc/protocols', 'latin1'));
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('is tried on a table of every kind of flow', () => {
    const flows = linesOf(Buffer.concat(tables), () => 'yes');
    expect(flows.length).to.be.greaterThan(1500);
  });

  FILTERS.forEach((filter, i) => {
    it(`lets in the flows that we say it does: ${filter === '' ? 'none' : filter}`, async () => {
      const { general } = parseConntrackdConf(confWith(filter, folder!), 'conntrackd.conf');
      const expected = linesOf(Buffer.concat(tables), eventJudge(general.filter, protocols));
      expect(linesOf(await read(`${i}.cache`), () => 'yes')).to.deep.equal(expected);
      // The counter is the number of the lines, and costs no dump.
      const { caches } = parseTableStatistics((await read(`${i}.statistics`)).toString());
      expect(caches.find(({ name }) => name === 'internal')?.active).to.equal(expected.length);
    });
  });
});

/** The flows that are let in, by what both dumps have of them, in order. */
function linesOf(dump: Buffer, judge: (row: Parameters<ReturnType<typeof eventJudge>>[0]) => Admission): string[] {
  const parser = new FlowDumpParser((row) => judge(row) === 'yes');
  const lines = parser.push(dump).map((row) =>
    row
      .text(row.line)
      .replace(/^ipv[46] +\d+ /, '')
      .replace(/^(\S+ +\d+) \d+/, '$1')
      .replace(/ (?:zone-orig|zone-reply|zone|use|id|mark|delta-time)=\d+| \[active since -?\d+s\]/g, '')
      .trim(),
  );
  parser.end();
  expect(parser.tally).to.include({ unreadable: 0, cut: false });
  return lines.sort();
}

/**
 * Only one flow of each original tuple: those that differ by their zone alone are one object in the cache. What `conntrack`
 * makes of DCCP has no ports.
 */
function distinct(flows: readonly string[]): string[] {
  const known = new Map<string, string>();
  for (const flow of flows) {
    const [, addresses, protocol] = /(-s \S+ -d \S+).* (-p .*)/.exec(flow)!;
    const tuple = protocol!.startsWith('-p dccp') ? '-p dccp' : protocol!.replace(/ --(reply|state|orig).*/, '');
    known.set(`${addresses} ${tuple}`, flow);
  }
  return [...known.values()];
}

function confWith(filter: string, folder: string): string {
  return `Sync {
  Mode FTFW {
  }
  UDP {
    IPv4_address 192.168.77.1
    IPv4_Destination_Address 192.168.77.2
    Port 3780
    Interface sync0
  }
}
General {
  HashSize 1024
  HashLimit 65536
  LogFile ${folder}/log
  LockFile ${folder}/lock
  UNIX {
    Path ${folder}/socket
  }
  ${filter === '' ? '' : `Filter From Userspace { ${filter} }`}
}
`;
}

/** The daemon reads the whole table when it is started. What it says to its peer, who is not there, is not tracked. */
function script(folder: string): string {
  return `
ip link add sync0 type veth peer name sync1
ip addr add 192.168.77.1/24 dev sync0
ip link set sync0 up
ip link set sync1 up
nft 'add table inet lab; add chain inet lab c { type filter hook output priority -300; }; add rule inet lab c udp dport 3780 notrack; add rule inet lab c ct state new accept'
conntrack -R ${folder}/flows
for family in ipv4 ipv6; do conntrack -L -f $family -o extended > ${folder}/$family 2>> ${folder}/errors; done
for i in $(seq 0 ${FILTERS.length - 1}); do
  ask() { conntrackd -C ${folder}/$i.conf "$@" 2>> ${folder}/errors; }
  conntrackd -C ${folder}/$i.conf -d > ${folder}/out 2>&1
  ask -i > ${folder}/$i.cache
  ask -s > ${folder}/$i.statistics
  ask -k
  for _ in $(seq 100); do [ -e ${folder}/lock ] || break; sleep 0.05; done
done
`;
}
