import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { SyncStatus } from '../../src/model/sync-status.js';
import type { FailureReport } from '../../src/model/failure.js';
import { waitFor } from '../lab/wait.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, sentences } from '../support/failures.js';
import { Sandbox, sandboxUnavailable, without } from '../support/sandbox.js';
import { flows, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const TABLE = ['show', 'conntrack', 'table', 'ipv4'];
const RUNS = 'conntrack -L -f ipv4 -o extended,id';
/** The real conntrack by the name that is looked for first, so that something can happen to it. */
const INSTEAD = { PATH: '/mnt/bin:/usr/sbin:/usr/bin' };

const RUNTIME = `daemon uptime: 5 min

runtime stats:
	child process failed:	0
		child process segfault:	0
		child process termsig:	0
`;
const LINK = `multicast traffic device=eth0 status=RUNNING role=ACTIVE:
                   0 Bytes sent                    0 Bytes recv
                   0 Pckts sent                    0 Pckts recv
                   0 Error send                    0 Error recv
`;

describe('contract: tools that are missing, break or hang', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(500));
  });
  after(() => sandbox?.stop());

  /** Puts shell lines in the place of conntrack; `"$@"` are its arguments. */
  const insteadOfConntrack = (lines: string) =>
    sandbox.sh(`mkdir -p /mnt/bin; echo '#!/bin/bash\n${lines}' > /mnt/bin/conntrack; chmod +x /mnt/bin/conntrack`);

  for (const [tool, command] of [
    ['conntrack', 'show conntrack table ipv4'],
    ['conntrack', 'show conntrack table ipv6'],
    ['conntrack', 'show conntrack dying'],
    ['conntrack', 'show conntrack expect'],
    ['conntrackd', 'show conntrack-sync cache internal'],
    ['conntrackd', 'show conntrack-sync cache external'],
    ['conntrackd', 'show conntrack-sync statistics'],
  ] as const) {
    it(`${command}: ${tool} is not installed`, () =>
      expectFailure((...flags) => sandbox.ctsync([...command.split(' '), ...flags], { first: without(tool) }), {
        code: 'TOOL_MISSING',
        message: `${tool} is not installed, or not on the search path.`,
        next: `Install it with the package ${tool} (Debian and Ubuntu: apt install ${tool}).`,
      }));
  }

  it('finds the tools where the PATH of a user lacks the folders of the administrator', async () => {
    const { code, stderr } = await sandbox.ctsync(TABLE, { env: { PATH: '/usr/bin:/bin' } });
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
  });

  it('show conntrack-sync status: ip and conntrackd are not installed', async () => {
    const first = without('ip') + without('conntrackd').replaceAll('/mnt/without', '/mnt/without-too');
    const { stdout, stderr, code } = await sandbox.ctsync(['show', 'conntrack-sync', 'status'], { first });
    expect(stdout).to.match(/^daemon +: conntrackd is not installed, or not on the search path$/m);
    expect(stdout).to.match(/^installed version +: conntrackd unknown \[conntrackd is not installed, /m);
    expect(stdout).to.match(/^links +: unknown \[not asked, see daemon\]$/m);
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 4 });
  });

  it('show conntrack-sync status: ip says nothing and ends well', async () => {
    const conf = 'General {\n UNIX {\n Path /mnt/nosuch.sock\n }\n}\nSync {\n}\n';
    await sandbox.sh(`mkdir -p /mnt/odd; printf '#!/bin/sh\\n' > /mnt/odd/ip
      printf '#!/bin/sh\\ncat /mnt/odd/page"$4"' > /mnt/odd/conntrackd; chmod +x /mnt/odd/*
      cat > /mnt/odd/conf << 'END'\n${conf}END
      cat > /mnt/odd/pageruntime << 'END'\n${RUNTIME}END
      cat > /mnt/odd/pagelink << 'END'\n${LINK}END`);
    const args = ['show', 'conntrack-sync', 'status', '--daemon-config', '/mnt/odd/conf'];
    const env = { PATH: '/mnt/odd:/usr/sbin:/usr/bin' };
    const { stdout, code } = await sandbox.ctsync(args, { env });
    expect(stdout).to.match(/^role +: unknown \[The answer of `ip -j addr` can't be understood: it is no JSON\]$/m);
    expect(stdout).to.match(/^link eth0 +: RUNNING, ACTIVE \[multicast\]$/m);
    expect(code).to.equal(4);
    const document = documentOf((await sandbox.ctsync([...args, '--json'], { env })).stdout);
    expect((document['status'] as SyncStatus).unavailable).to.deep.include({
      part: 'role',
      reason: "The answer of `ip -j addr` can't be understood: it is no JSON",
      code: 'BAD_ANSWER',
      next: 'Run `ip -j addr` by hand; ctsync needs an iproute2 that prints JSON (4.14 or newer).',
    });
  });

  describe('conntrackd answers with a part of a page, or not at all', () => {
    const CONF = 'General {\n UNIX {\n Path /mnt/nosuch.sock\n }\n}\nSync {\n Options {\n ExpectationSync On\n }\n}\n';
    const GENERAL = fileURLToPath(new URL('../../examples/pair/r1/status/s.txt', import.meta.url));
    const env = { PATH: '/mnt/part:/usr/sbin:/usr/bin' };
    const ask = (command: string, ...flags: string[]) =>
      sandbox.ctsync(['show', 'conntrack-sync', ...command.split(' '), '--daemon-config', '/mnt/part/conf', ...flags], {
        env,
      });
    /** What conntrackd says for `-s`, `-s runtime` and so on; lines of the shell. */
    const answering = (cases: string) =>
      sandbox.sh(`mkdir -p /mnt/part; cat > /mnt/part/conf << 'END'\n${CONF}END
        cat > /mnt/part/conntrackd << 'END'
#!/bin/bash
main() { cat ${GENERAL}; }
case "\${*:3}" in ${cases} esac
END
        chmod +x /mnt/part/conntrackd`);

    it('a cache is not judged by counters that are not there', async () => {
      await answering(`'-s') main;; '-s runtime') printf 'daemon uptime: 5 min\\n';;`);
      const { stdout, stderr, code } = await ask('cache internal', '--json');
      expect(documentOf(stdout).error?.message).to.equal(
        'The page of `conntrackd -s runtime` is not whole: counters are missing.',
      );
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 1 });
    });

    it('the statistics of the flows stand where those of the expectations can not be had', async () => {
      await answering(`'-s') main;; '-s expect') kill -SEGV $$;;`);
      const { stdout, stderr, code } = await ask('statistics');
      expect(stdout)
        .to.match(/^Main Table Statistics:\n\ncache internal:\n/)
        .and.to.not.include('Expect');
      expect(stderr).to.match(/^Error: conntrackd .* -s expect was ended by signal SIGSEGV\. \[TOOL_CRASHED\]\n/);
      expect(stderr).to.not.include('netlink');
      expect(code).to.equal(4);
      expect(documentOf((await ask('statistics', '--json')).stdout).complete).to.equal(false);
    });

    it('says that the daemon does not synchronise the expectations that its configuration names', async () => {
      await answering(`'-s') main;;`);
      const { stderr, code } = await ask('statistics');
      expect(stderr).to.equal(
        'Warning: /mnt/part/conf has ExpectationSync on, but the daemon that runs was started without it: restart it to synchronise expectations.\n',
      );
      expect(code).to.equal(0);
    });
  });

  describe('conntrack prints a line that is no flow', () => {
    const message = `${RUNS} printed 1 line that is no flow, and not shown.`;
    before(() => insteadOfConntrack('echo junk; exec /usr/sbin/conntrack "$@"'));

    for (const format of ['table', 'csv', 'ndjson'])
      it(`as ${format}: it may have been one, so this is not all`, async () => {
        const { stderr, code } = await sandbox.ctsync([...TABLE, '--format', format], { env: INSTEAD });
        expect(stderr).to.include(message).and.to.include('[BAD_ANSWER]');
        expect(code).to.equal(4);
      });

    it('so nobody knows whether a flow exists', async () => {
      const { stdout, code } = await sandbox.ctsync([...TABLE, '--exists', '--filter', 'timeout gt 9d'], {
        env: INSTEAD,
      });
      expect({ stdout, code }).to.deep.equal({ stdout: 'unknown\n', code: 4 });
    });
  });

  it('what is not counted can not be selected by: that is said', async () => {
    await sandbox.sh('sysctl -q net.netfilter.nf_conntrack_acct=0 net.netfilter.nf_conntrack_timestamp=0');
    const { stdout, stderr } = await sandbox.ctsync([...TABLE, '--filter', 'bytes gt 1 or age gt 1s', '--count']);
    expect(stdout).to.equal('0\n');
    expect(stderr).to.equal(
      'Warning: Bytes and packets are not counted: accounting is off. sysctl net.netfilter.nf_conntrack_acct=1 switches it on for new flows.\n' +
        'Warning: The age of flows is not known: timestamps are off. sysctl net.netfilter.nf_conntrack_timestamp=1 switches them on for new flows.\n',
    );
  });

  it('does not take a folder for a tool', async () => {
    await sandbox.sh('mkdir -p /mnt/folder/conntrack');
    const { stderr, code } = await sandbox.ctsync(TABLE, {
      as: 'operator',
      env: { PATH: '/mnt/folder:/usr/sbin:/usr/bin' },
    });
    expect(stderr).to.match(/ ALL=\(root\) NOPASSWD: \/usr\/sbin\/conntrack -L /);
    expect(code).to.equal(1);
  });

  it('an older conntrack does not know an argument: all flows are read, and the answer is the same', async () => {
    const complaint = 'conntrack v1.4.4 (conntrack-tools): Bad parameter';
    await insteadOfConntrack(`case " $* " in *" -u "*) echo "${complaint}" >&2; exit 2;; esac
      exec /usr/sbin/conntrack "$@"`);
    const [ours, kept] = await Promise.all(
      [['--assured'], ['--filter', 'assured or id 1']].map((flags) =>
        sandbox.ctsync([...TABLE, ...flags, '--count'], { env: INSTEAD }),
      ),
    );
    expect(Number(ours!.stdout)).to.be.greaterThan(0);
    expect(ours).to.deep.equal(kept);
    expect(ours).to.include({ stderr: '', code: 0 });
  });

  it('conntrack dies of a segmentation fault where the kernel offers no netlink', async () => {
    const inject = '-e trace=socket -e inject=socket:error=EPROTONOSUPPORT';
    await insteadOfConntrack(`exec strace -f -qq -o /dev/null ${inject} /usr/sbin/conntrack "$@"`);
    await expectFailure((...flags) => sandbox.ctsync([...TABLE, ...flags], { env: INSTEAD }), {
      code: 'TOOL_CRASHED',
      message: `${RUNS} was ended by signal SIGSEGV.`,
      tool_says: "Can't open handler",
      next: 'conntrack 1.4.7 does that where the kernel offers it no netlink; conntrack-tools 1.4.8 says why instead.',
    });
  });

  it('conntrack refuses its arguments', async () => {
    await insteadOfConntrack('exec /usr/sbin/conntrack -L -f nosuch');
    await expectFailure((...flags) => sandbox.ctsync([...TABLE, ...flags], { env: INSTEAD }), {
      code: 'TOOL_FAILED',
      message: `${RUNS} failed with exit code 2.`,
      tool_says: "`nosuch' unsupported protocol",
      next: 'Run that command by hand to see all that it says.',
    });
  });

  describe('a dump that the kernel breaks off', () => {
    const failure: FailureReport = {
      code: 'TOOL_FAILED',
      message: `${RUNS} failed with exit code 1.`,
      tool_says: 'Operation failed: No buffer space available',
      next: 'Run that command by hand to see all that it says.',
    };
    before(() =>
      insteadOfConntrack(
        `exec strace -f -qq -o /dev/null -e trace=recvmsg -e inject=recvmsg:error=ENOBUFS:when=5+ /usr/sbin/conntrack "$@"`,
      ),
    );

    it('is shown as far as it came, and said to be incomplete', async () => {
      const { stdout, stderr, code } = await sandbox.ctsync(TABLE, { env: INSTEAD });
      const [, rows] = /\n(\d+) flows, INCOMPLETE \(about [\d,]+ in the table, \d+\.\d s\)\.\n$/.exec(stdout) ?? [];
      expect(Number(rows)).to.be.greaterThan(0).and.lessThan(500);
      expect(stdout.match(/^\d+ +10\.0\.\d+\.\d+:4000 /gm)).to.have.length(Number(rows));
      expect(stderr).to.equal(sentences(failure));
      expect(code).to.equal(4);
    });

    it('is a closed document with the error in it', async () => {
      const { stdout, stderr, code } = await sandbox.ctsync([...TABLE, '--json'], { env: INSTEAD });
      const { complete, error, flows: shown, summary } = documentOf(stdout);
      expect({ complete, error }).to.deep.equal({ complete: false, error: failure });
      expect(shown).to.have.length(summary?.shown ?? 0);
      expect(stderr).to.equal(sentences(failure));
      expect(code).to.equal(4);
    });
  });

  it('conntrack says nothing and does not end: our deadline ends it', async () => {
    await insteadOfConntrack('kill -STOP $$');
    await expectFailure((...flags) => sandbox.ctsync([...TABLE, '--timeout', '0.5', ...flags], { env: INSTEAD }), {
      code: 'TIMEOUT',
      message: `${RUNS} said nothing for 0.5 s and was ended.`,
      next: 'If the machine is only slow, allow more with --timeout SECONDS.',
    });
    await waitFor(async () => (await sandbox.processes('conntrack')).length === 0);
  });
});
