import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type { SyncStatisticsDocument } from '../../src/model/documents.js';
import type { CacheStatistics, TableStatistics } from '../../src/model/statistics.js';
import { expectAllPages, expectNamedPages } from './views-pages.js';
import { document, page, pairFor, underTraffic } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync statistics';

describe('the statistics of a live pair', function () {
  this.timeout(90_000);
  const pair = pairFor();
  const places = (): Place[] => [
    { lab: pair(), router: 'r1' },
    { lab: pair(), router: 'r2' },
  ];

  before(() => pair().traffic.mixed());

  it('are on the page what conntrackd printed, under traffic', async () => {
    for (const place of places()) {
      const { before, ours, after } = await underTraffic(pair(), () => bracketed(place, () => page(place, COMMAND)));
      expect(words(ours)).to.deep.equal(words(before)).and.to.deep.equal(words(after));
      expectBetween(figures(ours), before, after);
    }
  });

  it('are in the document what conntrackd printed, under traffic', async () => {
    for (const place of places()) {
      const { before, ours, after } = await underTraffic(pair(), () =>
        bracketed(place, () => document<SyncStatisticsDocument>(place, COMMAND)),
      );
      expect(ours.complete).to.equal(true);
      const { main, expect: expectations } = ours.statistics;
      expectBetween([...inPageOrder(main), ...inPageOrder(expectations)], before, after);
      expect(main?.link).to.deep.include({ transport: 'multicast', device: 'eth0' });
    }
  });

  it('are on every page of conntrackd what it printed, asked for one by one or all together', async () => {
    for (const place of places()) {
      await expectNamedPages(place, {});
      await expectAllPages(place, {});
    }
  });

  it('count what has really happened: flows that began and ended, packets that crossed the link', async () => {
    const [r1, r2] = places() as [Place, Place];
    const { lab } = r1;
    // Flows of the tests before must not end or be counted in between.
    await lab.exec('r1', ['conntrack', '-F']);
    const earlier = await settled(() => internal(r1));
    await lab.traffic.udp({ count: 40, port: 5001 });
    await untilInternal(r1, 'created', earlier.created + 40);
    await lab.exec('r1', ['conntrack', '-D', '-p', 'udp', '--dport', '5001']);
    await untilInternal(r1, 'destroyed', earlier.destroyed + 40);
    // Two datagrams and two answers in each of the flows that have ended.
    expect((await internal(r1)).packets).to.equal(earlier.packets + 40 * 4);
    const received = await packetsOverLink(r2, 'received');
    expect(received).to.be.within(1, await packetsOverLink(r1, 'sent'));
  });
});

describe('the statistics of a live daemon without ExpectationSync', function () {
  this.timeout(90_000);
  const pair = pairFor({ expectationSync: false, keepalived: false });

  it('have no page and no table of expectations', async () => {
    const place: Place = { lab: pair(), router: 'r1' };
    expect(await page(place, COMMAND))
      .to.include('Main Table Statistics:')
      .and.to.not.include('Expect');
    const { statistics, complete } = await document<SyncStatisticsDocument>(place, COMMAND);
    expect(statistics).to.have.all.keys('main');
    expect(complete).to.equal(true);
  });
});

/** What ctsync says, between two answers of conntrackd, both pages under their titles. */
async function bracketed<T>({ lab, router }: Place, ask: () => Promise<T>) {
  const printed = async (): Promise<string> =>
    `Main Table Statistics:\n${await lab[router].ask('-s')}Expect Table Statistics:\n${await lab[router].ask('-s', 'expect')}`;
  const before = await printed();
  const ours = await ask();
  return { before, ours, after: await printed() };
}

/** The page without its figures and without its white space: the daemon's tabs are blanks in ours. */
function words(text: string): string[] {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/(?<=\s)\d+/g, '#')
        .split(/\s+/)
        .filter(Boolean)
        .join(' '),
    )
    .filter((line) => line !== '');
}

function figures(text: string): number[] {
  return [...text.matchAll(/(?<=\s)\d+/g)].map(Number);
}

/** Nothing ends in these few seconds, so every figure only grows. */
function expectBetween(ours: number[], before: string, after: string): void {
  const [low, high] = [figures(before), figures(after)];
  expect(ours).to.have.length(low.length).and.to.have.length.greaterThan(40);
  ours.forEach((figure, i) => {
    expect(figure, `figure ${String(i + 1)} of the page`).to.be.within(low[i] ?? NaN, high[i] ?? NaN);
  });
}

/** The figures of a page in the order in which conntrackd prints them (formats.md §10). */
function inPageOrder(table: TableStatistics | undefined): number[] {
  const { caches = [], traffic_processed: traffic, link, messages } = table ?? {};
  const counters = [
    ...caches.flatMap(cacheFigures),
    ...[traffic?.bytes, traffic?.packets],
    ...(['bytes', 'packets', 'errors'] as const).flatMap((unit) => [link?.sent[unit], link?.received[unit]]),
    ...[messages?.malformed, messages?.lost],
  ];
  return counters.map(Number);
}

function cacheFigures({ active, created, updated, destroyed }: CacheStatistics) {
  return [active, ...[created, updated, destroyed].flatMap(({ total, failed }) => [total, failed])];
}

/** What the internal cache of a router has taken and dropped so far, and the packets of the flows that have ended. */
async function internal(place: Place): Promise<{ created: number; destroyed: number; packets: number }> {
  const { statistics } = await document<SyncStatisticsDocument>(place, COMMAND);
  const found = statistics.main?.caches.find(({ name }) => name === 'internal');
  return {
    created: Number(found?.created.total),
    destroyed: Number(found?.destroyed.total),
    packets: Number(statistics.main?.traffic_processed?.packets),
  };
}

/** The answer once it is the same as a second before. */
async function settled<T>(ask: () => Promise<T>): Promise<T> {
  let last = await ask();
  for (let reading = 0; reading < 15; reading += 1) {
    await sleep(1000);
    const next = await ask();
    if (JSON.stringify(next) === JSON.stringify(last)) return next;
    last = next;
  }
  throw new Error(`it still changes: ${JSON.stringify(last)}`);
}

async function untilInternal(place: Place, counter: 'created' | 'destroyed', total: number): Promise<void> {
  let seen: number | undefined;
  const reached = async (): Promise<boolean> => (seen = (await internal(place))[counter]) === total;
  await place.lab.waitFor(reached).catch((cause: unknown) => {
    throw new Error(`${counter} is ${String(seen)} and not ${String(total)}`, { cause });
  });
}

async function packetsOverLink(place: Place, direction: 'sent' | 'received'): Promise<number> {
  const { statistics } = await document<SyncStatisticsDocument>(place, COMMAND);
  return Number(statistics.main?.link?.[direction].packets);
}
