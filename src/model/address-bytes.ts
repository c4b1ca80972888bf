import type { FlowRow, Span } from './flow-row.js';
import type { Family } from './flow.js';

const ZERO = 0x30;
const DOT = 0x2e;
const COLON = 0x3a;
const GROUPS = 8;

/** As many bytes as {@link writeAddress} writes at the most. */
export const ADDRESS_BYTES = 17;

/** The bytes of an address in any spelling, as {@link writeAddress} writes them; it has been checked. */
export function addressBytes(family: Family, text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  const into = Buffer.alloc(ADDRESS_BYTES);
  into[0] = family === 'ipv4' ? 4 : 6;
  const write = family === 'ipv4' ? writeIpv4 : writeIpv6;
  return into.subarray(0, write(bytes, 0, bytes.length, into, 1));
}

/**
 * An address as the bytes of its value, behind one that tells IPv4 from IPv6, so that addresses compare as their bytes do.
 *
 * @returns where it ends in `into`
 */
export function writeAddress(row: FlowRow, { start, end }: Span, into: Buffer, at: number): number {
  const ipv4 = row.family === 'ipv4';
  into[at] = ipv4 ? 4 : 6;
  return ipv4 ? writeIpv4(row.bytes, start, end, into, at + 1) : writeIpv6(row.bytes, start, end, into, at + 1);
}

/** The four bytes of a dotted quad; it has been checked. */
function writeIpv4(bytes: Buffer, start: number, end: number, into: Buffer, at: number): number {
  let value = 0;
  let to = at;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === DOT) {
      into[to++] = value;
      value = 0;
    } else value = value * 10 + c - ZERO;
  }
  into[to++] = value;
  return to;
}

/** The sixteen bytes of an IPv6 address in any spelling; it has been checked. */
function writeIpv6(bytes: Buffer, start: number, end: number, into: Buffer, at: number): number {
  let group = 0;
  let digits = 0;
  let value = 0;
  /** The group before which the gap `::` stands. */
  let gap = -1;
  let groupStart = start;
  for (let i = start; i <= end; i++) {
    const c = i < end ? bytes[i]! : COLON;
    if (c === DOT) {
      // The last 32 bits as an IPv4 address: ::ffff:192.0.2.1.
      writeIpv4(bytes, groupStart, end, into, at + 2 * group);
      group += 2;
      break;
    }
    if (c !== COLON) {
      value = value * 16 + hexDigit(c);
      digits++;
      continue;
    }
    if (digits > 0) into.writeUInt16BE(value, at + 2 * group++);
    if (i + 1 < end && bytes[i + 1] === COLON) gap = group;
    digits = 0;
    value = 0;
    groupStart = i + 1;
  }
  if (gap >= 0) openGap(into, at, gap, group);
  return at + 2 * GROUPS;
}

/** Moves the groups behind the gap to the end and fills it with zeros. */
function openGap(into: Buffer, at: number, gap: number, groups: number): void {
  const behind = groups - gap;
  into.copyWithin(at + 2 * (GROUPS - behind), at + 2 * gap, at + 2 * groups);
  into.fill(0, at + 2 * gap, at + 2 * (GROUPS - behind));
}

function hexDigit(c: number): number {
  return c <= 0x39 ? c - ZERO : (c | 0x20) - 0x57;
}
