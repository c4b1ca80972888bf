import type { Expectation, ExpectationFlag } from '../model/expectation.js';
import type { Family, Tuple } from '../model/flow.js';
import { protocolOf } from '../model/protocol.js';
import { type ScannedText, scannedText } from './line-scanner.js';
import { TupleScanner } from './tuple-scanner.js';

const U8 = 0xff;
const U16 = 0xffff;
const U32 = 0xffff_ffff;

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
  return new ExpectationLineParser().parse(scannedText(Buffer.from(line, 'latin1')));
}

class ExpectationLineParser extends TupleScanner {
  parse(scanned: ScannedText): Expectation | undefined {
    this.begin(scanned, 0, scanned.text.length);
    const printedAt = this.readPrintedAt();
    const timeout = this.number(U32);
    const protocol = this.numberAfter('proto=', U8);
    const tuple = this.readTuple();
    const mask = tuple && this.readTuple('mask-');
    const master = mask && this.readTuple('master-');
    if (protocol === undefined || !tuple || !mask || !master) return undefined;
    const family = familyOf(tuple);
    if (familyOf(mask) !== family || familyOf(master) !== family) return undefined;

    const expectation: Expectation = {
      family,
      protocol: protocolOf(protocol),
      ...(timeout === undefined ? {} : { timeout }),
      ...{ tuple, mask, master },
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
        this.readNumber(expectation, 'zone', U16) ||
        this.readFlags(expectation) ||
        this.readNumber(expectation, 'class', U32) ||
        this.readHelper(expectation) ||
        this.readAge(expectation);
      if (!known) extra.push(this.freeText(0, this.wordEnd()));
    }
    if (extra.length > 0) expectation.extra = extra;
  }

  private readNumber(expectation: Expectation, key: 'zone' | 'class', most: number): boolean {
    const value = expectation[key] === undefined ? this.numberAfter(`${key}=`, most) : undefined;
    if (value === undefined) return false;
    expectation[key] = value;
    return true;
  }

  /** `PERMANENT,INACTIVE,USERSPACE`: those that are set, in this order. */
  private readFlags(expectation: Expectation): boolean {
    const end = this.wordEnd();
    const flags = this.text.substring(this.pos, end).split(',');
    const known = flags.flatMap((flag) => FLAGS.get(flag) ?? []);
    if (expectation.flags.length > 0 || known.length < flags.length || new Set(known).size < known.length) return false;
    expectation.flags = known;
    this.pos = end + 1;
    return true;
  }

  private readHelper(expectation: Expectation): boolean {
    if (expectation.helper !== undefined || !this.at('helper=') || this.atWord('helper=')) return false;
    expectation.helper = this.freeText('helper='.length, this.wordEnd());
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
}

/** An IPv6 address has a colon, an IPv4 address has none. */
function familyOf(tuple: Tuple): Family {
  return tuple.src.includes(':') ? 'ipv6' : 'ipv4';
}
