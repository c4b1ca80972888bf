import { expect } from 'chai';
import { parsePrintedDate } from '../../src/parsers/printed-date.js';

const told = (text: string): string | undefined => parsePrintedDate(text)?.toISOString();

describe('parsePrintedDate', () => {
  it('reads what date prints in UTC', () => {
    expect(told('Thu Nov 26 07:06:33 UTC 2026\n')).to.equal('2026-11-26T07:06:33.000Z');
    expect(told('Sun Nov  1 00:00:00 UTC 2026')).to.equal('2026-11-01T00:00:00.000Z');
  });

  it('believes no other zone, and no date that is none', () => {
    for (const text of [
      'Thu Nov 26 08:06:33 CET 2026\n',
      'Thu Feb 30 08:06:33 UTC 2026\n',
      'Thu Nov 26 25:06:33 UTC 2026\n',
      'Do 26. Nov 07:06:33 UTC 2026\n',
      'date: command not found\n',
      '',
    ]) {
      expect(told(text), text).to.equal(undefined);
    }
  });
});
