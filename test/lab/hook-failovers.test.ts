import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import type { TransitionHistoryDocument } from '../../src/model/documents.js';
import type { Transition } from '../../src/model/transition.js';
import { FAILOVER_KINDS, failBack, failOver } from './failovers.js';
import type { Lab } from './lab.js';
import { transitionsIn } from './hook-record.js';
import { ROUTERS, SYNC_GROUPS } from './plan.js';
import type { RouterName } from './plan.js';
import { document, pairFor, whileRepeating } from './views-support.js';

/** `CTSYNC_FAILOVERS=20 npx mocha …` is the long run; its result is in docs/soak.md. */
const FAILOVERS = Number(process.env['CTSYNC_FAILOVERS'] ?? FAILOVER_KINDS.length);
const CONNECTIONS = 200;

describe('failovers of a live pair with the failover hook', function () {
  this.timeout(120_000 + FAILOVERS * 30_000);
  const pair = pairFor({ hook: 'ctsync' });

  it(`lose none of ${String(CONNECTIONS)} TCP connections with data flowing, ${String(FAILOVERS)} times`, async () => {
    const lab = pair();
    const connections = [
      ...(await lab.traffic.tcp({ count: CONNECTIONS / 2 })),
      ...(await lab.traffic.tcp({ count: CONNECTIONS / 4, port: 443, translation: 'snat' })),
      ...(await lab.traffic.tcp({ count: CONNECTIONS / 4, port: 80, family: 'ipv6' })),
    ];
    // Rejects where one of them is broken, or stands still for a minute.
    const talk = (): Promise<unknown> => Promise.all(connections.map((connection) => connection.talk(500, 60)));
    await whileRepeating(talk, async () => {
      for (let time = 0; time < FAILOVERS; time += 1) {
        const by = FAILOVER_KINDS[time % FAILOVER_KINDS.length]!;
        await failOver(lab, by);
        await failBack(lab, by);
      }
    });
    await talk();
  });

  it('leave a history on both nodes that is whole, and that of keepalived', async () => {
    const lab = pair();
    for (const router of ROUTERS) {
      const { transitions, complete, history } = await document<TransitionHistoryDocument>(
        { lab, router },
        'show conntrack-sync history',
      );
      expect({ complete, kind: history.kind }).to.deep.equal({ complete: true, kind: 'record' });
      const told = transitions.filter(({ to, delayed }) => to !== 'STOP' && delayed !== true);
      expect(told.map(({ to }) => to)).to.deep.equal(await byKeepalived(lab, router));
      expect(transitions.map(({ result }) => result)).to.deep.equal(transitions.map(() => 'done'));
      expect(transitions.map(({ from }) => from)).to.deep.equal(
        [undefined, ...transitions.map(({ to }) => to)].slice(0, -1),
      );
      for (const { commits = [] } of masters(transitions).slice(1)) {
        expect(commits.map(({ table, failed }) => [table, failed])).to.deep.equal([
          ['flows', 0],
          ['expectations', 0],
        ]);
        expect(commits[0]?.committed).to.be.at.least(CONNECTIONS);
      }
    }
  });
});

describe('failovers of an active/active pair with the failover hook', function () {
  this.timeout(120_000);
  const pair = pairFor({ hook: 'ctsync', groups: 2 });

  it('flush nothing on a node that goes on as master of the other group, and lose no connection of either', async () => {
    const lab = pair();
    const connections = [
      ...(await lab.traffic.tcp({ count: 10 })),
      ...(await lab.traffic.tcp({ count: 10, partners: true })),
    ];
    const talk = (): Promise<unknown> => Promise.all(connections.map((connection) => connection.talk(500, 60)));
    await whileRepeating(talk, async () => {
      await failOver(lab, 'cable');
      await failBack(lab, 'cable');
    });
    await talk();
    const made = await transitionsIn(lab.r2.folder);
    const stepped = made.filter(({ group, to }) => group === SYNC_GROUPS[0].name && to === 'BACKUP').at(-1);
    expect(stepped?.steps?.find(({ request }) => request === '-t')).to.deep.include({
      result: 'skipped',
      reason: `master of ${SYNC_GROUPS[1].name}`,
    });
  });
});

function masters(transitions: readonly Transition[]): Transition[] {
  return transitions.filter(({ to }) => to === 'MASTER');
}

/** The states of the sync group as keepalived itself has logged them; that each start begins with BACKUP it does not log. */
async function byKeepalived(lab: Lab, router: RouterName): Promise<string[]> {
  const log = await readFile(lab[router].file('keepalived.log'), 'utf8');
  const lines = log.matchAll(
    /Starting VRRP child process|VRRP_Group\(\w+\) Syncing instances to (MASTER|BACKUP|FAULT) state/g,
  );
  return [...lines].map(([, state = 'BACKUP']) => state);
}
