import { instantOfRfc3339 } from './daemon-log/log-time.js';
import type { TimeZone } from './time-zone.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/**
 * The instant that an operator means: so long ago (`10m`, `2h`, `1d`), RFC 3339, a time on the clock (`2026-11-22 13:00`),
 * a day, `today` or `yesterday`. Undefined where it is none of these.
 *
 * @param now the instant of asking
 * @param zoneOf the operator's clock; asked for only where the text needs it, since a zone takes 8 MB and 10 ms to know
 */
export function instantOfSince(text: string, now: number, zoneOf: () => TimeZone): number | undefined {
  const [, count, unit = ''] = /^(\d{1,9})\s?([a-z]+)$/.exec(text) ?? [];
  const length = UNITS[unit];
  if (count !== undefined) return length === undefined ? undefined : now - Number(count) * length;
  if (text === 'today') return dayAt(now, zoneOf());
  if (text === 'yesterday') return dayAt(now, zoneOf(), -DAY_MS);
  const instant = instantOfRfc3339(text);
  return instant === undefined ? onTheClock(text, zoneOf()) : Date.parse(instant);
}

/** Digits are checked by the way back: Date takes the 30th of February for the 2nd of March. */
function onTheClock(text: string, zone: TimeZone): number | undefined {
  const [, day, time = '00:00', seconds = ':00'] = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?)?$/.exec(text) ?? [];
  const instant = day === undefined ? undefined : instantOfRfc3339(`${day}T${time}${seconds}Z`);
  return instant === undefined ? undefined : firstFrom(Date.parse(instant), zone);
}

/** The beginning of the day at an instant, or of one so much later on the clock. */
function dayAt(instant: number, zone: TimeZone, later = 0): number {
  return firstFrom(Math.floor((zone.clockAt(instant) + later) / DAY_MS) * DAY_MS, zone);
}

/** The first instant of a time on the clock; where clocks were put forward over it, an hour later is as good. */
function firstFrom(clock: number, zone: TimeZone): number {
  return zone.instantsOf(clock)[0] ?? zone.instantsOf(clock + HOUR_MS)[0] ?? clock;
}
