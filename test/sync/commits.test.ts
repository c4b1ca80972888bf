import { expect } from 'chai';
import type { LogEvent, LogRecord } from '../../src/model/daemon-log.js';
import { lastCommits } from '../../src/sync/commits.js';

const AT = '2026-11-22T13:48:18.000Z';
const log = (...events: LogEvent[]): LogRecord[] => events.map((event) => ({ at: AT, message: '', event }));

const BEGUN: LogEvent = { type: 'commit_started', table: 'all' };
const FLOWS: LogEvent = { type: 'committed', flows: 34 };
const FLOWS_TOOK: LogEvent = { type: 'commit_took', seconds: 0.25 };
const WHOLE = { table: 'conntrack', committed: 34, failed: 0, seconds: 0.25, at: AT };

describe('sync/commits', () => {
  it('are none where none has ended', () => {
    expect(lastCommits([])).to.deep.equal([]);
    expect(lastCommits(log(BEGUN, FLOWS))).to.deep.equal([]);
    expect(lastCommits(log(FLOWS_TOOK))).to.deep.equal([]);
  });

  it('are those of flows and of expectations, each with its own time', () => {
    const expectations: LogEvent[] = [
      { type: 'committed', expectations: 2 },
      { type: 'commit_took', seconds: 0.5 },
    ];
    expect(lastCommits(log(BEGUN, FLOWS, FLOWS_TOOK, ...expectations))).to.deep.equal([
      WHOLE,
      { table: 'expect', committed: 2, failed: 0, seconds: 0.5, at: AT },
    ]);
  });

  it('count what the kernel did not take', () => {
    const failed: LogEvent = { type: 'commit_failed', flows: 3 };
    expect(lastCommits(log(BEGUN, FLOWS, failed, FLOWS_TOOK))).to.deep.equal([{ ...WHOLE, failed: 3 }]);
  });

  it('stay the one before while another one is at work, or where it was cut short', () => {
    const cut: LogEvent = { type: 'committed', flows: 9 };
    expect(lastCommits(log(BEGUN, FLOWS, FLOWS_TOOK, BEGUN, cut))).to.deep.equal([WHOLE]);
    expect(lastCommits(log(BEGUN, cut, BEGUN, FLOWS, FLOWS_TOOK))).to.deep.equal([WHOLE]);
  });

  it('have no time where the log has none', () => {
    const [commit] = lastCommits([FLOWS, FLOWS_TOOK].map((event) => ({ message: '', event })));
    expect(commit).to.not.have.property('at');
  });
});
