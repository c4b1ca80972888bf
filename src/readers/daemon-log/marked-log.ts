import type { LogEvent } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import { DaemonLogParser } from '../../parsers/daemon-log.js';
import { LogClock } from '../../parsers/daemon-log/log-clock.js';
import { isAbsent } from '../../sources/followed-log.js';
import type { LogFile } from '../../sources/log-file.js';
import type { SourceOptions } from '../../sources/options.js';
import { readDaemonLog } from './daemon-log.js';
import { placeOfLog } from './place.js';

/** conntrackd's log from a moment on. */
export interface MarkedLog {
  /**
   * What has been logged since, as far as it is known; lines of single flows are left out.
   *
   * @throws Failure LOG_UNREADABLE where it is not the same log any more
   */
  events(): Promise<LogEvent[]>;
}

/**
 * Remembers where conntrackd's log ends now.
 *
 * @throws Failure where there is no log, or it can't be read
 */
export async function markLog(options: SourceOptions): Promise<MarkedLog> {
  const { path } = await placeOfLog('daemon', options);
  return path === undefined ? markedSyslog(options) : markedFile(path, options);
}

/** By its length: clocks may jump. A log that is not there yet begins with the mark. */
async function markedFile(path: string, options: SourceOptions): Promise<MarkedLog> {
  const begin = await within(path, options, (file) => file.identity());
  return {
    events: async () =>
      (await within(path, options, async (file) => {
        const { dev, ino, size } = await file.identity();
        if (begin && (dev !== begin.dev || ino !== begin.ino || size < begin.size)) throw rotated(path);
        return eventsIn(file.chunks(begin?.size ?? 0, size));
      })) ?? [],
  };
}

async function eventsIn(chunks: AsyncIterable<Buffer>): Promise<LogEvent[]> {
  const parser = new DaemonLogParser(new LogClock(undefined));
  const events: LogEvent[] = [];
  for await (const chunk of chunks) events.push(...parser.push(chunk).flatMap(told));
  return events;
}

function told({ event }: { event?: LogEvent }): LogEvent[] {
  return event === undefined || OF_ONE_FLOW.includes(event.type) ? [] : [event];
}

const OF_ONE_FLOW: readonly string[] = ['commit_object_failed', 'injection_failed'];

async function within<T>(
  path: string,
  { place }: SourceOptions,
  work: (file: LogFile) => Promise<T>,
): Promise<T | undefined> {
  let file: LogFile | undefined;
  try {
    file = await place.openLog?.(path);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw new Failure('LOG_UNREADABLE', `conntrackd's log ${path} can not be read.`, { cause: error });
  }
  try {
    return file === undefined ? undefined : await work(file);
  } finally {
    await file?.close();
  }
}

function rotated(path: string): Failure {
  return new Failure('LOG_UNREADABLE', `${path} was changed by somebody else meanwhile.`);
}

/** Its times are whole seconds: what was there of the same second is counted, and left out later. */
async function markedSyslog(options: SourceOptions): Promise<MarkedLog> {
  const now = options.place.clock.now();
  const since = new Date(Math.floor(now.getTime() / 1000) * 1000).toISOString();
  const earlier = (await eventsSince(since, options)).length;
  return { events: async () => (await eventsSince(since, options)).slice(earlier) };
}

async function eventsSince(since: string, options: SourceOptions): Promise<LogEvent[]> {
  const stream = await readDaemonLog({ since, limit: 'all', follow: false, stats: false }, options, () => undefined);
  const events: LogEvent[] = [];
  for await (const records of stream.batches()) events.push(...records.flatMap(told));
  const { failure } = stream.verdict();
  if (failure) throw failure;
  return events;
}
