import { expect } from 'chai';
import type { SyncStatusDocument } from '../../src/model/documents.js';
import type { SyncStatus } from '../../src/model/sync-status.js';
import { LAN, ROUTERS, WAN } from './plan.js';
import type { RouterName } from './plan.js';
import { must } from './run.js';
import { answer, ask, document, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync status';

describe('the status of a live pair in trouble', function () {
  this.timeout(90_000);
  const pair = pairFor();
  const at = (router: RouterName): Place => ({ lab: pair(), router });

  before(() => pair().traffic.tcp({ count: 4 }));

  it('follows a failover by a pulled cable, and the way back', async () => {
    const start = await both(at);
    expect(told(start)).to.deep.equal({ r1: 'master, MASTER', r2: 'backup, BACKUP' });
    await pair().failover('cable');
    const failedOver = await both(at);
    expect(told(failedOver)).to.deep.equal({ r1: 'backup, FAULT', r2: 'master, MASTER' });
    await pair().failback();
    const back = await both(at);
    expect(told(back)).to.deep.equal({ r1: 'master, MASTER', r2: 'backup, BACKUP' });
    for (const router of ROUTERS) {
      const times = [start, failedOver, back].map((pairStatus) =>
        Date.parse(pairStatus[router].last_transition?.at ?? ''),
      );
      expect(times).to.deep.equal([...new Set(times)].sort((a, b) => a - b));
    }
  });

  it('has the flows in the caches of both nodes after a failover', async () => {
    await pair().failover('cable');
    const size = async (router: RouterName, name: string): Promise<number> =>
      Number((await status(at(router))).caches?.find((cache) => cache.name === name)?.active);
    await pair().waitFor(async () => (await size('r2', 'internal')) >= 4, { what: 'the flows in the new master' });
    await pair().waitFor(async () => (await size('r1', 'external')) >= 4, { what: 'the flows in the old master' });
    await pair().failback();
  });

  it('shows the record beside the role where keepalived ended without a word and they contradict each other', async () => {
    await pair().failover('stop');
    const { code, document: stopped } = await answer<SyncStatusDocument>(at('r1'), COMMAND);
    expect(code).to.equal(0);
    expect(told({ r1: stopped.status, r2: await status(at('r2')) })).to.deep.equal({
      r1: 'backup, MASTER',
      r2: 'master, MASTER',
    });
    const { stdout } = await ask(at('r1'), COMMAND);
    expect(stdout)
      .to.match(/^last state transition : MASTER at /m)
      .and.to.match(/^role +: backup of GEFOEKOM /m);
    await pair().failback();
  });

  it('shows two masters where keepalived was killed and its addresses stayed', async () => {
    const lab = pair();
    const before = await lab.r2.transitions();
    await killKeepalived(at('r1'));
    await lab.r2.settledAs('MASTER', before);
    const split = await both(at);
    expect(told(split)).to.deep.equal({ r1: 'master, MASTER', r2: 'master, MASTER' });
    for (const router of ROUTERS) expect(split[router].roles?.[0]?.held).to.have.length(4);
    for (const { device, ipv4, ipv6 } of [LAN, WAN]) {
      await lab.exec('r1', ['ip', 'addr', 'del', `${ipv4.virtual}/24`, 'dev', device]);
      await lab.exec('r1', ['ip', 'addr', 'del', `${ipv6.virtual}/64`, 'dev', device]);
    }
    await lab.failback();
  });

  it('says that a node holds some of the addresses only, and which', async () => {
    const lab = pair();
    await must(['ip', '-n', lab.namespaces.r2, 'addr', 'add', `${LAN.ipv4.virtual}/24`, 'dev', LAN.device]);
    const [role] = (await status(at('r2'))).roles ?? [];
    expect(role).to.deep.include({ role: 'partial', held: [LAN.ipv4.virtual] });
    expect(role?.missing).to.have.members([LAN.ipv6.virtual, WAN.ipv4.virtual, WAN.ipv6.virtual]);
    const { stdout } = await ask(at('r2'), COMMAND);
    expect(stdout).to.match(/^role +: partly master of GEFOEKOM \[holds 10\.35\.100\.1; does not hold /m);
    await must(['ip', '-n', lab.namespaces.r2, 'addr', 'del', `${LAN.ipv4.virtual}/24`, 'dev', LAN.device]);
  });

  it('stands without the daemon, says that it does not run, and sees the new one', async () => {
    const lab = pair();
    const dead = lab.r1.conntrackd.pid;
    await lab.r1.conntrackd.kill();
    const { code, document: page } = await answer<SyncStatusDocument>(at('r1'), COMMAND);
    expect({ code, complete: page.complete }).to.deep.equal({ code: 4, complete: false });
    expect(page.status.roles?.[0]?.role).to.equal('master');
    expect(page.status).to.not.have.any.keys('links', 'caches');
    expect(page.status.daemon).to.not.have.any.keys('pid', 'running_since', 'uptime');
    expect(page.status.unavailable.map(({ part }) => part)).to.include.members(['daemon', 'links', 'caches']);
    expect(page.status.unavailable.find(({ part }) => part === 'daemon')?.reason).to.include(
      'conntrackd is not running',
    );

    await lab.exec('r1', ['rm', lab.r1.file('conntrackd.lock')]);
    await lab.r1.startDaemon();
    const { daemon, unavailable } = await status(at('r1'));
    expect(unavailable).to.deep.equal([]);
    expect(daemon.pid).to.equal(lab.r1.conntrackd.pid).and.to.not.equal(dead);
  });
});

async function status(place: Place): Promise<SyncStatus> {
  return (await document<SyncStatusDocument>(place, COMMAND)).status;
}

async function both(at: (router: RouterName) => Place): Promise<Record<RouterName, SyncStatus>> {
  return { r1: await status(at('r1')), r2: await status(at('r2')) };
}

/** `role, recorded state` of both routers. */
function told(statuses: Record<RouterName, SyncStatus>): Record<RouterName, string> {
  const of = ({ roles, last_transition }: SyncStatus): string =>
    `${roles?.map(({ role }) => role).join() ?? ''}, ${last_transition?.state ?? ''}`;
  return { r1: of(statuses.r1), r2: of(statuses.r2) };
}

/** The one that holds the addresses first, so that it can't take them away; the other one is stopped, so as not to bring it back. */
async function killKeepalived({ lab, router }: Place): Promise<void> {
  const files = ['keepalived.pid', 'keepalived-vrrp.pid'].map((name) => lab[router].file(name));
  const script = 'kill -STOP $(cat "$1") && kill -KILL $(cat "$2") $(cat "$1") && rm "$@"';
  await must(['sh', '-c', script, 'sh', ...files]);
  await lab.waitFor(() => !lab[router].keepalived.running, { what: 'keepalived to be dead' });
}
