import type { SourceOptions } from '../sources/options.js';

/** What every JSON document begins with: its own fields, `schema` first, then where and when it was read. */
export type Envelope<Head> = Head & {
  host?: string;
  collected_at?: string;
  source: 'live' | 'capture';
};

/** Of a capture, neither host nor time is known: the reader's own would mislead. */
export function envelope<Head extends { schema: string }>(head: Head, source: SourceOptions): Envelope<Head> {
  if (source.from !== undefined) return { ...head, source: 'capture' };
  return { ...head, host: source.place.hostName, collected_at: new Date().toISOString(), source: 'live' };
}
