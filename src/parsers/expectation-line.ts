import type { Expectation, ExpectationFlag } from '../model/expectation.js';
import { Row, Span, tupleOf, TupleRow } from '../model/flow-row.js';
import { protocolOf } from '../model/protocol.js';
import { U16, U32, U8, word } from './line-scanner.js';
import { TupleScanner } from './tuple-scanner.js';

const PROTO = word('proto=');
const NUMBERS = { zone: { key: word('zone='), range: U16 }, class: { key: word('class='), range: U32 } };
const HELPER = word('helper=');
const MASK_PREFIX = word('mask-');
const MASTER_PREFIX = word('master-');

/** `-o timestamp`: microseconds stand left-aligned in six columns, `[1.5     ]` is 5 µs (formats.md §5). */
const PRINTED_AT = /^\[(\d{1,11})\.(\d{1,6}) *\]\t/;
const FLAGS: ReadonlyMap<string, ExpectationFlag> = new Map([
  ['PERMANENT', 'permanent'],
  ['INACTIVE', 'inactive'],
  ['USERSPACE', 'userspace'],
]);

/**
 * One line of `conntrack -L expect` or of conntrackd's expectation caches (formats.md §5) as an expectation. Words are read
 * by position, because the keys of the ports repeat: the tuple, its mask and the master stand in this order. A word behind
 * them that is not known, or whose value is not what its key promises, is kept in `extra` as it stands.
 *
 * @returns undefined where the line is none: no protocol, or not all three tuples with addresses of one family
 */
export function parseExpectationLine(line: string): Expectation | undefined {
  return new ExpectationLineParser(Buffer.from(line, 'latin1')).parse();
}

class ExpectationRow extends Row {
  readonly timeout = new Span();
  readonly protocol = new Span();
  readonly tuple = new TupleRow();
  readonly mask = new TupleRow();
  readonly master = new TupleRow();
}

class ExpectationLineParser extends TupleScanner {
  private readonly row = new ExpectationRow();

  constructor(line: Buffer) {
    super();
    this.row.bytes = line;
    this.begin(line, 0, line.length);
  }

  parse(): Expectation | undefined {
    const { row } = this;
    const printedAt = this.readPrintedAt();
    this.number(row.timeout, U32);
    if (!this.numberAfter(PROTO, row.protocol, U8)) return undefined;
    const family = this.readTuple(row.tuple);
    if (family === undefined || this.readTuple(row.mask, MASK_PREFIX) !== family) return undefined;
    if (this.readTuple(row.master, MASTER_PREFIX) !== family) return undefined;

    const expectation: Expectation = {
      family,
      protocol: protocolOf(row.number(row.protocol)),
      ...(row.timeout.given ? { timeout: row.number(row.timeout) } : {}),
      tuple: tupleOf(row, row.tuple),
      mask: tupleOf(row, row.mask),
      master: tupleOf(row, row.master),
      flags: [],
      ...(printedAt === undefined ? {} : { printed_at: printedAt }),
    };
    this.readWords(expectation);
    return expectation;
  }

  private readPrintedAt(): string | undefined {
    const printed = PRINTED_AT.exec(this.rest());
    if (!printed) return undefined;
    this.pos += printed[0].length;
    return new Date(Number(printed[1]) * 1000).toISOString().replace('.000Z', `.${printed[2]!.padStart(6, '0')}Z`);
  }

  private readWords(expectation: Expectation): void {
    const extra: string[] = [];
    for (this.skipSpaces(); this.pos < this.end; this.skipSpaces()) {
      const known =
        this.readNumber(expectation, 'zone') ||
        this.readFlags(expectation) ||
        this.readNumber(expectation, 'class') ||
        this.readHelper(expectation) ||
        this.readAge(expectation);
      if (!known) extra.push(this.takeText(0, this.wordEnd()));
    }
    if (extra.length > 0) expectation.extra = extra;
  }

  private readNumber(expectation: Expectation, key: 'zone' | 'class'): boolean {
    const value = new Span();
    const { key: printed, range } = NUMBERS[key];
    if (expectation[key] !== undefined || !this.numberAfter(printed, value, range)) return false;
    expectation[key] = this.row.number(value);
    return true;
  }

  /** `PERMANENT,INACTIVE,USERSPACE`: those that are set, in this order. */
  private readFlags(expectation: Expectation): boolean {
    const end = this.wordEnd();
    const flags = this.bytes.toString('latin1', this.pos, end).split(',');
    const known = flags.flatMap((flag) => FLAGS.get(flag) ?? []);
    if (expectation.flags.length > 0 || known.length < flags.length || new Set(known).size < known.length) return false;
    expectation.flags = known;
    this.pos = end + 1;
    return true;
  }

  private readHelper(expectation: Expectation): boolean {
    if (expectation.helper !== undefined || !this.at(HELPER) || this.atWord(HELPER)) return false;
    expectation.helper = this.takeText('helper='.length, this.wordEnd());
    return true;
  }

  /** `[expires in 174s]`, `[active since 5s]`; an age is negative after the clock was set back. */
  private readAge(expectation: Expectation): boolean {
    const age = /^\[(expires in|active since) (-?\d{1,10})s\](?: |$)/.exec(this.rest());
    if (!age) return false;
    const field = age[1] === 'expires in' ? 'expires_in' : 'active_since';
    if (expectation[field] !== undefined) return false;
    expectation[field] = Number(age[2]);
    this.pos += age[0].length;
    return true;
  }

  /** Text from `skipped` characters behind the position up to `end`, with the position moved behind it. */
  private takeText(skipped: number, end: number): string {
    const text = new Span();
    this.freeText(text, skipped, end);
    return this.row.freeText(text);
  }
}
