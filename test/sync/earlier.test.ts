import { expect } from 'chai';
import type { SignedSample } from '../../src/model/daemon-sign.js';
import { earlierFor } from '../../src/sync/check/earlier.js';

const TRACKING = { drop: 3 };

function signed(at: number, uptime: number, pid?: number): SignedSample {
  return {
    sample: {
      at,
      pages: { runtime: { uptime_seconds: uptime, netlink: { overrun: 0 }, runtime: {} } },
      unacknowledged: 4,
      sockets: [{ address: '0.0.0.0', port: 3780, drops: 9 }],
      tracking: TRACKING,
      flows: 100,
    },
    ...(pid === undefined ? {} : { process: { pid, start_ticks: pid * 10 } }),
  };
}

describe('sync/check/earlier', () => {
  it('is the whole earlier sample of a daemon that goes on', () => {
    const earlier = signed(1000, 60, 7);
    expect(earlierFor(signed(301_000, 360, 7), earlier)).to.deep.equal({ before: earlier.sample });
  });

  for (const [title, now, seen] of [
    ['another process', signed(301_000, 360, 8), 'another process answers now'],
    ['an uptime that fell, where processes are not seen', signed(301_000, 0), 'its uptime began anew'],
    ['an uptime that is too short', signed(901_000, 120), 'its uptime began anew'],
  ] as const) {
    it(`is without the daemon's counters after ${title}, and with the kernel's`, () => {
      expect(earlierFor(now, signed(1000, 60, 7))).to.deep.equal({
        before: { at: 1000, pages: {}, tracking: TRACKING, flows: 100 },
        restarted: `conntrackd was restarted (${seen})`,
      });
    });
  }

  it('is whole where a daemon did not answer in one of the runs: nothing of it can be compared', () => {
    const silent: SignedSample = { sample: { at: 1000, pages: {}, flows: 5 } };
    expect(earlierFor(signed(301_000, 0, 8), silent)).to.deep.equal({ before: silent.sample });
  });
});
