import type { FlowRow, Span } from '../model/flow-row.js';
import { mixed } from './hash-bytes.js';

const PRIME = 0x0100_0193;
const OTHER_PRIME = 0x9e37_79b1 | 0;
const RANGE = 0x1_0000_0000;

/**
 * Hashes what makes a flow the same one in another dump: its id, protocol and original tuple, and its zone, as they are
 * printed.
 */
export class FlowIdentity {
  private readonly ids: boolean;
  private readonly seed = Math.floor(Math.random() * RANGE);
  private readonly otherSeed = Math.floor(Math.random() * RANGE);
  /** 32 bits with a sign of the row that was read last. */
  hash = 0;
  /** Another 32 bits, made in another way: rows that meet in the one do not meet in this one. Never 0. */
  print = 0;

  /** @param ids false where a later flow of the same tuple counts as the same one: ids are those of one boot */
  constructor({ ids = true }: { ids?: boolean } = {}) {
    this.ids = ids;
  }

  read(row: FlowRow): void {
    this.hash = this.seed ^ row.protocolNumber;
    this.print = this.otherSeed + row.protocolNumber;
    this.take(row.bytes, row.original.src.start, endOfTuple(row));
    if (this.ids) this.takeField(row, row.id);
    this.takeField(row, row.zone);
    this.takeField(row, row.original.zone);
    this.hash = mixed(this.hash);
    this.print = mixed(this.print) || 1;
  }

  private takeField(row: FlowRow, span: Span): void {
    if (span.given) this.take(row.bytes, span.start, span.end);
    // Also where there is none: so that no field is taken for the one behind it.
    this.hash = Math.imul(this.hash, PRIME);
    this.print = Math.imul(this.print + 1, OTHER_PRIME);
  }

  private take(bytes: Uint8Array, start: number, end: number): void {
    let { hash, print } = this;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      hash = Math.imul(hash ^ byte, PRIME);
      print = Math.imul(print + byte, OTHER_PRIME);
      print = (print << 13) | (print >>> 19);
    }
    this.hash = hash;
    this.print = print;
  }
}

/** A tuple is printed in one piece: addresses, then what the protocol adds (formats.md §2). */
function endOfTuple({ original: { dst, dport, id, dstkey } }: FlowRow): number {
  if (dport.given) return dport.end;
  if (id.given) return id.end;
  return dstkey.given ? dstkey.end : dst.end;
}
