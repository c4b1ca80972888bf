import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { SyncStatisticsDocument, SyncStatusDocument } from '../../src/model/documents.js';
import { must } from './run.js';
import { answer, ask, document, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import { figureOf, readExposition } from '../support/exposition.js';

const STATUS = 'show conntrack-sync status';
const STATISTICS = 'show conntrack-sync statistics';

const CTSYNC = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

describe('the dedicated links of a live pair', function () {
  this.timeout(180_000);
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
      if (device === 'eth3') await expectNamedPages(r1());
      if (device === 'eth3') await expectPrintedPage(r1());
      else await expectNamedOrRefused(r1());
      expect(await page(r1(), STATUS))
        .to.match(/^sync-interface +: eth0, eth3\n/)
        .and.to.match(new RegExp(`^link ${device} +: its interface does not exist `, 'm'));
    }
  });
});

/** Every page of the links has both names, whatever conntrackd prints, and says which interface is gone. */
async function expectNamedPages(place: Place): Promise<void> {
  const note =
    /^The interface of link 2 does not exist, whatever conntrackd says of it; its name eth3 is that of the conf/;
  for (const pages of ['link', '--all', 'link --interval 1', '--all --interval 1']) {
    const answered = await document<SyncStatisticsDocument>(place, `${STATISTICS} ${pages}`);
    const { statistics, rates, notes, complete } = answered;
    expect(complete, pages).to.equal(true);
    expect(statistics.link?.links.map(({ device }) => device)).to.deep.equal(['eth0', 'eth3']);
    expect(statistics.link?.links.map((each) => each.interface_missing)).to.deep.equal([undefined, true]);
    expect(notes?.filter((each) => note.test(each))).to.have.length(1);
    if (rates) expect(rates.link?.links.map(({ device }) => device)).to.deep.equal(['eth0', 'eth3']);
  }
  const { stdout, stderr, code } = await ask(place, `${STATISTICS} link`);
  expect(stdout.match(/(?<=^multicast traffic device=)\S+/gm)).to.deep.equal(['eth0', 'eth3']);
  expect(stderr).to.match(/^Warning: The interface of link 2 /);
  expect(code).to.equal(0);
}

/** Where both are gone, conntrackd may print whole lines of other pages in place of their names, and lose figures. */
async function expectNamedOrRefused(place: Place): Promise<void> {
  for (const pages of ['link', 'link --interval 1', 'link']) {
    const { code, document: answered } = await answer<SyncStatisticsDocument>(place, `${STATISTICS} ${pages}`);
    if (code === 0) expect(answered.statistics.link?.links.map(({ device }) => device)).to.deep.equal(['eth0', 'eth3']);
    else expect(answered).to.deep.include({ complete: false }).and.to.have.nested.property('error.code', 'BAD_ANSWER');
  }
}

/** Where neither the configuration tells of the links nor ip of the interfaces, the page is what conntrackd prints. */
async function expectPrintedPage(place: Place): Promise<void> {
  const { lab, router } = place;
  const words = [...`${STATISTICS} link`.split(' '), '--json'];
  const argv = [
    'unshare',
    '-m',
    'sh',
    '-c',
    WITHOUT_NAMES,
    lab[router].file('socket-alone.conf'),
    process.execPath,
    CTSYNC,
  ];
  const { stdout, code } = await lab.exec(router, [...argv, ...words]);
  expect(code).to.equal(0);
  const { statistics } = JSON.parse(stdout) as SyncStatisticsDocument;
  expect(statistics.link?.links).to.have.length(2);
  for (const link of statistics.link?.links ?? []) expect(link).to.not.have.property('interface_missing');
}

/** Bind-mounts nothing over ip, and runs ctsync with a configuration that names the socket alone. */
const WITHOUT_NAMES = `
for tool in /sbin/ip /usr/sbin/ip /bin/ip /usr/bin/ip; do
  [ -s $tool ] && mount --bind /dev/null $(realpath $tool)
done
sed -n '/UNIX {/,/}/p' "$CTSYNC_DAEMON_CONFIG" | sed '1i General {' | sed '$a }' > "$0"
exec "$@" --daemon-config "$0"`;

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
