import { expect } from 'chai';
import fc from 'fast-check';
import { TimeZone } from '../../src/parsers/time-zone.js';

const ZONES = ['UTC', 'Europe/Vienna', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Auckland'];
const QUARTER_MS = 900_000;

describe('parsers/time-zone', () => {
  it('knows no zone that is none', () => {
    for (const name of ['', 'Europe/Nowhere', 'CET-1CEST', '../etc/passwd'])
      expect(TimeZone.named(name), name).to.equal(undefined);
  });

  it('finds every instant again by what the clock showed then, and no other', () => {
    const instants = fc.integer({ min: Date.UTC(1995, 0), max: Date.UTC(2037, 0) });
    fc.assert(
      fc.property(fc.constantFrom(...ZONES), instants, (name, at) => {
        const zone = TimeZone.named(name)!;
        const found = zone.instantsOf(zone.clockAt(at));
        expect(found).to.include(at);
        expect(found.map((instant) => zone.clockAt(instant))).to.deep.equal(found.map(() => zone.clockAt(at)));
        expect([...found].sort((a, b) => a - b)).to.deep.equal(found);
      }),
      { numRuns: 300 },
    );
  });

  it('finds both instants of a time that comes twice, and none of one that is left out', () => {
    const vienna = TimeZone.named('Europe/Vienna')!;
    const on = (month: number, day: number, hour: number) => vienna.instantsOf(Date.UTC(2026, month, day, hour, 30));
    expect(on(9, 25, 2)).to.deep.equal([Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 9, 25, 1, 30)]);
    expect(on(2, 29, 2)).to.deep.equal([]);
    const lordHowe = TimeZone.named('Australia/Lord_Howe')!;
    // Half an hour only, on the first Sunday of April.
    expect(lordHowe.instantsOf(Date.UTC(2026, 3, 5, 1, 45))).to.have.length(2);
    expect(lordHowe.instantsOf(Date.UTC(2026, 3, 5, 1, 15))).to.have.length(1);
  });

  it('gives for each quarter of a day the same as for its first moment', () => {
    const vienna = TimeZone.named('Europe/Vienna')!;
    for (let clock = Date.UTC(2026, 9, 25); clock < Date.UTC(2026, 9, 26); clock += QUARTER_MS) {
      const fresh = TimeZone.named('Europe/Vienna')!;
      expect(vienna.instantsOf(clock + QUARTER_MS - 1000)).to.deep.equal(fresh.instantsOf(clock + QUARTER_MS - 1000));
    }
  });
});
