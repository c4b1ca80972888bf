import { expect } from 'chai';
import type { CacheDetails } from '../../src/model/daemon-pages.js';
import { type Comparable, isToBeCompared, whyNotComparable } from '../../src/sync/comparable.js';

function cache(name: string, kind: CacheDetails['kind']): CacheDetails {
  const none = { total: 0, failed: 0 };
  return { name, kind, created: none, updated: none, destroyed: none };
}

function node(over: Partial<Comparable> = {}, external: CacheDetails['kind'] = 'cache'): Comparable {
  return {
    conf: { general: { filter: { from: 'userspace' } }, sync: { links: [] }, warnings: [] },
    now: { at: 0, pages: { cache: { caches: [cache('internal', 'cache'), cache('external', external)] } } },
    ...over,
  };
}

const ROLE = { sync_group: 'G', held: [], missing: [] };

describe('whether the internal cache is compared with the kernel', () => {
  it('is so on a master, and where no role is known', () => {
    expect(isToBeCompared(node())).to.equal(true);
    expect(isToBeCompared(node({ roles: [{ ...ROLE, role: 'master' }] }))).to.equal(true);
    expect(
      isToBeCompared(
        node({
          roles: [
            { ...ROLE, role: 'backup' },
            { ...ROLE, role: 'master' },
          ],
        }),
      ),
    ).to.equal(true);
  });

  it('is not on a backup, nor without an internal cache', () => {
    expect(isToBeCompared(node({ roles: [{ ...ROLE, role: 'backup' }] }))).to.equal(false);
    const without = { at: 0, pages: { cache: { caches: [cache('internal', 'bypass')] } } };
    expect(isToBeCompared(node({ now: without }))).to.equal(false);
    expect(isToBeCompared(node({ now: { at: 0, pages: {} } }))).to.equal(false);
  });

  const start = new Date('2026-11-22T10:00:00Z');
  const refusals: [string, Comparable, RegExp | undefined][] = [
    ['can be', node(), undefined],
    ['can be without a filter', node({ conf: { general: {}, warnings: [] } }), undefined],
    ['can not be without the configuration', { now: node().now }, /without its configuration$/],
    [
      'can not be with a configuration of another start',
      node({ confChanged: new Date('2026-11-22T10:00:04Z'), runningSince: start }),
      /may not be the one that conntrackd runs with$/,
    ],
    ['can be with that of this start', node({ confChanged: start, runningSince: start }), undefined],
    [
      'can not be with a filter in the kernel',
      node({ conf: { general: { filter: { from: 'kernelspace' } }, warnings: [] } }),
      /^with Filter From Kernelspace /,
    ],
    ['can not be with PollSecs', node({ conf: { general: { poll_seconds: 10 }, warnings: [] } }), /^with PollSecs /],
    ['can not be with the flows of the peer', node({}, 'inject'), /^with DisableExternalCache /],
  ];
  for (const [what, given, expected] of refusals)
    it(what, () => {
      if (expected === undefined) expect(whyNotComparable(given)).to.equal(undefined);
      else expect(whyNotComparable(given)).to.match(expected);
    });
});
