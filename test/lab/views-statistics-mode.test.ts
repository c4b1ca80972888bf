import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { FlowCacheDocument, SyncStatisticsDocument, SyncStatusDocument } from '../../src/model/documents.js';
import { expectAllPages, expectNamedPages } from './views-pages.js';
import { addFlows, document, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import { figureOf, readExposition } from '../support/exposition.js';

const FLOWS = 25;
const CTSYNC = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

describe('a live daemon in statistics mode', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  before(async () => {
    const { lab } = r1();
    await lab.r1.conntrackd.stop();
    const file = lab.r1.file('conntrackd.conf');
    const stats = `Stats {\n    LogFile ${lab.r1.file('ended-flows.log')}\n}`;
    await writeFile(file, (await readFile(file, 'utf8')).replace(/^Sync \{[^]*?^\}/m, stats));
    await lab.r1.startDaemon();
    await addFlows(r1(), FLOWS);
    await lab.waitFor(async () => (await lab.r1.ask('-s')).includes(` ${String(FLOWS)}\n`), { what: 'the flows' });
  });

  it('shows its only cache as the internal one', async () => {
    const { flows, complete } = await document<FlowCacheDocument>(r1(), 'show conntrack-sync cache internal');
    expect(complete).to.equal(true);
    expect(flows.filter(({ original }) => original.dport === 53)).to.have.length(FLOWS);
  });

  it('has no external cache and says so', async () => {
    const external = await document<FlowCacheDocument>(r1(), 'show conntrack-sync cache external');
    expect(external).to.deep.include({ flows: [], complete: true });
    expect(external.notes).to.deep.equal(['conntrackd has no external cache in statistics mode.']);
  });

  it('has one cache and nothing of a link in its statistics', async () => {
    const { statistics } = await document<SyncStatisticsDocument>(r1(), 'show conntrack-sync statistics');
    expect(statistics).to.have.all.keys('main');
    expect(statistics.main).to.have.all.keys('caches', 'traffic_processed');
    expect(statistics.main?.caches.map(({ name, kind, active }) => ({ name, kind, active }))).to.deep.equal([
      { name: 'stats', kind: 'cache', active: FLOWS },
    ]);
    const text = await page(r1(), 'show conntrack-sync statistics');
    expect(text)
      .to.match(/^Main Table Statistics:\n\ncache stats:\n/)
      .and.to.not.include('traffic (active device');
  });

  it('has metrics of its cache, and none of a peer', async () => {
    const families = readExposition(await page(r1(), 'export prometheus'));
    expect(figureOf(families, 'conntrackd_cache_entries', { cache: 'stats' })).to.equal(FLOWS);
    expect(figureOf(families, 'conntrackd_info', { mode: 'stats' })).to.equal(1);
    expect([...families.keys()].filter((name) => /_(?:link|queue|messages)_/.test(name))).to.deep.equal([]);
  });

  it('has every page that is there without a peer, and says why the others are empty', async () => {
    const reason = 'only in sync modes';
    const empty = { expect: reason, network: reason, link: reason, queue: reason, rsqueue: 'only in FTFW mode' };
    await expectNamedPages(r1(), empty);
    await expectAllPages(r1(), empty);
  });

  it('has its mode and its cache in the status, and no dedicated link', async () => {
    const found = await document<SyncStatusDocument>(r1(), 'show conntrack-sync status');
    expect(found.status.daemon).to.include({ mode: 'stats', pid: pair().r1.conntrackd.pid });
    expect(found.status.sync_interfaces).to.deep.equal([]);
    expect(found.status.caches).to.deep.equal([{ name: 'stats', kind: 'cache', active: FLOWS }]);
    expect(found.status.links).to.deep.equal([]);
  });

  // In this mode the daemon writes the dump itself, and does nothing else until it is read (formats.md §8).
  it('goes on answering while nobody reads what we show of its cache', async () => {
    await addFlows(r1(), 10_000);
    const { lab } = r1();
    await lab.waitFor(async () => Number(/active connections:\s+(\d+)/.exec(await lab.r1.ask('-s'))?.[1]) >= 10_000);
    const unread = await lab.exec('r1', [
      'sh',
      '-c',
      `"$0" "$1" show conntrack-sync cache internal | { sleep 3; conntrackd -C "$CTSYNC_DAEMON_CONFIG" -s | head -1; cat >/dev/null; }`,
      process.execPath,
      CTSYNC,
    ]);
    expect(unread).to.deep.include({ stdout: 'cache stats:\n', stderr: '', code: 0 });
  });
});
