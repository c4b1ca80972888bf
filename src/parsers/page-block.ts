import type { Counter } from '../model/number.js';
import { counterOf } from '../model/number.js';

/**
 * The lines that a block of a conntrackd page consists of: what each is called in an error, and its text with one named
 * group for each counter.
 */
export interface LineForm {
  name: string;
  pattern: RegExp;
}

/** A block of a page while it is being read: its lines are taken one by one, each form at most once. */
export class PageBlock {
  private readonly counters = new Map<string, Counter>();
  private readonly taken = new Set<LineForm>();

  /**
   * @param title The block's first line without its colon, for errors: `cache internal`.
   * @param forms The lines that belong to the block, in any order.
   */
  constructor(
    readonly title: string,
    private readonly forms: readonly LineForm[],
  ) {}

  /** Reads one line of the block. False if the line is not one of its own, or says again what was said before. */
  take(line: string): boolean {
    for (const form of this.forms) {
      if (this.taken.has(form)) continue;
      const counters = countersIn(line, form);
      if (counters === undefined) continue;
      this.taken.add(form);
      for (const [name, counter] of counters) this.counters.set(name, counter);
      return true;
    }
    return false;
  }

  /** The name of the first line that has not come; absent when the block is whole. */
  missing(): string | undefined {
    return this.forms.find((form) => !this.taken.has(form))?.name;
  }

  /** A counter by its group's name; absent if its line has not come or has no such figure. */
  counter(name: string): Counter | undefined {
    return this.counters.get(name);
  }

  /** A counter of a block known to be whole. Throws a `RangeError` for a name that is not in its forms. */
  required(name: string): Counter {
    const counter = this.counters.get(name);
    if (counter === undefined) throw new RangeError(`${this.title} has no counter ${name}`);
    return counter;
  }

  /** Every counter that has come, by name. */
  entries(): Iterable<[string, Counter]> {
    return this.counters.entries();
  }
}

const LARGEST_U64 = 2n ** 64n - 1n;

/** The counters of a line by the names of their groups; absent where it is no such line. */
export function countersIn(line: string, form: LineForm): ReadonlyMap<string, Counter> | undefined {
  const groups = form.pattern.exec(line)?.groups;
  if (groups === undefined) return undefined;
  const counters = new Map<string, Counter>();
  for (const [name, digits] of Object.entries(groups)) {
    if (!isCounter(digits)) return undefined;
    counters.set(name, counterOf(digits));
  }
  return counters;
}

// A number that no daemon can print is damage: the line is kept as unknown rather than read.
function isCounter(digits: string): boolean {
  return digits.length < 20 || (digits.length === 20 && BigInt(digits) <= LARGEST_U64);
}
