import { Failure } from '../../model/failure.js';
import { instantOfSince } from '../../parsers/since.js';
import { TimeZone } from '../../parsers/time-zone.js';
import { ownTimeZone } from '../../sources/time-zone.js';

/** The daemon's own log, or, in statistics mode, that of the flows that have ended. */
export type LogName = 'daemon' | 'stats';

/** What the flags of the command say. */
export interface LogFlags {
  since?: string | undefined;
  limit?: number | 'all' | undefined;
  follow: boolean;
  stats: boolean;
  timezone?: string | undefined;
  from?: string | undefined;
}

/** What is wanted of a log. */
export interface LogQuestion {
  name: LogName;
  /** Milliseconds since the epoch. */
  since?: number;
  /** No more than the last so many records. */
  limit: number | 'all';
  /** Whether it is read on as it is written. */
  follow: boolean;
  /** The zone of its times, where the operator names it. */
  zone?: TimeZone;
  /** When it was asked. */
  now: number;
}

/** As many as an operator looks through; where a time is named, all since then. */
const USUAL_RECORDS = 100;
/** As tail(1): what comes is what is wanted. */
const BEFORE_FOLLOWING = 10;

/** @throws Failure USAGE */
export function logQuestion({ since, limit, follow, stats, timezone, from }: LogFlags, now: number): LogQuestion {
  const zone = timezone === undefined ? undefined : zoneNamed(timezone);
  if (since !== undefined && from !== undefined && zone === undefined) {
    throw usage(
      '--since needs --timezone for a captured log.',
      'Its times do not say their zone: add --timezone ZONE.',
    );
  }
  const instant = since === undefined ? undefined : sinceInstant(since, now, zone);
  return {
    name: stats ? 'stats' : 'daemon',
    ...(instant === undefined ? {} : { since: instant }),
    limit: limit ?? (since !== undefined ? 'all' : follow ? BEFORE_FOLLOWING : USUAL_RECORDS),
    follow,
    ...(zone ? { zone } : {}),
    now,
  };
}

/** The time that `--since` names, in the operator's own zone. @throws Failure USAGE */
export function sinceOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(sinceInstant(text, Date.now(), undefined));
}

function zoneNamed(name: string): TimeZone {
  const zone = TimeZone.named(name);
  if (zone) return zone;
  const sentence = `--timezone takes the name of a zone, such as Europe/Vienna or UTC, not ${JSON.stringify(name)}.`;
  throw usage(sentence, 'Names are those of /usr/share/zoneinfo; "timedatectl list-timezones" lists them.');
}

/** Times without a zone are the operator's own, as date(1) shows them. */
function sinceInstant(text: string, now: number, zone: TimeZone | undefined): number {
  const own = (): TimeZone => zone ?? TimeZone.named(ownTimeZone()) ?? TimeZone.named('UTC')!;
  const instant = instantOfSince(text, now, own);
  if (instant !== undefined) return instant;
  throw usage(
    `--since takes a time, not ${JSON.stringify(text)}.`,
    'Such as 10m, 2h, 1d, today, yesterday, "2026-11-22 13:00", or 2026-11-22T13:00:00Z.',
  );
}

function usage(message: string, next: string): Failure {
  return new Failure('USAGE', message, { next });
}
