import { expect } from 'chai';
import type { FlowTableDocument, SyncStatusDocument } from '../../src/model/documents.js';
import { codesOn, codesOnceFound } from './findings-support.js';
import { PARTNERS, peerOf, ROUTERS, SERVER, SYNC_GROUPS } from './plan.js';
import type { RouterName } from './plan.js';
import { answer, document, linksRunning, page, pairFor } from './views-support.js';

const [FIRST, SECOND] = SYNC_GROUPS;

describe('views of an active/active pair', function () {
  this.timeout(120_000);
  const pair = pairFor({ groups: 2 });

  /** What the status says that a router is of the first and of the second group. */
  async function rolesOn(router: RouterName): Promise<string[]> {
    const command = 'show conntrack-sync status --no-sample';
    const { document: status } = await answer<SyncStatusDocument>({ lab: pair(), router }, command);
    expect(status.status.failover_mechanism?.sync_groups).to.deep.equal([FIRST.name, SECOND.name]);
    return status.status.roles?.map(({ role, sync_group: group }) => `${role} of ${group}`) ?? [];
  }

  it('each router is master of its own group and backup of the other, on the page and in the document', async () => {
    for (const { name, preferred, instances } of SYNC_GROUPS) {
      const held = instances.flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
      const command = 'show conntrack-sync status --no-sample';
      expect(await page({ lab: pair(), router: preferred }, command)).to.include(
        `role                  : master of ${name} [holds ${held.join(', ')}]\n`,
      );
      expect(await page({ lab: pair(), router: peerOf(preferred) }, command)).to.include(
        `role                  : backup of ${name} [holds none of its virtual addresses]\n`,
      );
    }
    expect(await rolesOn('r1')).to.deep.equal([`master of ${FIRST.name}`, `backup of ${SECOND.name}`]);
    expect(await rolesOn('r2')).to.deep.equal([`backup of ${FIRST.name}`, `master of ${SECOND.name}`]);
  });

  it('each has the flows of its own group, and in its external cache those of the other', async () => {
    await pair().traffic.tcp({ count: 2 });
    await pair().traffic.tcp({ count: 2, partners: true });
    for (const router of ROUTERS) {
      const own = router === 'r1' ? SERVER.ipv4 : PARTNERS.server.ipv4;
      const others = router === 'r1' ? PARTNERS.server.ipv4 : SERVER.ipv4;
      const flows = async (command: string): Promise<string[]> => {
        const table = await document<FlowTableDocument>({ lab: pair(), router }, `${command} --filter tcp`.trim());
        return table.flows.map(({ original }) => original.dst);
      };
      expect(await flows('show conntrack table ipv4')).to.deep.equal([own, own]);
      await pair().waitFor(async () => (await pair()[router].ask('-e')).split(`dst=${others} `).length > 2);
      expect(await flows('show conntrack-sync cache external')).to.deep.equal([others, others]);
    }
  });

  it('one router does it all after a failover, and both their own again after the way back', async () => {
    const connections = pair().traffic.connections;
    await pair().failover('cable');
    expect(await rolesOn('r2')).to.deep.equal([`master of ${FIRST.name}`, `master of ${SECOND.name}`]);
    expect(await rolesOn('r1')).to.deep.equal([`backup of ${FIRST.name}`, `backup of ${SECOND.name}`]);
    for (const connection of connections) await connection.talk(100);
    await pair().failback();
    expect(await rolesOn('r1')).to.deep.equal([`master of ${FIRST.name}`, `backup of ${SECOND.name}`]);
    expect(await rolesOn('r2')).to.deep.equal([`backup of ${FIRST.name}`, `master of ${SECOND.name}`]);
    for (const connection of connections) await connection.talk(100);
  });

  it('a node that has lost all groups, and was not told of it, contradicts its record', async () => {
    await linksRunning(pair());
    await pair().failover('stop');
    expect(await codesOnceFound({ lab: pair(), router: 'r1' }, 'CTS-701')).to.deep.equal([
      `CTS-701 warning ${FIRST.name}, ${SECOND.name}`,
    ]);
    expect(await codesOn({ lab: pair(), router: 'r2' })).to.deep.equal([]);
    await pair().failback();
  });
});
