import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { MetricsDocument } from '../../src/model/documents.js';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { figureOf, readExposition } from '../support/exposition.js';
import { expectFailure, USAGE } from '../support/failures.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const FORMATS = ['prometheus', 'openmetrics'];

describe('contract: metrics of a live host', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(3) + configured());
  });
  after(() => sandbox?.stop());

  const show = (format: string, ...flags: string[]) =>
    sandbox.ctsync(['export', format, ...flags], { env: DAEMON_ENVIRONMENT });

  describe('whose daemon does not run', () => {
    for (const format of FORMATS) {
      it(`export ${format} has the rest, says what is missing, and ends with 4`, async () => {
        const { stdout, stderr, code } = await show(format);
        expect(stderr).to.match(/^Error: conntrackd is not running: .*\n {2}it says: .*\n {2}next: .*\n$/);
        expect(code).to.equal(4);
        const families = readExposition(stdout);
        expect(figureOf(families, 'conntrackd_up')).to.equal(0);
        expect(figureOf(families, 'nf_conntrack_entries')).to.be.at.least(3);
        expect(figureOf(families, 'ctsync_collector_success', { collector: 'runtime' })).to.equal(0);
        expect(figureOf(families, 'ctsync_collector_success', { collector: 'table' })).to.equal(1);
        expect(figureOf(families, 'ctsync_collector_duration_seconds', { collector: 'cache' })).to.equal(undefined);
        expect([...families.keys()].filter((name) => /^conntrackd_(?!up|info)/.test(name))).to.deep.equal([]);
      });
    }

    it('has a document that says why, of each collector', async () => {
      const { stdout, stderr, code } = await show('prometheus', '--json');
      const { collectors, error } = documentOf(stdout) as unknown as MetricsDocument;
      expect(error?.code).to.equal('DAEMON_UNREACHABLE');
      expect(collectors.find(({ collector }) => collector === 'runtime')?.error).to.deep.equal(error);
      expect(collectors.find(({ collector }) => collector === 'queue')).to.deep.equal({
        collector: 'queue',
        success: false,
      });
      expect(code).to.equal(4);
      expect(stderr).to.match(/^Error: /);
    });
  });

  describe('whose daemon runs', () => {
    before(() => sandbox.sh(STARTED));

    for (const format of FORMATS) {
      it(`export ${format} is whole, and ends with 0`, async () => {
        const { stdout, stderr, code } = await show(format, '--flows');
        expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
        const families = readExposition(stdout);
        expect(figureOf(families, 'conntrackd_up')).to.equal(1);
        expect(figureOf(families, 'nf_conntrack_flows', { protocol: 'udp', family: 'ipv4' })).to.be.at.least(3);
        expect(stdout.endsWith('\n# EOF\n')).to.equal(format === 'openmetrics');
      });
    }

    it('has a valid document', async () => {
      const { stdout, stderr, code } = await show('openmetrics', '--json');
      const document = documentOf(stdout);
      const keys = ['schema', 'host', 'collected_at', 'source', 'families', 'collectors', 'complete'];
      expect(Object.keys(document)).to.deep.equal(keys);
      expect(document).to.include({ source: 'live', complete: true });
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    });

    it('tells an ordinary user what needs no rights, and names once what is refused', async () => {
      const { stdout, stderr, code } = await sandbox.ctsync(['export', 'prometheus'], {
        as: 'operator',
        env: DAEMON_ENVIRONMENT,
      });
      expect(code).to.equal(4);
      expect(stderr.match(/^Error: .*/gm)).to.deep.equal([
        `Error: conntrackd's control socket ${DAEMON.socket} is closed to operator. [PERMISSION_DENIED]`,
        `Error: conntrackd's log ${DAEMON.log} is closed to operator. [PERMISSION_DENIED]`,
      ]);
      expect(stderr).to.include('-s runtime, ').and.to.include('-s expect\n');
      const families = readExposition(stdout);
      expect(figureOf(families, 'conntrackd_up')).to.equal(0);
      expect(figureOf(families, 'nf_conntrack_entries')).to.be.at.least(3);
      expect(figureOf(families, 'nf_conntrack_stat_drop_total', { cpu: '0' })).to.equal(0);
      expect(figureOf(families, 'nf_conntrack_expectations')).to.equal(undefined);
    });

    it("leaves out the role where keepalived's configuration can not be read", async () => {
      const { stdout, stderr, code } = await show('prometheus', '--keepalived-config', '/mnt');
      expect(stderr).to.equal(
        'Error: The failover mechanism is not known: /mnt is a folder. [CONFIG_UNREADABLE]\n' +
          '  next:    Name the file that is in use: --keepalived-config FILE.\n',
      );
      expect(code).to.equal(4);
      expect(figureOf(readExposition(stdout), 'ctsync_collector_success', { collector: 'role' })).to.equal(0);
    });

    it('leaves out the flows whose dump fails, and says so', async () => {
      const first = 'mount --bind /bin/false /usr/sbin/conntrack';
      const { stdout, stderr, code } = await sandbox.ctsync(['export', 'prometheus', '--flows'], {
        env: DAEMON_ENVIRONMENT,
        first,
      });
      expect(code).to.equal(4);
      expect(stderr).to.include('conntrack -L -f ipv4');
      const families = readExposition(stdout);
      expect(families.has('nf_conntrack_flows')).to.equal(false);
      expect(figureOf(families, 'ctsync_collector_success', { collector: 'flows' })).to.equal(0);
    });

    it('tells nothing of flows where connection tracking is not loaded, and runs no tool that would load it', async () => {
      const first = 'mount -t tmpfs tmpfs /proc/sys/net/netfilter';
      const under = ['strace', '-f', '-qq', '-o', '/mnt/trace', '-e', 'trace=execve'];
      const { stdout } = await sandbox.ctsync(['export', 'prometheus', '--flows'], {
        env: DAEMON_ENVIRONMENT,
        first,
        under,
      });
      expect(figureOf(readExposition(stdout), 'nf_conntrack_entries')).to.equal(0);
      expect(await sandbox.sh('grep -c "sbin/conntrack\\"" /mnt/trace || true')).to.equal('0\n');
    });

    it('is an error where the disk is full, and ends quietly where nobody reads', async () => {
      const line = (rest: string) =>
        sandbox.sh(`CTSYNC_DAEMON_CONFIG=${DAEMON.conf} /mnt/node /mnt/ctsync/bin/run.js export prometheus ${rest}`);
      expect(await line('2>&1 > /dev/full || echo $?')).to.match(/^Error: .*no space.*OUTPUT_FAILED\]\n.*\n1\n$/);
      expect(await line('2>&1 | head -n 1; echo ${PIPESTATUS[0]}')).to.match(/^# HELP .*\n0\n$/);
    });
  });
});

