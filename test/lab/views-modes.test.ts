import { expect } from 'chai';
import type { FlowTableDocument, SyncStatisticsDocument, SyncStatusDocument } from '../../src/model/documents.js';
import type { CacheStatistics } from '../../src/model/statistics.js';
import type { LabOptions } from './options.js';
import { expectAllPages } from './views-pages.js';
import { addFlows, ask, document, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import { figureOf, readExposition } from '../support/exposition.js';

/** A variant of the daemons, and what has to be seen of it. */
interface Variant {
  title: string;
  options: LabOptions;
  internal?: CacheStatistics['kind'];
  external?: CacheStatistics['kind'];
  /** `.status.expectation_sync`, where it is not `all`. */
  expectations?: 'disabled' | string[];
}

const VARIANTS: readonly Variant[] = [
  { title: 'FTFW over UDP', options: { transport: 'udp' } },
  { title: 'FTFW over TCP', options: { transport: 'tcp' } },
  {
    title: 'FTFW over two links',
    options: { links: 2, expectationSync: ['ftp', 'sip'] },
    expectations: ['ftp', 'sip'],
  },
  {
    title: 'FTFW without an external cache',
    options: { disableExternalCache: true, expectationSync: false },
    external: 'inject',
    expectations: 'disabled',
  },
  { title: 'NOTRACK', options: { mode: 'notrack' } },
  {
    title: 'NOTRACK without an internal cache, over two UDP links',
    options: { mode: 'notrack', disableInternalCache: true, links: 2, transport: 'udp' },
    internal: 'bypass',
  },
  {
    title: 'NOTRACK without any cache',
    options: { mode: 'notrack', disableInternalCache: true, disableExternalCache: true },
    internal: 'bypass',
    external: 'inject',
  },
  { title: 'ALARM', options: { mode: 'alarm' } },
];

const FLOWS = 25;

for (const { title, options, internal = 'cache', external = 'cache', expectations = 'all' } of VARIANTS) {
  describe(`every command on a live pair with ${title}`, function () {
    this.timeout(60_000);
    const pair = pairFor({ ...options, keepalived: false });
    const r1 = (): Place => ({ lab: pair(), router: 'r1' });
    const r2 = (): Place => ({ lab: pair(), router: 'r2' });
    const injected = external === 'inject';

    before(async () => {
      await linksRunning(pair());
      if (options.transport === 'tcp') await connected(r1());
      if (options.transport === 'tcp') await connected(r2());
      await addFlows(r1(), FLOWS);
      const arrived = injected ? ['conntrack', '-L'] : ['sh', '-c', 'conntrackd -C "$CTSYNC_DAEMON_CONFIG" -e'];
      const { lab } = r1();
      await lab.waitFor(async () => numberOf(/ dport=53 /g, (await lab.exec('r2', arrived)).stdout) >= FLOWS, {
        what: 'the flows in r2',
      });
    });

    it('has metrics of what there is, and none of what there is not', async () => {
      for (const place of [r1(), r2()]) {
        const families = readExposition(await page(place, 'export prometheus'));
        expect(figureOf(families, 'conntrackd_info', { mode: options.mode ?? 'ftfw' })).to.equal(1);
        for (const [cache, kind] of Object.entries({ internal, external })) {
          const of = { cache, table: 'conntrack' };
          const isCache = kind === 'cache';
          expect(figureOf(families, 'conntrackd_cache_entries', of) !== undefined, cache).to.equal(isCache);
          const failed = { ...of, operation: 'created', result: 'failed' };
          const counts = figureOf(families, 'conntrackd_cache_operations_total', failed) !== undefined;
          expect(counts, cache).to.equal(kind !== 'bypass');
        }
        expect(families.get('conntrackd_link_running')?.samples.map(({ value }) => value)).to.deep.equal(
          Array(options.links ?? 1).fill('1'),
        );
        const hasResendQueue = (options.mode ?? 'ftfw') === 'ftfw';
        expect(families.has('conntrackd_resend_queue_length')).to.equal(hasResendQueue);
      }
    });

    it('shows the flows where they are, and says why a cache has none of its own', async () => {
      const bypassed = internal === 'bypass' ? ['DisableInternalCache'] : [];
      const listings = [
        [r1(), 'show conntrack table ipv4', FLOWS, []],
        [r2(), 'show conntrack table ipv4', injected ? FLOWS : 0, []],
        [r1(), 'show conntrack-sync cache internal', FLOWS, bypassed],
        [r2(), 'show conntrack-sync cache internal', injected && internal === 'bypass' ? FLOWS : 0, bypassed],
        [r1(), 'show conntrack-sync cache external', 0, injected ? ['DisableExternalCache'] : []],
        // Where there are flows, a note says that they have no reply tuple.
        [r2(), 'show conntrack-sync cache external', injected ? 0 : FLOWS, [injected ? 'DisableExternalCache' : 'The']],
      ] as const;
      const answers = await inTurn(listings, ([place, command]) => document<FlowTableDocument>(place, command));
      const found = answers.map(({ complete, summary, flows, notes = [] }) => ({
        complete,
        unreadable: summary.unreadable,
        flows: flows.filter(({ original }) => original.dport === 53).length,
        notes: notes.map((note) => note.split(' ', 1)[0]),
      }));
      const wanted = listings.map(([, , flows, notes]) => ({
        // Of the kernel's table conntrackd gives neither a count nor a size.
        complete: notes[0] === 'DisableInternalCache' ? undefined : true,
        unreadable: 0,
        flows,
        notes: [...notes],
      }));
      expect(found).to.deep.equal(wanted);
    });

    it('has the statistics of the caches and the link that there are', async () => {
      const answers = await inTurn([r1(), r2()], (place) =>
        document<SyncStatisticsDocument>(place, 'show conntrack-sync statistics'),
      );
      for (const { statistics, complete } of answers) {
        expect(complete).to.equal(true);
        for (const table of expectations === 'disabled' ? [statistics.main] : [statistics.main, statistics.expect]) {
          expect(table?.caches.map(({ name, kind }) => ({ name, kind }))).to.deep.equal(cachesOf(internal, external));
          expect(table?.link).to.deep.include({ transport: options.transport ?? 'multicast', device: 'eth0' });
          expect(table).to.not.have.property('extra');
          if (options.transport === 'tcp') expect(table?.link).to.include({ server: 'connected', client: 'connected' });
        }
        expect('expect' in statistics).to.equal(expectations !== 'disabled');
      }
    });

    it('has every page of statistics that conntrackd prints, and says why one is empty', async () => {
      const empty = {
        ...(expectations === 'disabled' && { expect: 'ExpectationSync is off' }),
        ...((options.mode ?? 'ftfw') !== 'ftfw' && { rsqueue: 'only in FTFW mode' }),
      };
      await expectAllPages(r1(), empty);
      await expectAllPages(r2(), empty);
    });

    it('has a status with the mode, the links and the caches', async () => {
      const answers = await inTurn([r1(), r2()], (place) =>
        document<SyncStatusDocument>(place, 'show conntrack-sync status'),
      );
      const devices = options.links === 2 ? ['eth0', 'eth3'] : ['eth0'];
      for (const { status, complete } of answers) {
        expect(complete).to.equal(true);
        expect(status.unavailable).to.deep.equal([]);
        expect(status.sync_interfaces).to.deep.equal(devices);
        expect(status.expectation_sync).to.deep.equal(expectations);
        expect(status.daemon.mode).to.equal(options.mode ?? 'ftfw');
        expect(status.last_transition).to.equal(undefined);
        expect(status.caches?.map(({ name, kind }) => ({ name, kind }))).to.deep.equal(cachesOf(internal, external));
        expect(
          status.links?.map(({ device, status, role, transport }) => [device, status, role, transport]),
        ).to.deep.equal(
          devices.map((device, i) => [
            device,
            'RUNNING',
            i === 0 ? 'ACTIVE' : 'BACKUP',
            options.transport ?? 'multicast',
          ]),
        );
      }
    });

    it('prints every page without a complaint', async () => {
      const pages = [r1(), r2()].flatMap((place) => PAGES.map((command) => ({ place, command })));
      const answers = await inTurn(pages, ({ place, command }) => ask(place, command));
      answers.forEach(({ code, stderr }, i) => {
        const { command = '' } = pages[i] ?? {};
        expect(code, command).to.equal(0);
        expect(stderr.replace(/^Warning: Disable(Internal|External)Cache is on: .*\n$/, ''), command).to.equal('');
      });
    });
  });
}

const PAGES = [
  'show conntrack table ipv4 --wide',
  'show conntrack-sync cache internal',
  'show conntrack-sync cache external',
  'show conntrack-sync statistics',
  'show conntrack-sync status',
];

/** Two at a time: as many as the smallest machine has processors. */
async function inTurn<A, B>(all: readonly A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const results: B[] = [];
  for (let i = 0; i < all.length; i += 2) results.push(...(await Promise.all(all.slice(i, i + 2).map(work))));
  return results;
}

/** Each daemon tries anew once in a second or two until the other one listens. */
async function connected({ lab, router }: Place): Promise<void> {
  await lab.waitFor(async () => (await lab[router].ask('-s')).includes('server=connected client=connected'), {
    what: `${router} to be connected`,
  });
}

function cachesOf(internal: CacheStatistics['kind'], external: CacheStatistics['kind']) {
  return [
    { name: 'internal', kind: internal },
    { name: 'external', kind: external },
  ];
}

function numberOf(pattern: RegExp, text: string): number {
  return text.match(pattern)?.length ?? 0;
}
