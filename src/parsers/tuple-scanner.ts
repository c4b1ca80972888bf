import type { Family } from '../model/flow.js';
import type { Span, TupleRow } from '../model/flow-row.js';
import { addressFamily, ipv4End } from './address.js';
import { LineScanner, U16, U8, word, type Word } from './line-scanner.js';

const SPACED_DST = word(' dst=');
const SPACED_SPORT = word(' sport=');
const SPACED_DPORT = word(' dport=');
const SPORT = word('sport=');
const DPORT = word('dport=');
const TYPE = word('type=');
const CODE = word('code=');
const ID = word('id=');
const SRCKEY = word('srckey=');
const SRC = word('src=');
const DST = word('dst=');
/** Tuples of flows have none. */
const NO_PREFIX = word('');

/** Reads the tuples of a line: `src=A dst=B` and what the protocol adds (formats.md §2). */
export class TupleScanner extends LineScanner {
  /**
   * `src=A dst=B` with the protocol's own part.
   *
   * @param prefix of both keys: `mask-` and `master-` in expectations (formats.md §5)
   * @returns the family of both addresses; undefined, and nothing read, where they are not of one family
   */
  protected readTuple(into: TupleRow, prefix = NO_PREFIX): Family | undefined {
    const { pos } = this;
    const family = this.readAddress(prefix, SRC, into.src);
    if (family === undefined || this.readAddress(prefix, DST, into.dst) !== family) {
      this.pos = pos;
      into.clear();
      return undefined;
    }
    if (!this.readPorts(into) && !this.readIcmp(into)) this.readCallKeys(into);
    return family;
  }

  private readAddress(prefix: Word, key: Word, into: Span): Family | undefined {
    if (!this.skip(prefix) || !this.skip(key)) return undefined;
    const ipv4 = ipv4End(this.bytes, this.pos, this.end);
    if (ipv4 >= 0) {
      this.freeText(into, 0, ipv4);
      return 'ipv4';
    }
    const end = this.wordEnd();
    const family = addressFamily(this.bytes, this.pos, end);
    if (family !== undefined) this.freeText(into, 0, end);
    return family;
  }

  /**
   * A tuple with ports that is the other one mirrored, as that of most replies is. What is the same text as what has been
   * read already need not be read again. False, and nothing read, where it is another one.
   */
  protected readMirrored(into: TupleRow, other: TupleRow): boolean {
    const { pos } = this;
    const mirrored =
      other.sport.given &&
      this.skip(SRC) &&
      this.same(into.src, other.dst) &&
      this.skip(SPACED_DST) &&
      this.same(into.dst, other.src) &&
      this.skip(SPACED_SPORT) &&
      this.same(into.sport, other.dport) &&
      this.skip(SPACED_DPORT) &&
      this.same(into.dport, other.sport) &&
      this.atWordEnd();
    if (mirrored) {
      this.pos++;
      return true;
    }
    into.clear();
    this.pos = pos;
    return false;
  }

  /** `sport=N dport=N`. */
  private readPorts(into: TupleRow): boolean {
    const { pos } = this;
    if (!this.numberAfter(SPORT, into.sport, U16)) return false;
    if (this.numberAfter(DPORT, into.dport, U16)) return true;
    into.sport.clear();
    this.pos = pos;
    return false;
  }

  /** `type=N code=N id=N`. */
  private readIcmp(into: TupleRow): boolean {
    const { pos } = this;
    if (!this.numberAfter(TYPE, into.type, U8)) return false;
    if (this.numberAfter(CODE, into.code, U8) && this.numberAfter(ID, into.id, U16)) return true;
    into.type.clear();
    into.code.clear();
    this.pos = pos;
    return false;
  }

  /** `srckey=0xN dstkey=0xN`, GRE. */
  private readCallKeys(into: TupleRow): void {
    const keys = this.at(SRCKEY) ? /^srckey=(0x[0-9a-f]+) dstkey=(0x[0-9a-f]+)(?= |$)/.exec(this.rest()) : null;
    if (!keys) return;
    this.freeText(into.srckey, 'srckey='.length, this.wordEnd());
    this.freeText(into.dstkey, 'dstkey='.length, this.wordEnd());
  }
}
