import { hostname } from 'node:os';
import { expect } from 'chai';
import { documentOf } from '../support/documents.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const ENVELOPE = ['host', 'collected_at', 'source'];
const COMMANDS: readonly (readonly [command: string, keys: readonly string[]])[] = [
  ['conntrack table ipv4', ['schema', ...ENVELOPE, 'flows', 'summary', 'complete']],
  ['conntrack table ipv6', ['schema', ...ENVELOPE, 'flows', 'summary', 'tracking', 'complete']],
  ['conntrack-sync cache internal', ['schema', 'cache', ...ENVELOPE, 'flows', 'summary', 'complete']],
  ['conntrack-sync cache external', ['schema', 'cache', ...ENVELOPE, 'flows', 'summary', 'complete']],
  ['conntrack-sync statistics', ['schema', ...ENVELOPE, 'statistics', 'complete']],
  ['conntrack-sync status', ['schema', ...ENVELOPE, 'status', 'health', 'complete']],
  ['configuration hook GROUP', ['schema', ...ENVELOPE, 'hook', 'groups', 'notes', 'complete']],
  ['log conntrack-sync', ['schema', ...ENVELOPE, 'log', 'records', 'summary', 'complete']],
];

describe('contract: the JSON of a live host', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(3) + configured() + STARTED);
  });
  after(() => sandbox?.stop());

  for (const [command, keys] of COMMANDS) {
    it(`show ${command}`, async () => {
      const before = Date.now();
      const shown = await sandbox.ctsync(['show', ...command.split(' '), '--json'], { env: DAEMON_ENVIRONMENT });
      const document = documentOf(shown.stdout);
      expect(Object.keys(document)).to.deep.equal(keys);
      expect(document).to.include({ host: hostname(), source: 'live', complete: true });
      expect(document.collected_at).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
      expect(Date.parse(document.collected_at!)).to.be.within(before, Date.now());
      expect(shown).to.include({ stderr: '', code: 0 });
    });
  }

  it('the flows of the table are those that were put there', async () => {
    const { stdout } = await sandbox.ctsync(['show', 'conntrack', 'table', 'ipv4', '--json']);
    const ours = documentOf(stdout).flows!.filter((flow) => (flow['original'] as { sport?: number }).sport === 4000);
    const sources = ours.map((flow) => (flow['original'] as { src: string }).src);
    expect(sources.sort()).to.deep.equal(['10.0.0.0', '10.0.0.1', '10.0.0.2']);
    expect(ours[0]).to.deep.include({ family: 'ipv4', protocol: { name: 'udp', number: 17 }, status: ['assured'] });
  });

  it('a status that lacks a part is not complete, and says so by its exit code, too', async () => {
    const { stdout, code } = await sandbox.ctsync(['show', 'conntrack-sync', 'status', '--json'], {
      env: { ...DAEMON_ENVIRONMENT, CTSYNC_KEEPALIVED_CONFIG: '/mnt' },
    });
    const document = documentOf(stdout);
    expect(document.complete).to.equal(false);
    const { unavailable } = document['status'] as { unavailable: unknown[] };
    expect(unavailable).to.deep.equal([
      {
        part: 'failover-mechanism',
        reason: '/mnt is a folder',
        code: 'CONFIG_UNREADABLE',
        next: 'Name the file that is in use: --keepalived-config FILE.',
      },
    ]);
    expect(code).to.equal(4);
  });
});
