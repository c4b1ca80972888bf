import type { LogRecord } from '../../model/daemon-log.js';
import type { TimeZone } from '../time-zone.js';
import { clockOfCtime, clockOfSyslog, utc } from './log-time.js';

/** What is told of a time. */
export type Told = Pick<LogRecord, 'at' | 'at_text' | 'at_ambiguous'>;

/**
 * Tells the instant of the times in a log, which are those of a clock on a wall. Where the clocks were put back, a time
 * means two instants: the second, if a line before was later than the first; else the first, and it is said that it may
 * be the other one. Lines have to come in their order.
 */
export class LogClock {
  private readonly zone: TimeZone | undefined;
  private readonly now: number | undefined;
  private latest = -Infinity;
  private before: Told | undefined;

  /**
   * @param zone in which the clock stood; undefined where that is not known: no instant is told then
   * @param now the instant of reading, for times without a year; undefined where that tells nothing, as of a capture
   */
  constructor(zone: TimeZone | undefined, now?: number) {
    this.zone = zone;
    this.now = now;
  }

  /** `Sun Nov 22 13:41:24 2026`; undefined where that is no time. */
  ofCtime(text: string): Told | undefined {
    // Many lines have the second of the line before.
    if (text === this.before?.at_text) return this.before;
    const clock = clockOfCtime(text);
    if (clock === undefined) return undefined;
    this.before = this.told(text, clock);
    return this.before;
  }

  /** `Nov 22 13:41:24`; undefined where that is no time. */
  ofSyslog(text: string): Told | undefined {
    const { zone, now } = this;
    // Any year serves to see whether it is a time: 2024 has all days.
    const clock = clockOfSyslog(text, zone && now !== undefined ? zone.clockAt(now) : Date.UTC(2024, 11, 31));
    if (clock === undefined) return undefined;
    return now === undefined ? { at_text: text } : this.told(text, clock);
  }

  private told(text: string, clock: number): Told {
    const instants = this.zone?.instantsOf(clock) ?? [];
    const [first] = instants;
    if (first === undefined) return { at_text: text };
    const at = instants.find((instant) => instant >= this.latest) ?? first;
    const ambiguous = instants.length > 1 && at === first;
    this.latest = at;
    return { at: utc(at), ...(ambiguous ? { at_ambiguous: true } : {}), at_text: text };
  }
}
