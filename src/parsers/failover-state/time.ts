const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const RFC_3339 =
  /^(?<year>\d{4})-(?<month>\d{2})-(?<day>\d{2})[Tt ](?<time>\d{2}:\d{2}:\d{2})(?:[.,](?<fraction>\d{1,9}))?\s?(?<zone>\S+)$/;

// What date(1) prints in English locales: `Fri Dec 24 10:34:36 UTC 2021`, `Fri 24 Dec 2021 10:34:36 AM UTC` …
const WEEKDAY = `(?<weekday>${WEEKDAYS.join('|')}),?`;
const MONTH = `(?<month>${MONTHS.join('|')})`;
const DAY = String.raw`(?<day>\d{1,2})`;
const YEAR = String.raw`(?<year>\d{4})`;
const TIME = String.raw`(?<time>\d{1,2}:\d{2}:\d{2})(?:\s(?<half>[AP]M))?`;
const ZONE = String.raw`(?<zone>\S+)`;

const LAYOUTS = [
  RFC_3339,
  ...[
    [WEEKDAY, MONTH, DAY, TIME, ZONE, YEAR],
    [WEEKDAY, DAY, MONTH, YEAR, TIME, ZONE],
    [WEEKDAY, DAY, MONTH, TIME, ZONE, YEAR],
  ].map((parts) => new RegExp(`^${parts.join(String.raw`\s+`)}$`)),
];

/**
 * The instant that a time means beyond doubt: one with `Z`, `UTC`, `GMT` or a numeric offset, in RFC 3339 or as date(1)
 * prints it. Undefined for every other zone, and where the date does not exist or is not that weekday.
 */
export function instantOf(text: string): Date | undefined {
  for (const layout of LAYOUTS) {
    const parts = layout.exec(text)?.groups;
    if (parts !== undefined) return instantOfParts(parts as Parts);
  }
  return undefined;
}

type Parts = Record<'year' | 'month' | 'day' | 'time' | 'zone', string> &
  Partial<Record<'fraction' | 'half' | 'weekday', string>>;

function instantOfParts(parts: Parts): Date | undefined {
  const offset = offsetMinutes(parts.zone);
  const local = localTime(parts);
  if (offset === undefined || local === undefined) return undefined;
  return new Date(local.getTime() - offset * 60_000);
}

/** Minutes east of Greenwich; undefined where the zone's name does not say it. */
function offsetMinutes(zone: string): number | undefined {
  if (/^(?:Z|z|UTC|GMT)$/.test(zone)) return 0;
  // date(1) prints the offset itself where a zone has no name: `+03`, `-0330`.
  const [, sign, hours, minutes = '0'] = /^([-+])(\d{2}):?(\d{2})?$/.exec(zone) ?? [];
  if (hours === undefined || Number(hours) > 14 || Number(minutes) > 59) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

/** The time on the clock, as if its zone were UTC. */
function localTime({ year, month, day, time, half, fraction = '', weekday }: Parts): Date | undefined {
  const [hour, minute, second] = time.split(':').map(Number) as [number, number, number];
  const hour24 = half === undefined ? hour : twentyFourHours(hour, half);
  if (hour24 === undefined || hour24 > 23 || minute > 59 || second > 59) return undefined;
  const monthIndex = MONTHS.includes(month) ? MONTHS.indexOf(month) : Number(month) - 1;
  const milliseconds = Number(fraction.padEnd(3, '0').slice(0, 3));
  const date = new Date(0);
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(Number(year), monthIndex, Number(day));
  date.setUTCHours(hour24, minute, second, milliseconds);
  const exists = date.getUTCMonth() === monthIndex && date.getUTCDate() === Number(day);
  const isWeekday = weekday === undefined || WEEKDAYS[date.getUTCDay()] === weekday;
  return exists && isWeekday ? date : undefined;
}

function twentyFourHours(hour: number, half: string): number | undefined {
  if (hour < 1 || hour > 12) return undefined;
  return (hour % 12) + (half === 'PM' ? 12 : 0);
}