describe('contract: metrics of a capture', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ctsync-metrics-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const put = (name: string, content: string | Buffer): void => writeFileSync(join(folder, name), content);
  const member = (archive: string, name: string): Buffer => readArchive(fixture(`${archive}.archive`)).get(name)!;
  const show =
    (...flags: string[]) =>
    (...more: string[]) =>
      ctsync(['export', 'prometheus', '--from', folder, ...flags, ...more]);

  /** The captures of a router of a pair, and of a kernel. */
  function putAll(): void {
    const pages = {
      runtime: 'runtime',
      link: 'links',
      cache: 'other-pages',
      network: 'other-pages',
      queue: 'other-pages',
    };
    for (const [page, archive] of Object.entries(pages))
      put(`s-${page}.txt`, member(`conntrackd-1.4.7/${archive}`, `ftfw_mcast2/r1.s_${page}.txt`));
    const conf = readFileSync(fixture('conntrackd-1.4.7/conf/ftfw_mcast2.r1.conf'), 'utf8');
    put('conntrackd.conf', conf.replaceAll('LAB/', '/lab/'));
    put('failover-state', 'MASTER at 2026-11-22T13:28:00.123Z\n');
    put('conntrack-S.txt', member('conntrack-1.4.7/statistics', 'conntrack-L/stats.txt'));
    put('sysctl.txt', 'net.netfilter.nf_conntrack_count = 44\nnet.netfilter.nf_conntrack_max = 262144\n');
    put('conntrackd.log', member('conntrackd-1.4.7/logs', 'notrack_udp/r2.log'));
    cpSync(fixture('documentation/table.txt'), join(folder, 'table.txt'));
  }

  it('has what the files say, and no time of ours', async () => {
    putAll();
    const { stdout, stderr, code } = await show('--flows')();
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    const families = readExposition(stdout);
    expect(figureOf(families, 'nf_conntrack_entries')).to.equal(44);
    expect(figureOf(families, 'conntrackd_up')).to.equal(1);
    expect(figureOf(families, 'conntrackd_info', { mode: 'ftfw' })).to.equal(1);
    expect(families.get('conntrackd_link_active')?.samples).to.have.length(2);
    expect(figureOf(families, 'ctsync_last_transition_timestamp_seconds')).to.equal(1795354080.123);
    expect(families.get('nf_conntrack_flows')?.samples).to.not.have.length(0);
    expect(figureOf(families, 'conntrackd_commit_entries', { table: 'expect', result: 'committed' })).to.equal(2);
    expect(figureOf(families, 'conntrackd_commit_duration_seconds', { table: 'conntrack' })).to.equal(0.00115);
    // The times in a log do not say their zone.
    expect(families.has('conntrackd_commit_timestamp_seconds')).to.equal(false);
    expect(stdout).to.not.match(/ctsync_(?:collection|collector_duration)|ctsync_role/);
    expect(families.get('ctsync_collector_success')?.samples.map(({ labels }) => labels['collector'])).to.deep.equal(
      'table counters flows runtime cache network link queue config transition commit'.split(' '),
    );
  });

  it('has a valid document without host and time', async () => {
    putAll();
    const document = documentOf((await show('--json')()).stdout);
    expect(Object.keys(document)).to.deep.equal(['schema', 'source', 'families', 'collectors', 'complete']);
  });

  it('leaves out what is damaged, and says which file it is', async () => {
    putAll();
    put('s-cache.txt', 'cache:internal\tactive objects:\t\t           1\n');
    put('conntrack-S.txt', 'cpu=0   \tfound=1');
    put('table.txt', 'no flow at all\n');
    const { stdout, stderr, code } = await show('--flows')();
    expect(code).to.equal(4);
    for (const file of ['s-cache.txt', 'conntrack-S.txt', 'table.txt']) expect(stderr).to.include(join(folder, file));
    const families = readExposition(stdout);
    expect(families.has('conntrackd_cache_entries')).to.equal(false);
    expect(families.has('nf_conntrack_flows')).to.equal(false);
    expect(figureOf(families, 'ctsync_collector_success', { collector: 'counters' })).to.equal(0);
    expect(figureOf(families, 'ctsync_collector_success', { collector: 'network' })).to.equal(1);
  });

  it('keeps a device of any bytes within its label', async () => {
    const figures = ['Bytes sent', 'Bytes recv', 'Pckts sent', 'Pckts recv', 'Error send', 'Error recv'];
    const rows = [0, 2, 4]
      .map(
        (i) =>
          `${figures
            .slice(i, i + 2)
            .map((name) => `1 ${name}`)
            .join(' ')}\n`,
      )
      .join('');
    const link = `multicast traffic device=\u0005"} 1\n\u001b[2J status=RUNNING role=ACTIVE:\n${rows}\n`;
    put('s-link.txt', Buffer.from(link + link, 'latin1'));
    const { stdout, stderr, code } = await show()();
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    const links = readExposition(stdout).get('conntrackd_link_active')!.samples;
    expect(links.map(({ labels }) => labels['link'])).to.deep.equal(['1', '2']);
    expect(links[0]?.labels['device']).to.equal('\\x05"} 1\\x0a\\x1b[2J');
    // eslint-disable-next-line no-control-regex -- none of these may get out
    expect(stdout).to.not.match(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });

  it('is refused where it is none', async () => {
    const next = (await show()()).stderr.split('next:    ')[1]!.trim();
    expect(next).to.match(/^Captured metrics are a folder with any of .*s-runtime\.txt/);
    const message = `${folder} holds none of the files of captured metrics.`;
    await expectFailure(show(), { code: 'BAD_CAPTURE', message, next });
    const from =
      (path: string) =>
      (...flags: string[]) =>
        ctsync(['export', 'openmetrics', '--from', path, ...flags]);
    await expectFailure(from('-'), {
      code: 'CAPTURE_UNREADABLE',
      message: 'Captured metrics can not come from stdin.',
      next,
    });
    await expectFailure(from('/etc/hostname'), { code: 'BAD_CAPTURE', message: '/etc/hostname is a file.', next });
  });

  it('and its flags are refused in a sentence where they are wrong', async () => {
    mkdirSync(join(folder, 'x.prom'));
    const usage = { code: 'USAGE', next: 'Add --help to see how it is used.' } as const;
    const message = '--textfile takes a path that ends in .prom, for node_exporter reads no other: not "metrics.txt".';
    await expectFailure(show('--textfile', 'metrics.txt'), { ...usage, message }, USAGE);
    const both = await show('--textfile', 'x.prom', '--json')();
    expect(documentOf(both.stdout).error?.message).to.match(/--json.*--textfile|--textfile.*--json/);
    expect(both.code).to.equal(USAGE);
    const open = await ctsync(['export', 'openmetrics', '--textfile', 'x.prom']);
    expect(open.stderr).to.include('Nonexistent flag: --textfile');
  });
});
