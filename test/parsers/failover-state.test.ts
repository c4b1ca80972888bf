import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { parseFailoverState } from '../../src/parsers/failover-state.js';

const PATH = '/run/ctsync/failover-state';

function at(time: string): string | undefined {
  return parseFailoverState(`MASTER at ${time}\n`, PATH)?.at;
}

describe('parseFailoverState', () => {
  it('reads the record of our hook', () => {
    expect(parseFailoverState('MASTER at 2026-11-22T13:28:00.123Z\n', PATH)).to.deep.equal({
      state: 'MASTER',
      at: '2026-11-22T13:28:00.123Z',
      at_text: '2026-11-22T13:28:00.123Z',
    });
  });

  it("reads the record of VyOS's hook and keeps a time whose zone has only a name", () => {
    expect(parseFailoverState('BACKUP at Fri Dec 24 10:34:36 EET 2021\n', PATH)).to.deep.equal({
      state: 'BACKUP',
      at_text: 'Fri Dec 24 10:34:36 EET 2021',
    });
    expect(parseFailoverState('FAULT at Fri 24 Dec 2021 10:34:36 AM EET', PATH)).to.deep.equal({
      state: 'FAULT',
      at_text: 'Fri 24 Dec 2021 10:34:36 AM EET',
    });
  });

  it('knows every state', () => {
    for (const state of ['MASTER', 'BACKUP', 'FAULT', 'STOP', 'DELETED', 'UNKNOWN']) {
      expect(parseFailoverState(`${state} at noon`, PATH)).to.deep.equal({ state, at_text: 'noon' });
    }
  });

  it('takes an empty file for no transition', () => {
    for (const text of ['', '\n', ' \r\n\n']) expect(parseFailoverState(text, PATH)).to.equal(undefined);
  });

  it('takes the first of several lines', () => {
    const text = 'MASTER at 2026-11-22T13:28:00Z\r\nBACKUP at 2026-11-22T13:29:00Z\n';
    expect(parseFailoverState(text, PATH)).to.deep.include({ state: 'MASTER', at_text: '2026-11-22T13:28:00Z' });
  });

  describe('times that are certain', () => {
    const CASES: [string, string][] = [
      ['2026-11-22T13:28:00Z', '2026-11-22T13:28:00.000Z'],
      ['2026-11-22t13:28:00.1z', '2026-11-22T13:28:00.100Z'],
      ['2026-11-22T13:28:00.123456789+05:30', '2026-11-22T07:58:00.123Z'],
      ['2026-11-22 13:28:00-0330', '2026-11-22T16:58:00.000Z'],
      ['2026-11-22T13:28:00,5 +02', '2026-11-22T11:28:00.500Z'],
      ['2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
      ['0050-01-01T00:00:00Z', '0050-01-01T00:00:00.000Z'],
      ['Fri Dec 24 10:34:36 UTC 2021', '2021-12-24T10:34:36.000Z'],
      ['Wed Dec  1 10:34:36 UTC 2021', '2021-12-01T10:34:36.000Z'],
      ['Fri Dec 24 12:04:36 AM GMT 2021', '2021-12-24T00:04:36.000Z'],
      ['Fri 24 Dec 2021 10:34:36 PM UTC', '2021-12-24T22:34:36.000Z'],
      ['Fri 24 Dec 2021 12:34:36 PM UTC', '2021-12-24T12:34:36.000Z'],
      ['Fri 24 Dec 10:34:36 GMT 2021', '2021-12-24T10:34:36.000Z'],
      ['Fri, 24 Dec 2021 01:34:36 +0300', '2021-12-23T22:34:36.000Z'],
      ['Fri Dec 24 23:34:36 -03 2021', '2021-12-25T02:34:36.000Z'],
    ];
    for (const [time, instant] of CASES) {
      it(`such as ${time}`, () => {
        expect(at(time)).to.equal(instant);
      });
    }
  });

  describe('times that are not', () => {
    const TIMES = [
      '2026-11-22T13:28:00',
      '2026-11-22T13:28:00 CET',
      '2026-11-22T13:28:00.1234567890Z',
      '2026-02-29T00:00:00Z',
      '2026-13-01T00:00:00Z',
      '2026-00-01T00:00:00Z',
      '2026-11-22T24:00:00Z',
      '2026-11-22T13:60:00Z',
      '2026-11-22T13:28:60Z',
      '2026-11-22T13:28:00+15:00',
      '2026-11-22T13:28:00+05:60',
      'Fri Dec 24 10:34:36 EET 2021',
      'Fri Dec 24 10:34:36 IST 2021',
      'Fri Dec 24 10:34:36 utc 2021',
      'Thu Dec 24 10:34:36 UTC 2021',
      'Fri 24 Dec 2021 13:34:36 PM UTC',
      'Fri 24 Dec 2021 00:34:36 AM UTC',
      'ven. 24 déc. 2021 10:34:36 UTC',
      '1640334876',
      'yesterday',
    ];
    for (const time of TIMES) {
      it(`such as ${time}`, () => {
        expect(parseFailoverState(`MASTER at ${time}`, PATH)).to.deep.equal({ state: 'MASTER', at_text: time });
      });
    }
  });

  it('reads what date(1) prints here', () => {
    const date = (...args: string[]): string => {
      const env = { ...process.env, LC_ALL: 'C', TZ: 'UTC' };
      return spawnSync('date', ['-d', '@1640342076', ...args], { encoding: 'utf8', env }).stdout.trim();
    };
    for (const args of [[], ['-R'], ['--rfc-3339=ns'], ['-Iseconds'], ['-Ins'], ['+%a %d %b %Y %r %Z']]) {
      expect(at(date(...args)), date(...args)).to.equal('2021-12-24T10:34:36.000Z');
    }
  });

  describe('what is no record', () => {
    const RECORDS: [string, string][] = [
      ['words', 'nothing to see here'],
      ['an unknown state', 'RULER at 2026-11-22T13:28:00Z'],
      ['a state in lower case', 'master at 2026-11-22T13:28:00Z'],
      ['a state without time', 'MASTER'],
      ['a state without time, with at', 'MASTER at \n'],
      ['control characters', 'MASTER at \u001b[31mnoon'],
      ['a zero byte', 'MASTER at noon\u0000'],
      ['a second line only', '\nMASTER at noon'],
      ['a huge line', `MASTER at ${'x'.repeat(1e6)}`],
      ['a huge empty line', ' '.repeat(1e6)],
      ['bytes', '\u0000\u0001\ufffd'],
    ];
    for (const [name, text] of RECORDS) {
      it(`such as ${name}`, () => {
        expect(() => parseFailoverState(text, PATH))
          .to.throw(Failure, /^\/run\/ctsync\/failover-state does not record a transition/)
          .with.property('code', 'BAD_ANSWER');
      });
    }
  });
});
