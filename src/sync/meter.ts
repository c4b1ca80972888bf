import type { Counter } from '../model/number.js';
import { type CounterWidth, ratePerSecond } from './counters.js';

/** Makes rates of counters that were read twice, and remembers why some have none. */
export class Meter {
  private readonly fallen: string[] = [];
  private readonly remarks = new Set<string>();

  /** @param seconds between the readings, above 0 */
  constructor(private readonly seconds: number) {}

  /**
   * The rates of those counters that were there both times and have not fallen, by their keys.
   *
   * @param of what has these counters, in words: `cache internal, created`
   */
  rates<K extends string>(
    of: string,
    width: CounterWidth,
    before: { [key in K]?: Counter },
    now: { [key in K]?: Counter },
  ): { [key in K]?: number } {
    const rates: { [key in K]?: number } = {};
    for (const key of Object.keys(now) as K[]) {
      const [earlier, later] = [before[key], now[key]];
      if (earlier === undefined || later === undefined) continue;
      const rate = ratePerSecond(earlier, later, width, this.seconds);
      if (rate === undefined) this.fallen.push(`${of}, ${key.replaceAll('_', ' ')}`);
      else rates[key] = rate;
    }
    return rates;
  }

  /** Notes a sentence that says why rates are missing; the same one once only. */
  remark(sentence: string): void {
    this.remarks.add(sentence);
  }

  /** What an operator should know of the rates, in sentences. */
  notes(): string[] {
    if (this.fallen.length === 0) return [...this.remarks];
    const which = this.fallen.length === 1 ? 'A counter' : `${this.fallen.length} counters`;
    const sentence = `${which} fell although conntrackd was not restarted, and ${this.fallen.length === 1 ? 'has' : 'have'} no rate: ${this.fallen.join('; ')}.`;
    return [...this.remarks, sentence];
  }
}
