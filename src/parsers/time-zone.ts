const DAY_MS = 86_400_000;
/** Clocks are changed on quarters of an hour only. */
const QUARTER_MS = 900_000;
const MOST_QUARTERS = 4096;

const NUMERIC = {
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
} as const;

/** The clocks of a region, by its name in the IANA database. Knows no time of its own. */
export class TimeZone {
  readonly name: string;
  private readonly format: Intl.DateTimeFormat | undefined;
  private readonly offsets = new Map<number, readonly number[]>();

  private constructor(name: string, format: Intl.DateTimeFormat | undefined) {
    this.name = name;
    this.format = format;
  }

  /** The zone of that name; undefined where there is none. */
  static named(name: string): TimeZone | undefined {
    // What most servers have, and the one that needs no database, which takes 8 MB to look into.
    if (name === 'UTC' || name === 'Etc/UTC') return new TimeZone(name, undefined);
    try {
      return new TimeZone(name, new Intl.DateTimeFormat('en-US', { ...NUMERIC, timeZone: name }));
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  }

  /**
   * The instants that a time on the clock means, earliest first: two in the hour that comes twice when clocks are put back,
   * none in the hour that is left out when they are put forward.
   *
   * @param clock milliseconds, as if the clock showed UTC
   */
  instantsOf(clock: number): readonly number[] {
    const quarter = Math.floor(clock / QUARTER_MS);
    let offsets = this.offsets.get(quarter);
    if (offsets === undefined) {
      if (this.offsets.size >= MOST_QUARTERS) this.offsets.clear();
      offsets = this.offsetsAround(clock);
      this.offsets.set(quarter, offsets);
    }
    return offsets.map((offset) => clock - offset);
  }

  /** What the clock shows at an instant, as if it showed UTC. */
  clockAt(instant: number): number {
    if (this.format === undefined) return instant;
    const parts = Object.fromEntries(
      this.format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
    );
    const { year = NaN, month = NaN, day = NaN, hour = NaN, minute = NaN, second = NaN } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000);
  }

  private offsetsAround(clock: number): readonly number[] {
    const offsetAt = (instant: number): number => this.clockAt(instant) - instant;
    const near = new Set([offsetAt(clock - DAY_MS), offsetAt(clock + DAY_MS)]);
    // The largest offset is the earliest instant.
    return [...near].filter((offset) => offsetAt(clock - offset) === offset).sort((a, b) => b - a);
  }
}
