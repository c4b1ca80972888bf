import type { Tuple } from '../model/flow.js';
import { addressFamily } from './address.js';
import { LineScanner } from './line-scanner.js';

const U8 = 0xff;
const U16 = 0xffff;

/** Reads the tuples of a line: `src=A dst=B` and what the protocol adds (formats.md §2). */
export class TupleScanner extends LineScanner {
  /**
   * `src=A dst=B` with the protocol's own part; undefined, and nothing read, where both are not of one family.
   *
   * @param prefix of both keys: `mask-` and `master-` in expectations (formats.md §5)
   */
  protected readTuple(prefix = ''): Tuple | undefined {
    const { bytes, text, pos } = this;
    if (!this.skip(prefix) || !this.skip('src=')) {
      this.pos = pos;
      return undefined;
    }
    const srcStart = this.pos;
    const srcEnd = this.wordEnd();
    this.pos = srcEnd + 1;
    const dstEnd = this.skip(prefix) && this.skip('dst=') ? this.wordEnd() : -1;
    const dstStart = this.pos;
    const family = addressFamily(bytes, srcStart, srcEnd);
    if (dstEnd < 0 || family === undefined || addressFamily(bytes, dstStart, dstEnd) !== family) {
      this.pos = pos;
      return undefined;
    }
    this.pos = dstEnd + 1;
    const src = text.substring(srcStart, srcEnd);
    const dst = text.substring(dstStart, dstEnd);
    return this.readPorts(src, dst) ?? this.readIcmp(src, dst) ?? this.readCallKeys(src, dst) ?? { src, dst };
  }

  /** `sport=N dport=N`. */
  private readPorts(src: string, dst: string): Tuple | undefined {
    const { pos } = this;
    const sport = this.numberAfter('sport=', U16);
    const dport = sport === undefined ? undefined : this.numberAfter('dport=', U16);
    if (sport !== undefined && dport !== undefined) return { src, dst, sport, dport };
    this.pos = pos;
    return undefined;
  }

  /** `type=N code=N id=N`. */
  private readIcmp(src: string, dst: string): Tuple | undefined {
    const { pos } = this;
    const type = this.numberAfter('type=', U8);
    const code = type === undefined ? undefined : this.numberAfter('code=', U8);
    const id = code === undefined ? undefined : this.numberAfter('id=', U16);
    if (type !== undefined && code !== undefined && id !== undefined) return { src, dst, type, code, id };
    this.pos = pos;
    return undefined;
  }

  /** `srckey=0xN dstkey=0xN`, GRE. */
  private readCallKeys(src: string, dst: string): Tuple | undefined {
    const keys = this.at('srckey=') ? /^srckey=(0x[0-9a-f]+) dstkey=(0x[0-9a-f]+)(?= |$)/.exec(this.rest()) : null;
    if (!keys) return undefined;
    this.pos += keys[0].length + 1;
    return { src, dst, srckey: keys[1]!, dstkey: keys[2]! };
  }
}
