import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { summaryOf } from '../../../src/bundle/summary/summary.js';
import { type BundleSummary, isWhole } from '../../../src/model/bundle-summary.js';
import { renderBundleSummary } from '../../../src/renderers/bundle-page.js';
import {
  type BundleFiles,
  capturedBundle,
  withManifest,
  withoutItem,
  withText,
  written,
} from '../../support/captured-bundles.js';

const abort = new AbortController().signal;
const VIEW = { terminal: 80, blocks: false };

describe('bundle/summary', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ctsync-summary-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const summary = (bundle: BundleFiles): Promise<Required<BundleSummary>> =>
    summaryOf(written(bundle, folder), { abort });
  const first = async (bundle: BundleFiles) => (await summary(bundle)).counters[0]!;

  it('does not call none what a daemon that hung never told', async () => {
    const pages = ['s', 's-network', 's-cache', 's-runtime', 's-link', 's-queue'];
    const hung = pages
      .flatMap((page) => [1, 2].map((sample) => `node1/counters-${sample}/${page}.txt`))
      .reduce((bundle, path) => withoutItem(bundle, path, 'TIMEOUT'), capturedBundle('a'));
    const found = await summary(hung);
    expect(found.counters[0]!.lacks).to.deep.equal([
      'What counters-1/s.txt and 11 more would tell is not known: It could not be had.',
    ]);
    expect(isWhole(found)).to.equal(false);
    const [, hungNode, wellNode] = renderBundleSummary(found, VIEW).split(/^node /m);
    expect(hungNode).to.match(/^troubles +: none in the pages that are there$/m);
    expect(wellNode).to.match(/nothing was lost/);
  });

  it('has the table, the caches and the pages of counters, read twice', async () => {
    const found = await summary(capturedBundle('b'));
    expect(isWhole(found)).to.equal(true);
    const [counters] = found.counters;
    expect(counters!.table).to.deep.include({ flows: 80, limit: 262144 });
    expect(counters!.caches).to.deep.equal([
      { name: 'internal', kind: 'cache', active: 73 },
      { name: 'external', kind: 'cache', active: 3 },
    ]);
    expect(counters!.pages.map(({ page }) => page).join(' ')).to.equal(
      'kernel main expect network cache runtime link queue',
    );
    for (const { seconds } of counters!.pages) expect(seconds).to.be.within(10, 11);
    expect(counters!.troubles).to.deep.equal([]);
  });

  const ROSE = [
    ['s.txt', / {3}0 Lost msgs/, '  24 Lost msgs', 'main messages.lost', 24],
    ['s-link.txt', / {3}0 Error send/, '   2 Error send', 'link links.1.eth0.sent.errors', 2],
    [
      'conntrack-S.txt',
      'cpu=1   \tfound=0 invalid=0 insert=0 insert_failed=0',
      'cpu=1   \tfound=0 invalid=0 insert=0 insert_failed=9',
      'kernel insert_failed',
      9,
    ],
    ['s-runtime.txt', /(netlink overrun:\s+)0/, '$15', 'runtime netlink.overrun', 5],
  ] as const;
  for (const [page, from, to, name, by] of ROSE) {
    it(`tells that ${name} rose`, async () => {
      const { troubles } = await first(
        withText(capturedBundle('a'), `node1/counters-2/${page}`, (text) => text.replace(from, to)),
      );
      expect(troubles).to.have.length(1);
      const [trouble] = troubles;
      expect(`${trouble!.page} ${trouble!.counter}`).to.equal(name);
      expect(trouble).to.include({ before: 0, now: by, grown: by });
      expect(trouble!.per_second).to.be.within(by / 11, by / 10);
    });
  }

  it('shows a trouble that stands, and its total where it was read once', async () => {
    const both = [1, 2].reduce(
      (all, sample) =>
        withText(all, `node1/counters-${sample}/s.txt`, (text) => text.replace(/ {3}0 Malformed/, '   7 Malformed')),
      capturedBundle('a'),
    );
    expect((await first(both)).troubles[0]).to.include({ counter: 'messages.malformed', now: 7, grown: 0 });
    const once = withoutItem(both, 'node1/counters-2/s.txt', 'TIMEOUT');
    rmSync(folder, { recursive: true });
    const found = await first(once);
    expect(found.troubles[0]).to.include({ now: 7 }).and.to.not.have.any.keys('grown', 'seconds');
    expect(found.pages.find(({ page }) => page === 'main')).to.deep.equal({ page: 'main' });
  });

  it('tells a restart between the readings, and no growth over it', async () => {
    const found = await first(
      [
        ['s-runtime.txt', /(events received:\s+)\d+/, '$11'],
        ['s.txt', / {3}0 Lost msgs/, '   3 Lost msgs'],
      ].reduce(
        (all, [page, from, to]) =>
          withText(all, `node1/counters-2/${page as string}`, (text) => text.replace(from!, to as string)),
        capturedBundle('a'),
      ),
    );
    expect(found.restarted).to.equal('events');
    expect(found.troubles[0]).to.include({ counter: 'messages.lost', now: 3 }).and.to.not.have.property('grown');
  });

  it('leaves out a page that is damaged or was altered, and is not whole then', async () => {
    const damaged = await summary(
      withText(capturedBundle('a'), 'node1/counters-2/s.txt', (text) => text.slice(0, 300)),
    );
    expect(damaged.counters[0]!.lacks!.join()).to.match(/^node1, counters-2: /);
    expect(isWhole(damaged)).to.equal(false);
    rmSync(folder, { recursive: true });
    const altered = await summary(new Map(capturedBundle('a')).set('node1/counters-2/s.txt', Buffer.from('x')));
    expect(altered.counters[0]!.lacks).to.deep.equal([
      'node1/counters-2/s.txt is not what was collected, and left out.',
    ]);
  });

  it('keeps findings of the right shape only, and says that others were left out', async () => {
    const hostile = withText(capturedBundle('b'), 'node1/findings.json', (text) => {
      const document = JSON.parse(text) as { health: { findings: unknown[] } };
      const [whole] = document.health.findings as Record<string, unknown>[];
      const { name: _, evidence: __, ...bare } = whole!;
      document.health.findings.push(bare, { ...whole, evidence: [{ what: 1 }] }, { ...whole, severity: 'dire' }, null);
      return JSON.stringify(document);
    });
    const usual = await summary(capturedBundle('b'));
    rmSync(folder, { recursive: true });
    const found = await summary(hostile);
    expect(found.verdicts).to.deep.equal(usual.verdicts);
    expect(found.problems).to.deep.equal([
      'node1/findings.json has 4 findings that are not what findings should be: left out.',
    ]);
    expect(isWhole(found)).to.equal(false);
  });

  describe('the talkers', () => {
    it('are those of the tables, by bytes', async () => {
      const [{ metric, groups, total, complete }] = (await summary(capturedBundle('b'))).talkers as [
        BundleSummary['talkers'] extends (infer T)[] | undefined ? T : never,
      ];
      expect({ metric, complete }).to.deep.equal({ metric: 'bytes', complete: true });
      expect(groups[0]).to.include({ src: '10.35.100.87', flows: 73, bytes: 843334 });
      expect(total).to.include({ flows: 80, bytes: 856782 });
    });

    it('are those with the most flows where no bytes were counted, and it is said', async () => {
      const [talkers] = (
        await summary(
          withText(capturedBundle('b'), 'node1/kernel/table-ipv4.txt', (text) =>
            text.replaceAll(/packets=\d+ bytes=\d+ /g, ''),
          ),
        )
      ).talkers;
      // The table of IPv6 is counted still.
      expect(talkers!.notes!.join()).to.match(/accounting was off/);
      rmSync(folder, { recursive: true });
      const neither = ['ipv4', 'ipv6'].reduce(
        (all, family) =>
          withText(all, `node1/kernel/table-${family}.txt`, (text) => text.replaceAll(/packets=\d+ bytes=\d+ /g, '')),
        capturedBundle('b'),
      );
      const found = (await summary(neither)).talkers[0]!;
      expect(found.metric).to.equal('flows');
      expect(found.groups[0]).to.include({ src: '10.35.100.87', flows: 73 });
      expect(found.notes).to.deep.equal(['Bytes were not counted, so these are flows: accounting was off.']);
    });

    it('of a table that was cut are not whole', async () => {
      const cut = withManifest(capturedBundle('b'), ({ nodes }) =>
        Object.assign(
          nodes[0]!.items.find(({ name }) => name === 'kernel/table-ipv4.txt')!,
          { complete: false, truncated: true },
        ),
      );
      const found = await summary(cut);
      expect(found.talkers[0]).to.deep.include({
        complete: false,
        notes: ['node1/kernel/table-ipv4.txt is not whole.'],
      });
      expect(isWhole(found)).to.equal(false);
      expect(renderBundleSummary(found, VIEW)).to.match(
        /^talkers +: the sources with the most bytes; the tables are not whole$/m,
      );
    });

    it('are not there where there is no table', async () => {
      const without = ['ipv4', 'ipv6'].reduce(
        (all, family) => withoutItem(all, `node1/kernel/table-${family}.txt`, 'TIMEOUT'),
        capturedBundle('b'),
      );
      const found = await summary(without);
      expect(found.talkers.map(({ node }) => node)).to.deep.equal(['node2']);
      expect(renderBundleSummary(found, VIEW)).to.match(/^talkers +: the tables are not in the bundle$/m);
    });
  });
});
