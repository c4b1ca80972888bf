import { expect } from 'chai';
import type { Thresholds } from '../../src/model/check.js';
import type { NodeObservation, NodeSample } from '../../src/model/node-observation.js';
import { checkKernel, checkSync } from '../../src/sync/check/checks.js';
import { KERNEL_FIGURES, SYNC_FIGURES } from '../../src/sync/check/figures.js';
import { thresholdsOf } from '../../src/sync/check/thresholds.js';
import { unjudgedThresholds } from '../../src/sync/check/unjudged.js';

const HEALTHY = { verdict: 'ok' as const, findings: [], not_checked: [] };

/** A sample of a daemon that receives over TCP, and keeps no external cache. */
function sample(at: number, over: Partial<NodeSample> = {}): NodeSample {
  return {
    at,
    pages: {
      main: {
        caches: [
          { name: 'internal', kind: 'cache', active: 3, created: DONE, updated: DONE, destroyed: DONE },
          { name: 'external', kind: 'inject', created: DONE, updated: DONE, destroyed: DONE },
        ],
        messages: { malformed: 0, lost: 7 },
      },
      queue: { allocated_nodes: 0, queues: [] },
    },
    sockets: [],
    tracking: { drop: 1, early_drop: 0 },
    flows: 10,
    ...over,
  };
}

const DONE = { total: 0, failed: 0 };

function node(over: Partial<NodeObservation> = {}): NodeObservation {
  return { confFile: 'conntrackd.conf', now: sample(5000), before: sample(1000), limit: 0, unread: {}, ...over };
}

function sync(...critical: string[]): Thresholds {
  return thresholdsOf([], critical, SYNC_FIGURES);
}

function kernel(...critical: string[]): Thresholds {
  return thresholdsOf([], critical, KERNEL_FIGURES);
}

describe('sync/check/unjudged', () => {
  it('has nothing to say of thresholds that have their figures', () => {
    const thresholds = sync('internal=5', 'lost=1:', 'lost_per_second=0');
    const { status, details } = checkSync(node(), HEALTHY, thresholds);
    expect({ status, details }).to.deep.equal({ status: 'OK', details: [] });
  });

  for (const [name, why] of [
    ['external', 'conntrackd keeps no external cache'],
    ['unacknowledged', 'conntrackd keeps no resend queue, which only FTFW mode has'],
    ['receive_drops', 'conntrackd receives on no UDP socket'],
    ['receive_drops_per_second', 'conntrackd receives on no UDP socket'],
    ['send_errors_per_second', 'conntrackd does not show it'],
    ['overruns', 'The answer is no page'],
  ] as const) {
    it(`${name}, which this node does not have, makes what would be OK UNKNOWN`, () => {
      const observed = node({ unread: { runtime: 'The answer is no page' } });
      const { status, message, details } = checkSync(observed, HEALTHY, sync(`${name}=5`));
      expect([status, message]).to.deep.equal(['UNKNOWN', `The threshold of ${name} can't be judged: ${why}.`]);
      expect(details).to.deep.equal([`UNKNOWN: ${message}`]);
    });
  }

  it('what is worse than that stays so', () => {
    const { status, message } = checkSync(node(), HEALTHY, sync('external=5', 'internal=1'));
    expect([status, message]).to.deep.equal(['CRITICAL', 'internal is 3, which the range 1 alerts of. (and 1 more)']);
  });

  it('the share of a table that has no limit is none', () => {
    const { status, message } = checkKernel(node(), kernel('used=95'));
    expect([status, message]).to.deep.equal([
      'UNKNOWN',
      "The threshold of used can't be judged: the table has no limit.",
    ]);
    const { details } = checkKernel(
      node({ now: { at: 5000, pages: {} }, unread: { flows: 'it is off' } }),
      kernel('used=95'),
    );
    expect(details).to.deep.equal(["UNKNOWN: The threshold of used can't be judged: it is off."]);
  });

  for (const [title, over, restarted, why] of [
    [
      'there is no baseline',
      { before: undefined, unread: { before: 'this is the first run' } },
      undefined,
      'this is the first run',
    ],
    [
      'the daemon was restarted',
      { before: { at: 1, pages: {} } },
      'conntrackd was restarted',
      'conntrackd was restarted',
    ],
    ['the last run had none', { before: { at: 1, pages: {} } }, undefined, 'the earlier sample does not have it'],
    ['no time has passed', { before: sample(5000) }, undefined, 'no time has passed since the earlier sample'],
  ] as const) {
    it(`a rate is missing while ${title}: that is said, and nothing is made of it`, () => {
      const { before, ...others } = over;
      const observed: NodeObservation = {
        ...node(others),
        ...(before ? { before } : {}),
        ...(restarted ? { restarted } : {}),
      };
      if (before === undefined) delete observed.before;
      const { status, details } = checkSync(observed, HEALTHY, sync('lost_per_second=5'));
      expect({ status, details }).to.deep.equal({
        status: 'OK',
        details: [`Not judged: lost_per_second, for ${why}.`],
      });
    });
  }

  it('a counter that has fallen has no rate', () => {
    const fallen = sample(5000);
    fallen.pages.main!.messages!.lost = 3;
    const [one] = unjudgedThresholds(node({ now: fallen }), [], sync('lost_per_second=5'));
    expect(one).to.deep.include({ why: 'the counter has fallen since the earlier sample', lasting: false });
  });

  it('a capture never has a rate', () => {
    const observed = node({ now: sample(0), unread: { before: 'a capture is one sample' } });
    delete observed.before;
    expect(checkSync(observed, HEALTHY, sync('lost_per_second=5')).status).to.equal('UNKNOWN');
  });

  it('a daemon that does not answer is a finding itself', () => {
    const daemonFailure = { code: 'DAEMON_UNREACHABLE', message: 'It is down.' } as const;
    const observed = node({ now: { at: 5000, pages: {} }, daemonFailure });
    const unjudged = unjudgedThresholds(observed, [], sync('external=5', 'uptime=60:'));
    expect(unjudged).to.deep.equal(
      ['external', 'uptime'].map((name) => ({ name, why: 'conntrackd does not give it now', lasting: false })),
    );
  });
});
