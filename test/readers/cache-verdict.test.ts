import { expect } from 'chai';
import type { DaemonRuntime } from '../../src/model/runtime.js';
import { type CacheSample, cacheDumpFailure } from '../../src/readers/cache-verdict.js';

interface Counters {
  active?: number;
  created?: number;
  destroyed?: number;
  uptime?: number;
  events?: number | bigint;
  failed?: number;
  segfault?: number;
  termsig?: number;
}

/** The daemon's counters at one side of a dump. */
function sample({
  active,
  created = 0,
  destroyed = 0,
  uptime,
  events,
  failed = 0,
  segfault = 0,
  termsig = 0,
}: Counters): CacheSample {
  const runtime: DaemonRuntime = {
    ...(uptime === undefined ? {} : { uptime_seconds: uptime }),
    netlink: events === undefined ? {} : { events_received: events },
    runtime: { child_process_failed: failed, child_process_segfault: segfault, child_process_termsig: termsig },
  };
  if (active === undefined) return { runtime };
  const operations = { total: 0, failed: 0 };
  const counted = {
    created: { total: created, failed: 0 },
    updated: operations,
    destroyed: { total: destroyed, failed: 0 },
  };
  return { runtime, cache: { name: 'internal', kind: 'cache', active, ...counted } };
}

function reason(rows: number, before: Counters, after: Counters, cut = false, unreadable = 0): string | undefined {
  return cacheDumpFailure({ rows, cut, unreadable }, sample(before), sample(after))?.message;
}

describe('readers/cache-verdict', () => {
  it('takes as many rows as the cache has, or more', () => {
    expect(reason(100, { active: 100 }, { active: 100 })).to.equal(undefined);
    expect(reason(101, { active: 100 }, { active: 100 })).to.equal(undefined);
    expect(reason(0, { active: 0 }, { active: 0 })).to.equal(undefined);
  });

  it('takes the rows of a cache that grew meanwhile (measured: 14566 before, 14606 rows, 14765 after)', () => {
    expect(reason(14_606, { active: 14_566, destroyed: 50 }, { active: 14_765, destroyed: 60 })).to.equal(undefined);
    expect(reason(14_566, { active: 14_566 }, { active: 14_765 })).to.equal(undefined);
  });

  it('allows for what was destroyed meanwhile, and for no row more', () => {
    expect(reason(80, { active: 100, destroyed: 1000 }, { active: 90, destroyed: 1010 })).to.equal(undefined);
    expect(reason(79, { active: 100, destroyed: 1000 }, { active: 90, destroyed: 1010 })).to.equal(
      'The cache was not dumped whole: the dump has 79 flows, and the cache held at least 80.',
    );
  });

  it('is right where the 32-bit counter of what was destroyed has wrapped', () => {
    const before = { active: 100, destroyed: 4_294_967_290 };
    expect(reason(85, before, { active: 100, destroyed: 9 })).to.equal(undefined);
    expect(reason(84, before, { active: 100, destroyed: 9 })).to.include('at least 85');
  });

  it('takes any rows where more was destroyed than there was', () => {
    expect(reason(0, { active: 5, destroyed: 0 }, { active: 5, destroyed: 100 })).to.equal(undefined);
  });

  it('has no size to go by where the daemon keeps no such cache', () => {
    expect(reason(7, {}, {})).to.equal(undefined);
    expect(reason(0, { active: 100 }, {})).to.equal(undefined);
  });

  it('does not take a dump whose last line was cut', () => {
    expect(reason(100, { active: 100 }, { active: 100 }, true)).to.include('the last line of the dump has no newline');
  });

  it('does not take a dump with lines that are no flows: each may have been one', () => {
    expect(reason(100, { active: 100 }, { active: 100 }, false, 1)).to.include('1 of its lines is no flow');
    expect(reason(100, { active: 100 }, { active: 100 }, false, 2)).to.include('2 of its lines are no flows');
  });

  for (const [counter, words] of [
    ['failed', 'child process failed'],
    ['segfault', 'child process segfault'],
    ['termsig', 'child process termsig'],
  ] as const) {
    it(`does not take a dump while ${words} rose, however many rows there are`, () => {
      expect(reason(100, { active: 100, [counter]: 1 }, { active: 100, [counter]: 2 })).to.include(
        `counter "${words}" rose`,
      );
      expect(reason(100, { active: 100, [counter]: 1 }, { active: 100, [counter]: 1 })).to.equal(undefined);
    });
  }

  it('does not take a dump while the daemon was started again', () => {
    const restarted = 'The cache was not dumped whole: conntrackd was restarted meanwhile.';
    expect(reason(100, { active: 100, uptime: 7200 }, { active: 100, uptime: 0 })).to.equal(restarted);
    expect(reason(100, { active: 100, uptime: 0, events: 900 }, { active: 100, uptime: 0, events: 3 })).to.equal(
      restarted,
    );
    for (const counter of ['created', 'destroyed'] as const) {
      const [before, after] = [5_000, 12].map((total) => ({ active: 100, uptime: 0, events: 900, [counter]: total }));
      expect(reason(3, before!, { ...after!, active: 3 })).to.equal(restarted);
    }
    expect(reason(100, { active: 100, events: 2n ** 63n }, { active: 100, events: 2n ** 63n + 1n })).to.equal(
      undefined,
    );
  });

  it('names what the rows are', () => {
    const [before, after] = [sample({ active: 3 }), sample({ active: 3 })];
    const dump = { rows: 1, unreadable: 0, cut: false };
    expect(cacheDumpFailure(dump, before, after, 'expectation')?.message).to.include(
      'the dump has 1 expectations, and the cache held at least 3',
    );
    expect(cacheDumpFailure({ ...dump, unreadable: 1 }, before, after, 'expectation')?.message).to.include(
      '1 of its lines is no expectation',
    );
  });
});
