import type { SourceOptions } from '../sources/options.js';

/** What every JSON document begins with: its own fields, `schema` first, then where and when it was read. */
export type Envelope<Head> = Head & {
  host?: string;
  collected_at?: string;
  source: 'live' | 'capture' | 'bundle';
};

/** Of a bundle they are those of its node. Of a capture, neither host nor time is known: the reader's own would mislead. */
export function envelope<Head extends { schema: string }>(head: Head, source: SourceOptions): Envelope<Head> {
  if (source.from !== undefined) return { ...head, source: 'capture' };
  const { hostName, clock, recorded } = source.place;
  const now = clock.now();
  // Not every record says when it was made.
  const time = Number.isNaN(now.getTime()) ? {} : { collected_at: now.toISOString() };
  return { ...head, host: hostName, ...time, source: recorded ? 'bundle' : 'live' };
}
