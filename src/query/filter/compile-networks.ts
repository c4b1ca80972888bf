import type { FlowRow, Span } from '../../model/flow-row.js';
import type { Network } from './ast.js';
import { groupsOf } from './networks.js';

const DOT = 0x2e;
const COLON = 0x3a;
const ZERO = 0x30;
const NINE = 0x39;
const CASE = 0x20;
const A = 0x61;
const GROUPS = 8;

/** Holds the address that was read last; one is read at a time, and there are four in a row. */
const groups = new Uint16Array(GROUPS);

/** Whether the address that stands there is in one of the networks. */
export function addressMatcher(networks: readonly Network[]): (row: FlowRow, address: Span) => boolean {
  const ipv4 = ipv4Matcher(networks.filter(({ family }) => family === 'ipv4'));
  const ipv6 = ipv6Matcher(networks.filter(({ family }) => family === 'ipv6'));
  return (row, { start, end }) => (row.family === 'ipv4' ? ipv4(row.bytes, start, end) : ipv6(row.bytes, start, end));
}

type Matcher = (bytes: Uint8Array, start: number, end: number) => boolean;

const NEVER: Matcher = () => false;

function ipv4Matcher(networks: readonly Network[]): Matcher {
  const wanted = networks.map((network) => {
    const [high, low] = groupsOf(network);
    // A shift by 32 bits is one by none.
    return { base: (high! << 16) | low!, mask: network.prefix === 0 ? 0 : -1 << (32 - network.prefix) };
  });
  const [only] = wanted;
  if (only === undefined) return NEVER;
  if (wanted.length === 1) {
    const { base, mask } = only;
    return (bytes, start, end) => (ipv4At(bytes, start, end) & mask) === base;
  }
  return (bytes, start, end) => {
    const address = ipv4At(bytes, start, end);
    for (const { base, mask } of wanted) if ((address & mask) === base) return true;
    return false;
  };
}

function ipv6Matcher(networks: readonly Network[]): Matcher {
  const wanted = networks.map((network) => ({
    base: groupsOf(network),
    masks: Array.from(
      { length: GROUPS },
      (_, i) => (0xffff_0000 >> Math.min(Math.max(network.prefix - 16 * i, 0), 16)) & 0xffff,
    ),
  }));
  if (wanted.length === 0) return NEVER;
  return (bytes, start, end) => {
    readIpv6(bytes, start, end);
    for (const { base, masks } of wanted) {
      let i = 0;
      while (i < GROUPS && (groups[i]! & masks[i]!) === base[i]) i++;
      if (i === GROUPS) return true;
    }
    return false;
  };
}

/** An IPv4 address as a number of 32 bits with a sign. */
function ipv4At(bytes: Uint8Array, start: number, end: number): number {
  let address = 0;
  let octet = 0;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === DOT) {
      address = (address << 8) | octet;
      octet = 0;
    } else {
      octet = octet * 10 + c - ZERO;
    }
  }
  return (address << 8) | octet;
}

/** Puts a whole IPv6 address, as the scanner has checked it, into {@link groups}. */
function readIpv6(bytes: Uint8Array, start: number, end: number): void {
  let count = 0;
  let gap = -1;
  let value = 0;
  let groupStart = start;
  for (let i = start; i <= end; i++) {
    const c = i < end ? bytes[i]! : COLON;
    if (c === DOT) {
      // The last 32 bits as an IPv4 address.
      const address = ipv4At(bytes, groupStart, end);
      groups[count++] = address >>> 16;
      groups[count++] = address & 0xffff;
      break;
    }
    if (c !== COLON) {
      value = (value << 4) | (c <= NINE ? c - ZERO : (c | CASE) - A + 10);
      continue;
    }
    if (i > groupStart) groups[count++] = value;
    // The second of two colons, unless it is the end that was put there.
    else if (i < end && i > start) gap = count;
    value = 0;
    groupStart = i + 1;
  }
  if (gap >= 0) widen(gap, count);
}

/** Moves what stands behind the gap to the end, with zeros before it. */
function widen(gap: number, count: number): void {
  const behind = count - gap;
  groups.copyWithin(GROUPS - behind, gap, count);
  groups.fill(0, gap, GROUPS - behind);
}
