import { expect } from 'chai';
import type { NodeObservation, NodeSample } from '../../src/model/node-observation.js';
import { comparedWithin } from '../../src/readers/node/compared-node.js';
import { healthOf } from '../../src/sync/health.js';

const LINK = { bytes: 0, packets: 0, errors: 0 };

function sample(at: number, lost: number): NodeSample {
  return {
    at,
    pages: {
      main: {
        caches: [],
        link: { transport: 'multicast', device: 'eth0', sent: LINK, received: { ...LINK, packets: at } },
        messages: { malformed: 0, lost },
      },
    },
    tracking: { insert_failed: 0, drop: 0, early_drop: 0 },
  };
}

const node: NodeObservation = {
  confFile: '/etc/conntrackd/conntrackd.conf',
  conf: { general: {}, sync: { mode: 'ftfw', links: [] }, warnings: [] },
  before: sample(0, 3),
  now: sample(3000, 9),
  unread: {},
};
const sign = (pid: number) => ({ process: { pid, start_ticks: pid } });
const lost = (judged: NodeObservation) => ({
  found: healthOf(judged).findings.some(({ code }) => code === 'CTS-301'),
  why: healthOf(judged).not_checked.find(({ code }) => code === 'CTS-301')?.reason,
});

describe('readers/compared-node', () => {
  it('judges the counters of one daemon by both samples', () => {
    expect(lost(comparedWithin(node, sign(7), sign(7)))).to.deep.equal({ found: true, why: undefined });
  });

  it('takes what two daemons have counted for no rise, says why, and keeps what the kernel counts', () => {
    const compared = comparedWithin(node, sign(7), sign(8));
    const why = 'conntrackd was restarted (another process answers now)';
    expect(lost(compared)).to.deep.equal({ found: false, why });
    expect(compared).to.deep.include({ restarted: why, before: { at: 0, pages: {}, tracking: node.before!.tracking } });
  });

  it('leaves a single sample as it is', () => {
    const { before: _, ...single } = node;
    expect(comparedWithin(single, sign(7), sign(8))).to.equal(single);
  });
});
