import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import type { LogRecord } from '../../src/model/daemon-log.js';
import type { Transition } from '../../src/model/transition.js';
import { parseTransitionLine } from '../../src/parsers/transition-line.js';
import { LoggedTransitions } from '../../src/parsers/syslog-transition.js';
import { fixture } from '../support/ctsync.js';

const lines = readFileSync(fixture('ctsync-failover-1/r1.ndjson'), 'utf8').trimEnd().split('\n');

describe('parseTransitionLine', () => {
  it('reads what the hook has recorded of a live pair, as it stands there', () => {
    expect(lines).to.have.length(12);
    for (const line of lines) {
      const { schema, ...fields } = JSON.parse(line) as Record<string, unknown>;
      expect(schema).to.equal('ctsync/transition/1');
      expect(parseTransitionLine(line)).to.deep.equal(fields);
    }
    expect(lines.map((line) => parseTransitionLine(line)?.to)).to.include.members([
      'MASTER',
      'BACKUP',
      'FAULT',
      'STOP',
    ]);
  });

  it('leaves out what a newer hook may add', () => {
    const newer = lines[1]!.replace(/}$/, ',"weather":"rain"}');
    expect(parseTransitionLine(newer)).to.deep.equal(parseTransitionLine(lines[1]!));
  });

  for (const [what, from, to] of [
    ['another schema', 'transition/1', 'transition/2'],
    ['a state that there is not', '"to":"MASTER"', '"to":"EMPEROR"'],
    ['a result that there is not', '"result":"done"', '"result":"fine"'],
    ['a time that there is not', /"at":"[^"]*"/, '"at":"2026-02-30T00:00:00.000Z"'],
    ['a time without a zone', /"at":"([^"]*)Z"/, '"at":"$1"'],
    ['a count that is a text', /"committed":\d+/, '"committed":"7"'],
    ['a count below zero', /"committed":\d+/, '"committed":-7'],
    ['a duration below zero', /"seconds":[\d.]+/, '"seconds":-1'],
    ['a step that there is not', '"step":"commit"', '"step":"dance"'],
    ['steps that are no list', /"steps":\[.*?\]/, '"steps":{}'],
    ['half a line', /.{20}$/, ''],
  ] as const) {
    it(`refuses ${what}`, () => {
      const line = lines[1]!.replace(from, to);
      expect(line).to.not.equal(lines[1]);
      expect(parseTransitionLine(line)).to.equal(undefined);
    });
  }

  it('refuses what is no line of it at all', () => {
    for (const text of ['', 'null', '7', '[]', '{}', '"x"', '{"schema":"ctsync/transition/1"}']) {
      expect(parseTransitionLine(text), text).to.equal(undefined);
    }
  });
});

describe('LoggedTransitions', () => {
  const message = 'vyos transitioning to MASTER state for VRRP sync-group [SYNC]';
  const told = { host: 'vyos', group: 'SYNC', to: 'MASTER' };
  const transitionsOf = (...records: LogRecord[]): Transition[] => {
    const logged = new LoggedTransitions();
    records.forEach((record) => logged.take(record));
    return logged.transitions;
  };

  it('reads what the hook of VyOS logs, with its time or with what is there of it', () => {
    const [at, written] = ['2026-11-22T13:28:00Z', 'Nov 22 13:28:00'];
    expect(transitionsOf({ at, message }, { at_text: written, message })).to.deep.equal([
      { at, ...told },
      { at_text: written, ...told },
    ]);
  });

  it('has a transition of which a request failed as failed, and no other', () => {
    const failed = { message: 'ERROR: failed to invoke conntrackd -c' };
    expect(transitionsOf(failed, { message }, { message }, failed, failed, { message })).to.deep.equal([
      told,
      { ...told, result: 'failed' },
      told,
    ]);
  });

  it('takes nothing else for one', () => {
    for (const other of [
      'resync requested',
      `${message} or so`,
      message.replace('MASTER', 'UNKNOWN'),
      message.replace('[SYNC]', '[]'),
    ]) {
      expect(transitionsOf({ message: other }), other).to.deep.equal([]);
    }
    expect(transitionsOf({ message, truncated: true })).to.deep.equal([]);
  });
});
