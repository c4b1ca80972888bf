import { expect } from 'chai';
import type { SyncStatistics } from '../../src/model/daemon-pages.js';
import { parseCachePage } from '../../src/parsers/cache-page.js';
import { parseLinks } from '../../src/parsers/links.js';
import { parseNetworkPage } from '../../src/parsers/network-page.js';
import { parseQueuePage } from '../../src/parsers/queue-page.js';
import { parseRuntimePage } from '../../src/parsers/runtime.js';
import { parseTableStatistics } from '../../src/parsers/statistics.js';
import { statisticsRates } from '../../src/sync/statistics-rates.js';
import { readArchive } from '../support/archive.js';

const FIXTURES = new URL('../fixtures/conntrackd-1.4.7/', import.meta.url);
const archive = (name: string): Map<string, Buffer> => readArchive(new URL(`${name}.archive`, FIXTURES));
const [others, general, runtimes, links] = ['other-pages', 'statistics', 'runtime', 'links'].map(archive);
const text = (from: Map<string, Buffer> | undefined, name: string): string => from!.get(name)!.toString('latin1');

const pages: SyncStatistics = {
  main: parseTableStatistics(text(general, 'ftfw_mcast2/r1.s.txt')),
  network: parseNetworkPage(text(others, 'ftfw_mcast2/r1.s_network.txt')),
  cache: parseCachePage(text(others, 'ftfw_mcast2/r1.s_cache.txt')),
  runtime: parseRuntimePage(text(runtimes, 'ftfw_mcast2/r1.s_runtime.txt')),
  link: parseLinks(text(links, 'ftfw_mcast2/r1.s_link.txt')),
  queue: parseQueuePage(text(others, 'ftfw_mcast2/r1.s_queue.txt')),
};

/** The same with every figure of the page's counters and sizes changed. */
function later(change: (figure: number) => number): SyncStatistics {
  return JSON.parse(JSON.stringify(pages), (_, value: unknown) =>
    typeof value === 'number' ? change(value) : value,
  ) as SyncStatistics;
}

/** Paths of all numbers, as they stand on the page. */
function paths(value: unknown, path = ''): string[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => paths(inner, `${path}/${key}`));
}

describe('sync/statistics-rates', () => {
  it('has a rate for each counter of each page, under its own key, and none for a size', () => {
    const { rates, notes } = statisticsRates(
      pages,
      later((figure) => figure + 10),
      4,
    );
    expect(notes).to.deep.equal([]);
    const sizes = /active$|caches\/\d\/total$|uptime_seconds|buffer_size|allocated_nodes|elements|limit/;
    expect(paths(rates)).to.have.members(paths(pages).filter((path) => !sizes.test(path)));
    expect(JSON.stringify(rates).match(/:2\.5\b/g)).to.have.length(paths(rates).length);
  });

  it('knows how wide each counter is: 32 bits go on from 0, 64 bits do not', () => {
    const near = later(() => 2 ** 32 - 5);
    const { rates, notes } = statisticsRates(
      near,
      later(() => 5),
      1,
    );
    expect(rates.main?.caches[0]?.created).to.deep.equal({ total: 10, failed: 10 });
    expect(rates.network?.received).to.deep.equal({ bad_size: 10 });
    expect(rates.network?.sent).to.deep.equal({ malformed: 10 });
    expect(rates.runtime?.netlink).to.include({ overrun: 10 }).and.to.not.have.property('events_received');
    expect(rates.queue?.queues[0]).to.deep.equal({ name: 'txqueue', no_space: 10 });
    expect(rates.link?.links[0]?.sent).to.deep.equal({});
    expect(notes).to.have.length(1);
    expect(notes[0]).to.match(/^\d+ counters fell although conntrackd was not restarted, and have no rate: main, /);
  });

  it('has none for the active link where that is another one', () => {
    const now = structuredClone(pages);
    now.main!.link!.device = 'sync1';
    now.network!.link.device = 'sync1';
    const { rates, notes } = statisticsRates(pages, now, 1);
    expect(rates.main).to.not.have.property('link');
    expect(rates.network).to.not.have.property('link');
    expect(rates.link?.links).to.have.length(2);
    expect(notes).to.deep.equal(['The active link was sync0 and is sync1 now: what passed over it has no rate.']);
    delete now.main!.link!.device;
    expect(statisticsRates({ main: now.main! }, { main: now.main! }, 1).notes[0]).to.contain('is not known');
  });

  it('has none for a page that was not there both times', () => {
    expect(statisticsRates({ main: pages.main! }, { queue: pages.queue! }, 1).rates).to.deep.equal({});
  });
});
