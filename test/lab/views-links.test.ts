import { expect } from 'chai';
import type { SyncStatisticsDocument, SyncStatusDocument } from '../../src/model/documents.js';
import { must } from './run.js';
import { document, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import { figureOf, readExposition } from '../support/exposition.js';

const STATUS = 'show conntrack-sync status';
const STATISTICS = 'show conntrack-sync statistics';

describe('the dedicated links of a live pair', function () {
  this.timeout(60_000);
  const pair = pairFor({ links: 2, keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });
  const link = (...args: string[]): Promise<string> => must(['ip', '-n', pair().namespaces.r1, 'link', ...args]);

  before(() => linksRunning(pair()));

  it('are both there, the first one in use', async () => {
    const both = { eth0: 'RUNNING ACTIVE', eth3: 'RUNNING BACKUP' };
    expect(await links(r1())).to.deep.equal(both);
    expect(await links(r2())).to.deep.equal(both);
    expect(await page(r1(), STATUS)).to.match(/^sync-interface +: eth0, eth3\n/);
  });

  it('change their roles when the first one is down, at both ends, and the statistics go with them', async () => {
    await link('set', 'eth0', 'down');
    await becomes(r1(), { eth0: 'DOWN BACKUP', eth3: 'RUNNING ACTIVE' });
    await becomes(r2(), { eth0: 'NO-CARRIER BACKUP', eth3: 'RUNNING ACTIVE' });
    expect(await activeDevice(r1())).to.equal('eth3');
    expect(await page(r1(), STATISTICS)).to.include('multicast traffic (active device=eth3):');
    expect(await page(r1(), STATUS)).to.match(
      /^link eth0 +: DOWN, BACKUP \[multicast\]\nlink eth3 +: RUNNING, ACTIVE /m,
    );
  });

  it('stay as they are when the first one comes back', async () => {
    await link('set', 'eth0', 'up');
    await becomes(r1(), { eth0: 'RUNNING BACKUP', eth3: 'RUNNING ACTIVE' });
  });

  it('are both down: the page says so and stands', async () => {
    await link('set', 'eth0', 'down');
    await link('set', 'eth3', 'down');
    await pair().waitFor(async () => Object.values(await links(r1())).every((state) => state.startsWith('DOWN')));
    expect(await page(r1(), STATUS))
      .to.match(/^link eth0 +: DOWN, /m)
      .and.to.match(/^link eth3 +: DOWN, /m);
  });

  // What conntrackd prints for a deleted interface is not initialised (formats.md §14): any bytes, or another one's name.
  it('may be deleted one after the other: both pages stand, and no control character reaches the terminal', async () => {
    for (const device of ['eth3', 'eth0']) {
      await link('del', device);
      for (const command of [STATUS, STATISTICS]) {
        const text = await page(r1(), command);
        expect(text).to.match(/^[\n -~]*$/);
        expect((await document<SyncStatusDocument>(r1(), command)).complete).to.equal(true);
      }
      const { status } = await document<SyncStatusDocument>(r1(), STATUS);
      expect(status.links?.map((each) => each.device)).to.deep.equal(['eth0', 'eth3']);
      expect(status.links?.find((each) => each.device === device)).to.include({ interface_missing: true });
      const metrics = readExposition(await page(r1(), 'export prometheus'));
      const running = metrics.get('conntrackd_link_running')?.samples.map(({ labels }) => labels['device']);
      expect(running).to.deep.equal(['eth0', 'eth3']);
      expect(figureOf(metrics, 'conntrackd_link_running', { device })).to.equal(0);
      expect(await page(r1(), STATUS))
        .to.match(/^sync-interface +: eth0, eth3\n/)
        .and.to.match(new RegExp(`^link ${device} +: its interface does not exist `, 'm'));
    }
  });
});

/** `STATUS ROLE` of each link, by device. */
async function links(place: Place): Promise<Record<string, string>> {
  const { status } = await document<SyncStatusDocument>(place, STATUS);
  return Object.fromEntries(
    (status.links ?? []).map(({ device = '?', status, role }) => [device, `${status} ${role}`]),
  );
}

async function becomes(place: Place, wanted: Record<string, string>): Promise<void> {
  let last: Record<string, string> = {};
  await place.lab
    .waitFor(async () => {
      last = await links(place);
      return JSON.stringify(last) === JSON.stringify(wanted);
    })
    .catch(() => expect(last).to.deep.equal(wanted));
}

async function activeDevice(place: Place): Promise<string | undefined> {
  return (await document<SyncStatisticsDocument>(place, STATISTICS)).statistics.main?.link?.device;
}
