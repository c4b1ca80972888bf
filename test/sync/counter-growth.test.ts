import { expect } from 'chai';
import type { SyncStatistics } from '../../src/model/daemon-pages.js';
import { DAEMON_PAGES } from '../../src/model/daemon-pages.js';
import { parseConntrackStatistics } from '../../src/parsers/conntrack-statistics.js';
import { memberOf } from '../../src/readers/statistics/captured-folder.js';
import { parsePage } from '../../src/readers/statistics/pages.js';
import { daemonGrowth, kernelGrowth } from '../../src/sync/counter-growth.js';
import { namedCounters } from '../../src/sync/named-counters.js';
import { isTrouble } from '../../src/sync/troubles.js';
import { capturedBundle } from '../support/captured-bundles.js';

const RANGE = 2 ** 32;

function statisticsOf(bundle: 'a' | 'b', sample: 1 | 2): SyncStatistics {
  const files = capturedBundle(bundle);
  const pages = DAEMON_PAGES.map((page) =>
    parsePage(page, files.get(`node1/counters-${sample}/${memberOf(page).name}`)!.toString('latin1')),
  );
  return Object.assign({}, ...pages) as SyncStatistics;
}

function kernel(...cpus: string[]): ReturnType<typeof parseConntrackStatistics> {
  return parseConntrackStatistics(cpus.map((counters, i) => `cpu=${i}   \t${counters} \n`).join(''));
}

describe('sync/counter-growth', () => {
  it('names each counter once, and none that is a size', () => {
    const named = namedCounters(statisticsOf('a', 2));
    const names = named.map(({ page, counter }) => `${page} ${counter}`);
    expect(new Set(names).size).to.equal(names.length);
    expect(names)
      .to.include('main caches.internal.created.failed')
      .and.to.include('main messages.lost')
      .and.to.include('link links.1.eth0.sent.errors')
      .and.to.include('queue queues.rsqueue.no_space')
      .and.to.include('runtime netlink.overrun');
    for (const size of ['buffer_size', 'active', 'elements', 'limit', 'allocated_nodes', 'uptime']) {
      expect(names.filter((name) => name.includes(size))).to.deep.equal([]);
    }
  });

  it('tells what grew between two readings, and how fast', () => {
    const [before, now] = [statisticsOf('a', 2), statisticsOf('b', 2)].map(namedCounters);
    const grown = daemonGrowth(before!, now!, () => 12);
    const created = grown.find(({ counter }) => counter === 'caches.internal.created.total');
    expect(created).to.deep.equal({
      page: 'main',
      counter: 'caches.internal.created.total',
      before: 42,
      now: 73,
      bits: 32,
      grown: 31,
      seconds: 12,
      per_second: 2.583,
    });
    expect(grown.filter(isTrouble).every(({ grown: by }) => by === 0)).to.equal(true);
  });

  it('sees a counter wrap at its own width, and knows nothing of one that fell', () => {
    const at = (bits: 32 | 64, value: number) => [
      { page: 'queue' as const, counter: 'queues.a.no_space', value, bits },
    ];
    const grownOf = (bits: 32 | 64, was: number, is: number) => daemonGrowth(at(bits, was), at(bits, is), () => 1)[0]!;
    expect(grownOf(32, RANGE - 3, 4)).to.include({ grown: 7 });
    expect(grownOf(64, RANGE - 3, 4)).to.not.have.property('grown');
    expect(grownOf(32, 5, 4)).to.not.have.any.keys('grown', 'per_second');
  });

  it('gives no rate over no time', () => {
    const one = [{ page: 'main' as const, counter: 'messages.lost', value: 1, bits: 64 as const }];
    for (const seconds of [0, -3, undefined]) {
      expect(daemonGrowth(one, one, () => seconds)[0]).to.not.have.any.keys('seconds', 'per_second');
    }
  });

  it('adds up what the CPUs counted, each of which wraps by itself', () => {
    const was = kernel(`drop=${RANGE - 2} early_drop=5`, 'drop=10 early_drop=0');
    const is = kernel('drop=3 early_drop=5', 'drop=11 early_drop=9');
    const grown = kernelGrowth(was, is, () => 2);
    expect(grown.map(({ counter, grown: by }) => [counter, by])).to.deep.equal([
      ['drop', 6],
      ['early_drop', 9],
    ]);
  });

  it('knows nothing where a CPU has come or gone, or a counter fell', () => {
    const grownOf = (was: string[], is: string[]) => kernelGrowth(kernel(...was), kernel(...is), () => 1)[0]!;
    expect(grownOf(['drop=1'], ['drop=1', 'drop=1'])).to.not.have.property('grown');
    expect(grownOf(['drop=1', 'drop=1'], ['drop=2'])).to.not.have.property('grown');
    expect(grownOf(['drop=7'], ['drop=6'])).to.not.have.property('grown');
  });
});
