const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const CTIME = /^(\w{3}) (\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d) (\d{4})$/;
const WITHOUT_YEAR = /^(\w{3}) ([ \d]\d) (\d\d):(\d\d):(\d\d)$/;
const RFC_3339 = /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:\d\d)$/;
const DAY_MS = 86_400_000;

/**
 * What the clock on the wall showed, in milliseconds as if it were UTC: `Sun Nov 22 13:41:24 2026` of ctime(3). Undefined
 * where there is no such day, or it is another day of the week.
 */
export function clockOfCtime(text: string): number | undefined {
  const [, weekday = '', month = '', day, hour, minute, second, year] = CTIME.exec(text) ?? [];
  const clock = clockOf(Number(year), month, [day, hour, minute, second].map(Number));
  return clock !== undefined && WEEKDAYS[new Date(clock).getUTCDay()] === weekday ? clock : undefined;
}

/**
 * As {@link clockOfCtime}, of syslog's `Nov 22 13:41:24`, which names no year: the last one in which it is not later than
 * `now`, by more than a day, since clocks differ.
 *
 * @param now what the clock shows now, in the same way
 */
export function clockOfSyslog(text: string, now: number): number | undefined {
  const [, month = '', day, hour, minute, second] = WITHOUT_YEAR.exec(text) ?? [];
  const year = new Date(now).getUTCFullYear();
  // The 29th of February may be eight years back.
  for (let back = -1; back <= 8; back++) {
    const clock = clockOf(year - back, month, [day, hour, minute, second].map(Number));
    if (clock !== undefined && clock <= now + DAY_MS) return clock;
  }
  return undefined;
}

/** RFC 3339 with any precision, as an instant in UTC with the same; undefined where it is none. */
export function instantOfRfc3339(text: string): string | undefined {
  const [, day = '', time = '', fraction, zone = ''] = RFC_3339.exec(text) ?? [];
  const whole = Date.parse(`${day}T${time}${zone.toUpperCase()}`);
  const clock = Date.parse(`${day}T${time}Z`);
  // Date takes the 30th of February for the 2nd of March.
  if (Number.isNaN(whole) || new Date(clock).toISOString().slice(0, 19) !== `${day}T${time}`) return undefined;
  return utc(whole, fraction);
}

/** An instant as RFC 3339 in UTC, whole seconds and what stands behind the point. */
export function utc(instant: number, fraction = ''): string {
  return `${new Date(instant).toISOString().slice(0, 19)}${fraction === '' ? '' : `.${fraction}`}Z`;
}

function clockOf(
  year: number,
  month: string,
  [day = NaN, hour = NaN, minute = NaN, second = NaN]: readonly number[],
): number | undefined {
  const index = MONTHS.indexOf(month);
  if (index < 0 || !(year >= 1970) || hour > 23 || minute > 59 || second > 59) return undefined;
  const clock = Date.UTC(year, index, day, hour, minute, second);
  const date = new Date(clock);
  return date.getUTCMonth() === index && date.getUTCDate() === day ? clock : undefined;
}
