import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { type Outcome, run } from '../lab/run.js';
import { readArchive } from '../support/archive.js';
import { commandLine, ctsync, fixture, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { capturedReport, packed, reportIn } from '../support/sos-report.js';

const TABLE = 'sos_commands/conntrack/conntrack_-L_-o_extended';
const FLOWS = 29;

/** Commands that a report answers, with the exit code. */
const ANSWERED: readonly (readonly [string, number])[] = [
  ['show conntrack table', 0],
  ['show conntrack table ipv4', 0],
  ['show conntrack table ipv6', 0],
  ['show conntrack table --filter tcp --sort=-bytes --limit 2', 0],
  ['show conntrack table --count', 0],
  ['show conntrack top --by src', 0],
  ['show conntrack statistics', 0],
  ['show conntrack count', 0],
  ['show conntrack-sync statistics', 0],
  ['show conntrack-sync statistics network', 0],
  ['show conntrack-sync statistics rsqueue', 0],
  ['show conntrack-sync statistics --all', 4],
  ['show conntrack-sync status', 0],
  ['check conntrack-sync', 0],
  ['check conntrack', 0],
];

/** Commands whose answer sos does not ask for. */
const NOT_HELD = [
  'show conntrack-sync cache internal',
  'show conntrack-sync cache external',
  'show conntrack-sync statistics process',
  'show conntrack expect',
  'show conntrack dying',
  'show log conntrack-sync',
  'show conntrack-sync history',
];

describe('contract: a report of sos in the place of its host', () => {
  let folder: string;
  let report: string;
  const from = (path: string, command: string, ...more: string[]): Promise<Outcome> =>
    ctsync([...command.split(' '), '--from', path, ...more]);
  const json = async (path: string, command: string, ...more: string[]) => {
    const { stdout, code } = await from(path, command, '--json', ...more);
    return { code, document: documentOf(stdout) };
  };

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-sos-'));
    const { files, links } = capturedReport('sos-4.9.1');
    report = reportIn(folder, files, links);
    // A real one has what is never to be opened.
    spawnSync('mkfifo', [join(report, 'sos_commands/conntrack/conntrackd_-s_fifo')]);
    symlinkSync('/etc/passwd', join(report, 'sos_commands/host/outside'));
  });
  after(() => rmSync(folder, { recursive: true }));

  /** A report of its own, with other files. */
  const altered = (files: Record<string, Buffer | string | undefined>, more: Record<string, string> = {}): string => {
    const captured = capturedReport('sos-4.9.1');
    for (const [path, content] of Object.entries(files)) {
      if (content === undefined) captured.files.delete(path);
      else captured.files.set(path, Buffer.from(content));
    }
    const links = new Map([...captured.links, ...Object.entries(more)]);
    return reportIn(mkdtempSync(join(folder, 'altered-')), captured.files, links);
  };

  for (const [command, code] of ANSWERED) {
    it(`answers "${command}", with host and time of the report`, async () => {
      const page = await from(report, command);
      expect(page.code, page.stderr).to.equal(code);
      const { document } = await json(report, command);
      expect(document).to.include({ host: 'r1', collected_at: '2026-11-26T07:06:33.000Z', source: 'bundle' });
    });
  }

  for (const command of NOT_HELD) {
    it(`says that it does not hold what "${command}" shows`, async () => {
      const { stdout, stderr, code } = await from(report, command);
      expect({ stdout, code }).to.deep.equal({ stdout: '', code: 1 });
      expect(stderr).to.match(
        /^Error: .* (?:does not hold .*|is not in the sos report)\. \[NOT_IN_BUNDLE\]\n {2}next: /,
      );
      const { document } = await json(report, command);
      expect(document.error).to.have.property('code', 'NOT_IN_BUNDLE');
    });
  }

  it('does not take flows whose labels nobody asked for as flows without labels', async () => {
    const { stdout, stderr, code } = await from(report, 'show conntrack table --count', '--filter', 'label web');
    expect({ stdout, code }).to.deep.equal({ stdout: '', code: 1 });
    expect(stderr).to.match(/does not hold the labels of flows\. \[NOT_IN_BUNDLE\]/);
  });

  it('is read from its folder, and from archives of every packing', async () => {
    const told = (document: object) => JSON.stringify({ ...document, summary: undefined });
    const { document: unpacked } = await json(report, 'show conntrack table');
    for (const ending of ['tar', 'tar.gz', 'tar.xz'] as const) {
      const { code, document } = await json(packed(report, ending), 'show conntrack table');
      expect(code, ending).to.equal(0);
      expect(told(document), ending).to.equal(told(unpacked));
      const counters = await from(`${report}.${ending}`, 'show conntrack count');
      expect(counters.stdout, ending).to.include('expectations : 0 of 4096');
    }
  });

  it('shows both families, whole, with the summary in the middle of a row', async () => {
    expect(capturedReport('sos-4.9.1').files.get(TABLE)!.toString()).to.match(/\S+conntrack v1\.4\.7/);
    const { document } = await json(report, 'show conntrack table');
    expect(document).to.have.property('complete', true);
    expect(document.flows).to.have.length(FLOWS);
    expect(document.summary).to.include({ shown: FLOWS, scanned: FLOWS, unreadable: 0 });
    const { document: ipv6 } = await json(report, 'show conntrack table ipv6');
    expect(ipv6.flows).to.have.length(5);
    expect(ipv6).to.have.property('complete', true);
  });

  it('has one sample: it tells no rate, and nothing that two would tell', async () => {
    const { document } = await json(report, 'show conntrack-sync status');
    const health = document['health'] as { verdict: string; sampled_seconds?: number; not_checked: { name: string }[] };
    expect(health).not.to.have.property('sampled_seconds');
    expect(health.verdict).to.equal('ok');
    expect(health.not_checked.map(({ name }) => name)).to.include.members(['peer-silent', 'messages-lost']);
    const { stderr, code } = await from(report, 'show conntrack-sync statistics', '--interval', '2');
    expect(code).to.equal(2);
    expect(stderr).to.match(/^Error: --interval compares two readings of this host, and a capture is one\. \[USAGE\]/);
    const check = await from(report, 'check conntrack', '-w', 'drop_per_second=1');
    expect(check.code).to.equal(3);
    expect(check.stdout).to.include('read once');
  });

  it('names what it does not hold, and guesses nothing of it', async () => {
    const { stdout, code } = await from(report, 'show conntrack-sync status');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^role {18}: unknown \[.* does not hold what ip -j addr says\]$/m);
    expect(stdout).to.match(/^last state transition : unknown \[.* is not in the sos report\]$/m);
    const { stdout: metrics } = await from(report, 'export prometheus');
    expect(metrics)
      .to.match(/^nf_conntrack_entries 29$/m)
      .and.to.match(/^conntrackd_up 1$/m);
    expect(metrics).not.to.match(/^ctsync_role/m);
  });

  it('has the network namespaces of its host as nodes', async () => {
    const table = await json(report, 'show conntrack table', '--node', 'lab-r2');
    expect(table.document).to.include({ complete: true, host: 'r1' });
    expect(table.document.flows).to.have.length(7);
    const empty = await json(report, 'show conntrack table', '--node', 'lab-client');
    expect(empty.document).to.include({ complete: true, tracking: 'unknown' });
    expect((await from(report, 'show conntrack count', '--node', 'lab-r2')).stdout).to.match(/^flows {8}: 7 of /);
    const wrong = await from(report, 'show conntrack table', '--node', 'nosuch');
    expect(wrong.code).to.equal(2);
    expect(wrong.stderr).to.include('It holds r1, lab-client and lab-r2.');
  });

  it('says nothing of conntrackd where sos has not asked it', async () => {
    for (const command of ['check conntrack-sync', 'show conntrack-sync status']) {
      const { stdout, code } = await from(report, command, '--node', 'lab-r2');
      expect(stdout, command).to.match(/UNKNOWN.* says nothing of conntrackd\./);
      expect(code).to.equal(command.startsWith('check') ? 3 : 0);
    }
    const { stdout } = await from(report, 'export prometheus', '--node', 'lab-r2');
    expect(stdout).not.to.match(/^conntrackd_up/m);
    expect(stdout).to.match(/^ctsync_check_status\{check="conntrack-sync"\} 3$/m);
  });

  it('tells of a conntrackd that could not be reached', async () => {
    const down = altered(Object.fromEntries(readArchive(fixture('sos-4.9.1/no-daemon.archive'))));
    const { stderr, code } = await from(down, 'show conntrack-sync statistics');
    expect(code).to.equal(1);
    expect(stderr)
      .to.match(/^Error: conntrackd could not be reached when .* was made\. \[DAEMON_UNREACHABLE\]\n/)
      .and.to.include("can't connect: is conntrackd running?");
    expect((await from(down, 'check conntrack-sync')).code).to.equal(2);
    expect((await from(down, 'show conntrack-sync status')).code).to.equal(4);
  });

  it('that sos has cut is no whole table', async () => {
    const text = capturedReport('sos-4.9.1').files.get(TABLE)!.toString('latin1');
    const tailed = `sos_strings/conntrack/conntrack_-L_-o_extended.tailed`;
    const cut = altered({ [TABLE]: undefined, [tailed]: text.slice(1000) }, { [TABLE]: `../../${tailed}` });
    for (const path of [cut, packed(cut, 'tar.gz')]) {
      const { code, document } = await json(path, 'show conntrack table');
      expect(code).to.equal(4);
      expect(document).to.have.property('complete', false);
      expect(document.error).to.have.property('code', 'DUMP_INCOMPLETE');
      expect(document.summary).to.have.property('unreadable', 0);
      expect(document.flows).to.have.length.within(20, FLOWS - 1);
    }
  });

  it('of sos 4.0 has the table in the words of the kernel, which do not say whether it is whole', async () => {
    const { files, links } = capturedReport('sos-4.0');
    const old = reportIn(mkdtempSync(join(folder, 'old-')), files, links);
    const { code, document } = await json(old, 'show conntrack table');
    expect(code).to.equal(0);
    expect(document).not.to.have.property('complete');
    expect(document.flows).to.have.length(FLOWS);
    expect((await from(old, 'show conntrack-sync statistics')).code).to.equal(0);
    expect((await from(old, 'show conntrack statistics')).stdout).to.include('Read from /proc/net/stat/nf_conntrack.');
  });

  it('says neither that connection tracking is not loaded nor a time where files are missing', async () => {
    const bare = altered({
      [TABLE]: undefined,
      'sos_commands/kernel/sysctl_-a': undefined,
      'sos_commands/conntrack/conntrack_-S': undefined,
      'sos_commands/date/date': undefined,
      'sos_commands/date/date_--utc': undefined,
      'proc/13549/net/nf_conntrack': undefined,
    });
    for (const command of [
      'show conntrack table',
      'show conntrack count',
      'show conntrack statistics',
      'check conntrack',
    ]) {
      const { stdout, stderr, code } = await from(bare, command);
      expect(code, command).to.equal(command.startsWith('check') ? 3 : 1);
      expect(stdout + stderr, command).not.to.include('not loaded');
    }
    const { document, code } = await json(bare, 'show conntrack-sync status');
    expect(code).to.equal(0);
    expect(document).not.to.have.property('collected_at');
  });

  describe('that means harm', () => {
    it('shows nothing from outside, from the folder as from the archive', async () => {
      const secret = join(folder, 'secret');
      writeFileSync(
        secret,
        'ipv4     2 udp      17 1 src=6.6.6.6 dst=1.1.1.1 sport=1 dport=1 src=1.1.1.1 dst=6.6.6.6 sport=1 dport=1 use=1\n',
      );
      for (const target of [secret, `../../../../${secret}`, '../../../secret', 'conntrack_-L_-o_extended']) {
        const root = altered({ [TABLE]: undefined, 'proc/13549/net/nf_conntrack': undefined }, { [TABLE]: target });
        for (const path of [root, packed(root, 'tar')]) {
          const { stdout, code } = await from(path, 'show conntrack table');
          expect({ stdout, code }, target).to.deep.equal({ stdout: '', code: 1 });
        }
      }
    });

    it('waits for no FIFO in the place of an answer', async () => {
      const root = altered({ [TABLE]: undefined, 'proc/13549/net/nf_conntrack': undefined });
      spawnSync('mkfifo', [join(root, TABLE)]);
      for (const path of [root, packed(root, 'tar.gz')]) {
        expect((await from(path, 'show conntrack table')).code).to.equal(1);
      }
    });

    it('is refused where its archive is cut off or damaged', async () => {
      for (const ending of ['tar', 'tar.gz', 'tar.xz'] as const) {
        const root = altered({});
        const archive = packed(root, ending);
        truncateSync(archive, Math.floor(readFileSync(archive).length / 2));
        const { stderr, code } = await from(archive, 'show conntrack table');
        expect(code, ending).to.equal(1);
        expect(stderr, ending).to.match(/^Error: The (?:sos report|bundle) .* is refused: .*\. \[BAD_CAPTURE\]\n/);
      }
    });

    it('is refused where it unpacks to far more than its size', async () => {
      const root = altered({});
      writeFileSync(join(root, 'zeros'), '');
      truncateSync(join(root, 'zeros'), 100 * 1024 * 1024);
      for (const ending of ['tar.gz', 'tar.xz'] as const) {
        const { stderr, code } = await from(packed(root, ending), 'show conntrack table');
        expect(code, ending).to.equal(1);
        expect(stderr, ending).to.match(/is refused: it unpacks to more than 200 times its size/);
      }
    });

    it('has its control characters escaped', async () => {
      const root = altered({ 'sos_commands/host/hostname': 'r1\x1b[31m\n' });
      const { stdout } = await from(root, 'show conntrack table', '--node', 'x');
      expect(stdout).not.to.include('\x1b');
      expect((await from(root, 'show conntrack table', '--node', 'x')).stderr).not.to.include('\x1b');
    });
  });

  for (const ending of ['tar', 'tar.gz', 'tar.xz'] as const) {
    it(`comes through stdin, too, as ${ending}, from a file and from a pipe`, async () => {
      const archive = packed(altered({}), ending);
      const fromFile = await from(archive, 'show conntrack table ipv4', '--format', 'csv');
      for (const shell of [`"$@" < ${archive}`, `cat ${archive} | "$@"`]) {
        const words = commandLine(['show', 'conntrack', 'table', 'ipv4', '--from', '-', '--format', 'csv']);
        expect(await run(['sh', '-c', shell, 'sh', ...words], { env: NEUTRAL })).to.deep.equal(fromFile);
      }
    });
  }

  it('that is packed with xz needs the xz of the system, and says what to do without', async () => {
    const archive = packed(altered({}), 'tar.xz');
    const { stderr, code } = await withoutXz(archive);
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /is packed with xz, which is not installed here\. \[TOOL_MISSING\]\n {2}next: .*unpack the report/,
    );
  });
});

/** Where the system's xz is hidden, which needs root. */
function withoutXz(archive: string): Promise<Outcome> {
  const xz = spawnSync('sh', ['-c', 'readlink -f "$(command -v xz)"']).stdout.toString().trim();
  const hide = `mount --bind /dev/null ${xz} && exec "$@"`;
  return run(
    ['unshare', '-m', 'sh', '-c', hide, 'sh', ...commandLine(['show', 'conntrack', 'table', '--from', archive])],
    {
      env: NEUTRAL,
      cwd: dirname(archive),
    },
  );
}
