import { expect } from 'chai';
import fc from 'fast-check';
import { outcomeOf } from '../../src/actions/outcome.js';
import { resultOf } from '../../src/actions/requested.js';
import { bulkUpdate, commitCache, flushCache, resyncRequest, resyncWithKernel } from '../../src/actions/steps.js';
import type { PlannedStep } from '../../src/actions/steps.js';
import type { StepOutcome } from '../../src/model/action.js';
import type { LogEvent } from '../../src/model/daemon-log.js';
import { eventOf } from '../../src/parsers/daemon-log/messages.js';

const QUERY = { daemonConfig: '/etc/conntrackd/conntrackd.conf', silenceMs: undefined };

function proofOf(step: PlannedStep) {
  if (step.by !== 'daemon') throw new Error('no request');
  return step.proof;
}

function eventsOf(...messages: string[]): LogEvent[] {
  return messages.map((message) => eventOf(message)!);
}

describe('resultOf', () => {
  const told = (step: PlannedStep, ...messages: string[]) => resultOf(eventsOf(...messages), proofOf(step));

  it('takes the line of its own request for a proof, and no other', () => {
    expect(told(flushCache('external', QUERY), 'flushing external cache')?.outcome).to.equal('done');
    expect(told(flushCache('external', QUERY), 'flushing internal cache')).to.equal(undefined);
    expect(told(resyncWithKernel(QUERY), 'resync with master conntrack table')?.outcome).to.equal('done');
    expect(told(resyncWithKernel(QUERY), 'resync with master expect table')).to.equal(undefined);
    expect(told(bulkUpdate(QUERY), 'sending bulk update')?.outcome).to.equal('done');
    expect(told(resyncRequest(QUERY), 'resync requested')?.outcome).to.equal('done');
    expect(told(resyncRequest(QUERY), 'resync requested by other node')).to.equal(undefined);
  });

  it('knows what was refused, whatever else is logged', () => {
    const flush = told(flushCache('internal', QUERY), 'ignoring flush command, commit still in progress');
    expect(flush).to.deep.equal({ outcome: 'failed', evidence: 'a commit is in progress' });
    const commit = told(
      commitCache(QUERY),
      'commit already in progress, skipping',
      'Committed 20 new entries',
      'commit has taken 0.000558 seconds',
    );
    expect(commit).to.deep.equal({ outcome: 'failed', evidence: 'another commit is in progress' });
  });

  it('says what a commit has put into the kernel, and is not done where something is missing', () => {
    const took = 'commit has taken 0.000558 seconds';
    const whole = told(commitCache(QUERY), 'Committed 20 new entries', took, 'Committed 3 new expectations', took);
    expect(whole).to.deep.include({ outcome: 'done', committed: { flows: 20, failed: 0 } });
    const part = told(commitCache(QUERY), 'Committed 20 new entries', "2 entries can't be committed", took);
    expect(part).to.deep.include({ outcome: 'failed', committed: { flows: 20, failed: 2 } });
    expect(told(commitCache(QUERY), 'Committed 20 new entries')).to.equal(undefined);
  });
});

describe('a damaged log', () => {
  const MESSAGES = [
    'flushing internal cache',
    'flushing external cache',
    'resync with master conntrack table',
    'sending bulk update',
    'resync requested',
    'commit has taken 0.000558 seconds',
  ];
  const STEPS = [
    flushCache('internal', QUERY),
    flushCache('external', QUERY),
    resyncWithKernel(QUERY),
    bulkUpdate(QUERY),
    resyncRequest(QUERY),
    commitCache(QUERY),
  ];

  it('proves no step: a line in which a letter is wrong, or that is cut', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...MESSAGES), fc.nat(), fc.stringMatching(/^[a-z]?$/))
      .map(([message, at, letter]) => ({ message, at: at % message.length, letter }))
      .filter(({ message, at, letter }) => /[a-z]/.test(message[at]!) && message[at] !== letter)
      .map(({ message, at, letter }) => [message.slice(0, at) + letter + message.slice(at + 1), message.slice(0, at)]);
    fc.assert(
      fc.property(damaged, fc.constantFrom(...STEPS), (texts, step) => {
        const events = texts.flatMap((text) => eventOf(text) ?? []);
        expect(resultOf(events, proofOf(step))).to.equal(undefined);
      }),
    );
  });
});

describe('outcomeOf', () => {
  const outcomes: StepOutcome[] = ['done', 'failed', 'unverified', 'timeout', 'not_done'];

  it('is done only where every step is', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...outcomes), { minLength: 1 }), (each) => {
        const outcome = outcomeOf(each.map((one) => ({ step: 'x', command: 'x', outcome: one })));
        const begun = each.some((one) => one === 'done' || one === 'unverified' || one === 'timeout');
        const expected = each.every((one) => one === 'done') ? 'done' : begun ? 'partly' : 'failed';
        expect(outcome).to.equal(expected);
      }),
    );
  });
});
