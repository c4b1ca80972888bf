import { expect } from 'chai';
import type {
  ConntrackStatisticsDocument,
  ExpectationsDocument,
  FlowCountDocument,
  FlowTableDocument,
} from '../../src/model/documents.js';
import { parseExpectationLine } from '../../src/parsers/expectation-line.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, sentences } from '../support/failures.js';
import { EXPECTATIONS } from '../support/expected-flows.js';
import { printExpectation } from '../support/expectation-line.js';
import { Sandbox, sandboxUnavailable, type SandboxOptions, without } from '../support/sandbox.js';
import { configured, DAEMON, flows, STARTED } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const NOT_LOADED =
  'Connection tracking is not loaded in this kernel, so there is nothing to show. A NAT or stateful firewall rule loads it.';
/** More than a stopped listener's socket takes in events. */
const FLOWS = 20_000;
/** conntrackd asks for reliable events, as Debian's configuration does. */
const RELIABLE = `sed -i 's/NetlinkBufferSize .*/NetlinkBufferSize 65536\\nNetlinkEventsReliable On/' ${DAEMON.conf}`;

describe('contract: the other views of the kernel, live', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(`${EXPECTATIONS}\n${configured()}\n${RELIABLE}\n${STARTED}`);
  });
  after(() => sandbox?.stop());

  async function document<T>(view: string, options: SandboxOptions = {}): Promise<T> {
    const { stdout, stderr, code } = await sandbox.ctsync(['show', 'conntrack', view, '--json'], options);
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    return documentOf(stdout) as unknown as T;
  }

  describe('expect', () => {
    it('shows the expectations of both families, each as conntrack prints it', async () => {
      const printed = await sandbox.sh('for f in ipv4 ipv6; do conntrack -L expect -f $f 2> /dev/null; done');
      const { expectations, summary, complete } = await document<ExpectationsDocument>('expect');
      const withoutTimeout = (line: string): string => line.replace(/^\d+ /, '');
      expect(expectations.map((expectation) => withoutTimeout(printExpectation(expectation)))).to.deep.equal(
        printed.trim().split('\n').map(withoutTimeout),
      );
      expect(expectations.map(({ family, helper }) => [family, helper])).to.deep.equal([
        ['ipv4', 'ftp'],
        ['ipv6', 'ftp'],
      ]);
      expect(complete).to.equal(true);
      expect(summary).to.include({ shown: 2, unreadable: 0 });
      expect(summary.elapsed_ms).to.be.a('number');
      expect(printed.trim().split('\n').map(parseExpectationLine)).to.not.include(undefined);
    });

    it('as a table', async () => {
      const { stdout, stderr, code } = await sandbox.ctsync(['show', 'conntrack', 'expect']);
      expect(stdout).to.match(
        /^SOURCE .*\n127\.0\.0\.1:any +127\.0\.0\.1:50000 +tcp \[6\] +\d+ +ftp +127\.0\.0\.1:\d+ +127\.0\.0\.1:21\n\[::1\]:any +\[::1\]:50001 .*\n\n2 expectations, complete \(\d+\.\d s\)\.\n$/,
      );
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    });

    it('says that there are none', async () => {
      const outcome = await sandbox.ctsync(['show', 'conntrack', 'expect'], { alone: true });
      expect(outcome).to.include({ stdout: 'No expectations.\n', stderr: '', code: 0 });
    });
  });

  describe('count', () => {
    it('is that of conntrack, with the limits', async () => {
      const values = await sandbox.sh(
        'conntrack -C; cd /proc/sys/net/netfilter; cat nf_conntrack_{max,buckets,expect_max}',
      );
      const [flows, limit, buckets, expectLimit] = values.split('\n').map(Number);
      const { count, complete } = await document<FlowCountDocument>('count');
      expect(count).to.deep.equal({
        ...{ flows, limit, used: flows! / limit!, buckets },
        expected: { expectations: 2, limit: expectLimit },
      });
      expect(complete).to.equal(true);
    });

    it('runs no tool at all, and looks at no flow', async () => {
      const under = ['strace', '-f', '-qq', '-o', '/mnt/trace', '-e', 'trace=execve,socket'];
      await sandbox.ctsync(['show', 'conntrack', 'count'], { under });
      const calls = await sandbox.sh('cat /mnt/trace');
      expect(calls.match(/execve\(/g)).to.have.length(1);
      expect(calls).to.not.include('NETLINK_NETFILTER');
    });

    it('says where the file is closed to it', async () => {
      const first = 'touch /mnt/x; chmod 0 /mnt/x; mount --bind /mnt/x /proc/sys/net/netfilter/nf_conntrack_count';
      const { code, stderr } = await sandbox.ctsync(['show', 'conntrack', 'count'], { first, as: 'operator' });
      expect(stderr).to.match(
        /^Error: \/proc\/sys\/net\/netfilter\/nf_conntrack_count is not readable for this user\. \[PERMISSION_DENIED\]/,
      );
      expect(code).to.equal(1);
    });
  });

  describe('statistics', () => {
    it('are those of conntrack, by name, with those of the expectations', async () => {
      const printed = await sandbox.sh('conntrack -S; conntrack -S expect');
      const { statistics, complete } = await document<ConntrackStatisticsDocument>('statistics');
      expect({ complete, from: statistics.read_from }).to.deep.equal({ complete: true, from: 'netlink' });
      expect(statistics.total.expect_create).to.be.at.least(2);
      for (const line of printed.trim().split('\n')) {
        const [, cpu] = /^cpu=(\d+)/.exec(line)!;
        const counters = statistics.cpus.find((known) => known.cpu === Number(cpu))!.counters;
        const words = line
          .replace(/^cpu=\d+\s+/, '')
          .trim()
          .split(' ');
        for (const word of words) {
          const [name, figure] = word.split('=');
          expect(counters, word).to.have.property(name!, Number(figure));
        }
      }
    });

    for (const [who, options] of [
      ['an ordinary user', { as: 'operator' }],
      ['a host without conntrack', { first: without('conntrack') }],
    ] as const) {
      it(`are the same for ${who}, from /proc`, async () => {
        const { statistics: netlink } = await document<ConntrackStatisticsDocument>('statistics');
        const { statistics, complete } = await document<ConntrackStatisticsDocument>('statistics', options);
        expect({ complete, from: statistics.read_from }).to.deep.equal({ complete: true, from: 'proc' });
        expect(statistics.total).to.deep.include(netlink.total);
        expect(statistics.entries).to.be.a('number');
      });
    }

    it('name the tool where neither it nor /proc is there', async () => {
      const first = `${without('conntrack')}\nmount -t tmpfs -o mode=755 none "/proc/$$/net"`;
      const { stderr, code } = await sandbox.ctsync(['show', 'conntrack', 'statistics'], { first });
      expect(stderr).to.match(/^Error: conntrack is not installed, or not on the search path\. \[TOOL_MISSING\]/);
      expect(code).to.equal(1);
    });
  });

  describe('where conntrack breaks', () => {
    /** The real conntrack by the name that is looked for first, so that something can happen to it. */
    const env = { PATH: '/mnt/bin:/usr/sbin:/usr/bin' };
    const insteadOfConntrack = (lines: string) =>
      sandbox.sh(`mkdir -p /mnt/bin; echo '#!/bin/bash\n${lines}' > /mnt/bin/conntrack; chmod +x /mnt/bin/conntrack`);
    const silent = (command: string) =>
      sentences({
        code: 'TIMEOUT',
        message: `${command} said nothing for 0.5 s and was ended.`,
        next: 'If the machine is only slow, allow more with --timeout SECONDS.',
      });

    it('shows the expectations of the family that came, and that this is not all', async () => {
      await insteadOfConntrack('[[ "$*" == *ipv6* ]] && kill -STOP $$; exec /usr/sbin/conntrack "$@"');
      const command = ['show', 'conntrack', 'expect', '--timeout', '0.5'];
      const { stdout, stderr, code } = await sandbox.ctsync(command, { env });
      expect(stdout).to.match(/\n127\.0\.0\.1:any .*\n\n1 expectation, INCOMPLETE \(\d+\.\d s\)\.\n$/);
      expect(stderr).to.equal(silent('conntrack -L expect -f ipv6'));
      expect(code).to.equal(4);
      const asJson = await sandbox.ctsync([...command, '--json'], { env });
      const { complete, summary } = documentOf(asJson.stdout);
      expect(complete).to.equal(false);
      expect(summary).to.include({ shown: 1, unreadable: 0 });
      expect(asJson.code).to.equal(4);
    });

    it('has no answer where the expectations that conntrack counted did not come', async () => {
      await insteadOfConntrack('/usr/sbin/conntrack "$@" > /dev/null');
      await expectFailure((...flags) => sandbox.ctsync(['show', 'conntrack', 'expect', ...flags], { env }), {
        code: 'DUMP_INCOMPLETE',
        message: 'conntrack -L expect -f ipv4 gave 0 expectations, but a summary of 1 expectations.',
        next: 'Run it again; if it happens every time, run that command by hand and compare.',
      });
    });

    it('says how many lines were none', async () => {
      await insteadOfConntrack('echo hello; /usr/sbin/conntrack "$@" 2> /dev/null');
      const { stderr, code } = await sandbox.ctsync(['show', 'conntrack', 'expect'], { env });
      expect(stderr).to.match(
        /^Error: .* gave 1 expectations and 1 lines that are none, but no summary\. \[DUMP_INCOMPLETE\]/,
      );
      expect(code).to.equal(4);
    });

    it('reads the counters from /proc where conntrack dies for want of netlink', async () => {
      const inject = '-e trace=socket -e inject=socket:error=EPROTONOSUPPORT';
      await insteadOfConntrack(`exec strace -f -qq -o /dev/null ${inject} /usr/sbin/conntrack "$@"`);
      expect((await document<ConntrackStatisticsDocument>('statistics', { env })).statistics.read_from).to.equal(
        'proc',
      );
    });

    it('shows the counters without those of the expectations, and that this is not all', async () => {
      await insteadOfConntrack('[[ "$*" == *expect* ]] && kill -STOP $$; exec /usr/sbin/conntrack "$@"');
      const command = ['show', 'conntrack', 'statistics', '--timeout', '0.5'];
      const { stdout, stderr, code } = await sandbox.ctsync(command, { env });
      expect(stdout)
        .to.match(/\ninvalid /)
        .and.not.include('expect_create');
      expect(stderr).to.equal(silent('conntrack -S expect'));
      expect(code).to.equal(4);
    });
  });

  for (const [view, page] of [
    ['expect', 'No expectations.\n'],
    ['count', 'flows        : 0\n'],
    ['statistics', 'No counters.\n'],
    ['dying', 'No dying flows.\n'],
  ] as const) {
    it(`${view}: conntrack is not run where connection tracking is not loaded, and that is said`, async () => {
      const first = 'mount -t tmpfs none /proc/sys/net/netfilter';
      const under = ['strace', '-f', '-qq', '-o', '/mnt/trace', '-e', 'trace=execve'];
      const { stdout, stderr, code } = await sandbox.ctsync(['show', 'conntrack', view], { first, under });
      expect(stdout.startsWith(page), stdout).to.equal(true);
      expect({ stderr, code }).to.deep.equal({ stderr: `Warning: ${NOT_LOADED}\n`, code: 0 });
      expect(await sandbox.sh('cat /mnt/trace')).to.not.match(/execve\("[^"]*(?:conntrack|nft|sudo)"/);
      const asJson = await sandbox.ctsync(['show', 'conntrack', view, '--json'], { first });
      expect(documentOf(asJson.stdout)).to.deep.include({
        complete: true,
        tracking: 'not_loaded',
        notes: [NOT_LOADED],
      });
    });
  }

  describe('dying', () => {
    it('is mostly empty, and says why', async () => {
      const { stdout, stderr, code } = await sandbox.ctsync(['show', 'conntrack', 'dying']);
      expect(stdout).to.match(/^No dying flows\.\n\nA flow that has ended .*\n.*\.\n$/);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
      const { table, flows, tracking } = await document<FlowTableDocument>('dying');
      expect({ table, flows, tracking }).to.deep.equal({ table: 'dying', flows: [], tracking: undefined });
    });

    it('has the flows whose end a listener that wants to know each has not taken', async () => {
      await sandbox.sh(`kill -STOP $(cat /mnt/conntrackd.pid); ${flows(FLOWS)}`);
      try {
        await sandbox.sh('conntrack -D -p udp > /dev/null 2>&1');
        const { table, flows: dying, complete, summary } = await document<FlowTableDocument>('dying');
        expect({ table, complete, unreadable: summary.unreadable }).to.deep.equal({
          ...{ table: 'dying', complete: true, unreadable: 0 },
        });
        expect(dying).to.have.length.above(100);
        expect(new Set(dying.map(({ protocol }) => protocol.name))).to.deep.equal(new Set(['udp']));
        const { stdout } = await sandbox.ctsync(['show', 'conntrack', 'dying', '--wide']);
        expect(stdout).to.match(
          /^CONN ID .*\n\d+ +10\.\d+\.\d+\.\d+:4000 +192\.0\.2\.1:53 [^]*\n\n[\d,]+ flows, complete \(.* s\)\.\n$/,
        );
      } finally {
        await sandbox.sh('kill -CONT $(cat /mnt/conntrackd.pid)');
      }
    });
  });
});
