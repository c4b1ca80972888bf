import { expect } from 'chai';
import { instantOfSince } from '../../src/parsers/since.js';
import { TimeZone } from '../../src/parsers/time-zone.js';

const NOW = Date.parse('2026-11-25T20:30:00Z');
const VIENNA = TimeZone.named('Europe/Vienna')!;

function since(text: string, zone = VIENNA): string | undefined {
  const instant = instantOfSince(text, NOW, () => zone);
  return instant === undefined ? undefined : new Date(instant).toISOString();
}

describe('parsers/since', () => {
  for (const [text, instant] of [
    ['90s', '2026-11-25T20:28:30.000Z'],
    ['10m', '2026-11-25T20:20:00.000Z'],
    ['10 min', '2026-11-25T20:20:00.000Z'],
    ['2h', '2026-11-25T18:30:00.000Z'],
    ['1d', '2026-11-24T20:30:00.000Z'],
    ['1w', '2026-11-18T20:30:00.000Z'],
    ['2026-11-22T13:00:00Z', '2026-11-22T13:00:00.000Z'],
    ['2026-11-22T13:00:00.5+01:00', '2026-11-22T12:00:00.500Z'],
    ['2026-11-22 13:00', '2026-11-22T12:00:00.000Z'],
    ['2026-11-22T13:00:07', '2026-11-22T12:00:07.000Z'],
    ['2026-07-22', '2026-07-21T22:00:00.000Z'],
    ['today', '2026-11-24T23:00:00.000Z'],
    ['yesterday', '2026-11-23T23:00:00.000Z'],
  ] as const) {
    it(text, () => {
      expect(since(text)).to.equal(instant);
    });
  }

  it('begins behind an hour that the clocks left out', () => {
    expect(since('2026-03-29 02:30')).to.equal('2026-03-29T01:30:00.000Z');
  });

  for (const text of [
    '',
    'soon',
    '10',
    '10y',
    '-10m',
    '2026-02-30',
    '2026-11-22 25:00',
    '2026-11-22T13:00:00+25:00',
    '22:00',
  ])
    it(`is no time: ${JSON.stringify(text)}`, () => {
      expect(since(text)).to.equal(undefined);
    });
});
