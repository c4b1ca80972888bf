import { expect } from 'chai';
import { readFile, stat, writeFile } from 'node:fs/promises';
import type { SyncStatusDocument } from '../../src/model/documents.js';
import type { SyncStatus } from '../../src/model/sync-status.js';
import { LAN, SYNC_GROUP, WAN } from './plan.js';
import { must } from './run.js';
import { document, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync status';
const VIRTUAL = [LAN.ipv4.virtual, LAN.ipv6.virtual, WAN.ipv4.virtual, WAN.ipv6.virtual];

/** Two sync groups, each with a virtual address of its own and the hook; keepalived itself does not run with it. */
const TWO_GROUPS = ['EAST', 'WEST']
  .map(
    (name, i) => `vrrp_sync_group ${name} {
    group {
        VI_${name}
    }
    notify_master "/usr/libexec/ctsync-failover master ${name}"
}
vrrp_instance VI_${name} {
    interface ${LAN.device}
    virtual_router_id ${String(101 + i)}
    virtual_ipaddress {
        ${i === 0 ? LAN.ipv4.virtual : '10.35.100.200'}/24
    }
}
`,
  )
  .join('\n');

describe('the status of a live pair', function () {
  this.timeout(60_000);
  const pair = pairFor();
  const places = (): [Place, Place] => [
    { lab: pair(), router: 'r1' },
    { lab: pair(), router: 'r2' },
  ];

  before(() => linksRunning(pair()));

  it('has a master that holds every virtual address and a backup that holds none', async () => {
    const [r1, r2] = await Promise.all(places().map(status));
    expect(r1?.roles).to.deep.equal([{ sync_group: SYNC_GROUP, role: 'master', held: VIRTUAL, missing: [] }]);
    expect(r2?.roles).to.deep.equal([{ sync_group: SYNC_GROUP, role: 'backup', held: [], missing: VIRTUAL }]);
  });

  it('has what the configurations say, and nothing that could not be had', async () => {
    for (const place of places()) {
      const { complete, status } = await document<SyncStatusDocument>(place, COMMAND);
      expect(complete).to.equal(true);
      expect(status.unavailable).to.deep.equal([]);
      expect(status.sync_interfaces).to.deep.equal(['eth0']);
      expect(status.failover_mechanism).to.deep.equal({ type: 'vrrp', sync_groups: [SYNC_GROUP], without_hook: [] });
      expect(status.expectation_sync).to.equal('all');
      expect(status.daemon).to.include({ mode: 'ftfw', installed_version: await installedVersion(place) });
    }
  });

  it('has the last transition that the hook recorded', async () => {
    for (const place of places()) {
      const [, state, at] =
        /^(\w+) at (.*)\n$/.exec(await readFile(place.lab[place.router].file('failover-state'), 'utf8')) ?? [];
      expect((await status(place)).last_transition).to.deep.equal({ state, at, at_text: at });
    }
  });

  it('has the process that owns the control socket, and when it was started', async () => {
    for (const place of places()) {
      const { conntrackd, file } = routerOf(place);
      const { daemon } = await status(place);
      expect(daemon.pid).to.equal(conntrackd.pid);
      // conntrackd makes its lock file when it begins; two times that are cut to whole seconds are added up.
      const { birthtimeMs } = await stat(file('conntrackd.lock'));
      expect(Date.parse(daemon.running_since ?? '')).to.be.within(birthtimeMs - 3000, birthtimeMs + 20);
      expect((await status(place)).daemon.running_since).to.equal(daemon.running_since);
    }
  });

  it('has the figures of the link and the sizes of the caches that conntrackd gives', async () => {
    const [r1, r2] = places();
    const { lab } = r1;
    await lab.traffic.tcp({ count: 3 });
    await lab.waitFor(async () => (await lab.r2.ask('-e')).match(/ dport=22 /g)?.length === 3, {
      what: 'the flows in r2',
    });
    expect((await status(r1)).caches).to.deep.equal([
      { name: 'internal', kind: 'cache', active: 3 },
      { name: 'external', kind: 'cache', active: 0 },
    ]);
    expect((await status(r2)).caches).to.deep.equal([
      { name: 'internal', kind: 'cache', active: 0 },
      { name: 'external', kind: 'cache', active: 3 },
    ]);
    for (const place of [r1, r2]) {
      const before = await linkFigures(place);
      const { links } = await status(place);
      const after = await linkFigures(place);
      expect(links).to.have.length(1);
      expect(links?.[0]).to.include({ transport: 'multicast', device: 'eth0', status: 'RUNNING', role: 'ACTIVE' });
      for (const direction of ['sent', 'received'] as const) {
        for (const unit of ['bytes', 'packets', 'errors'] as const) {
          const figure = `${direction} ${unit}`;
          expect(Number(links?.[0]?.[direction][unit]), figure).to.be.within(
            before[figure] ?? NaN,
            after[figure] ?? NaN,
          );
        }
      }
    }
  });

  it('has a role for each sync group of an active/active pair', async () => {
    const [r1, r2] = places();
    const { lab } = r1;
    for (const { router } of [r1, r2]) await writeFile(lab[router].file('two-groups.conf'), TWO_GROUPS);
    const added = ['10.35.100.200/24', 'dev', LAN.device];
    await must(['ip', '-n', lab.namespaces.r2, 'addr', 'add', ...added]);
    for (const [place, roles] of [
      [r1, ['EAST master', 'WEST backup']],
      [r2, ['EAST backup', 'WEST master']],
    ] as const) {
      const file = lab[place.router].file('two-groups.conf');
      const found = await document<SyncStatusDocument>(place, `${COMMAND} --keepalived-config ${file}`);
      expect(found.status.roles?.map(({ sync_group, role }) => `${sync_group} ${role}`)).to.deep.equal(roles);
      expect(found.status.failover_mechanism?.sync_groups).to.deep.equal(['EAST', 'WEST']);
    }
    await must(['ip', '-n', lab.namespaces.r2, 'addr', 'del', ...added]);
  });

  it('begins with the four lines of the documentation, and has a line for each fact', async () => {
    const [r1, r2] = places();
    const [master, backup] = [await page(r1, COMMAND), await page(r2, COMMAND)];
    const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
    expect(master).to.match(
      new RegExp(`^sync-interface        : eth0
failover-mechanism    : vrrp \\[sync-group ${SYNC_GROUP}\\]
last state transition : MASTER at ${time} \\(.* ago\\)
ExpectationSync       : all
role                  : master of ${SYNC_GROUP} \\[holds ${VIRTUAL.join(', ')}\\]
`),
    );
    expect(backup)
      .to.match(/^last state transition : BACKUP at /m)
      .and.to.match(/^role +: backup of /m);
    for (const text of [master, backup]) {
      expect(text)
        .to.match(/^daemon +: running since /m)
        .and.to.match(/^link eth0 +: RUNNING, ACTIVE \[multicast\]$/m);
      expect(text)
        .to.match(/^internal cache +: \d+ flows?$/m)
        .and.to.match(/^external cache +: \d+ flows?$/m);
    }
  });
});

async function status(place: Place): Promise<SyncStatus> {
  return (await document<SyncStatusDocument>(place, COMMAND)).status;
}

function routerOf({ lab, router }: Place) {
  const { conntrackd } = lab[router];
  return { conntrackd, file: (name: string) => lab[router].file(name) };
}

async function installedVersion({ lab, router }: Place): Promise<string | undefined> {
  const { stdout } = await lab.exec(router, ['conntrackd', '-v']);
  return /v(\d\S*?)\.? /.exec(stdout)?.[1];
}

/** The six figures of `-s link`, by direction and unit. */
async function linkFigures({ lab, router }: Place): Promise<Record<string, number>> {
  const names = {
    Bytes: 'bytes',
    Pckts: 'packets',
    Error: 'errors',
    sent: 'sent',
    send: 'sent',
    recv: 'received',
  } as const;
  const text = await lab[router].ask('-s', 'link');
  const figures = [...text.matchAll(/(\d+) (Bytes|Pckts|Error) (sent|send|recv)/g)];
  return Object.fromEntries(
    figures.map(([, figure, unit, direction]) => [
      `${names[direction as keyof typeof names]} ${names[unit as keyof typeof names]}`,
      Number(figure),
    ]),
  );
}
