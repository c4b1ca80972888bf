import type { Family } from '../model/flow.js';

const ZERO = 0x30;
const NINE = 0x39;
const SPACE = 0x20;
const DOT = 0x2e;
const COLON = 0x3a;

/**
 * The family of the address that stands in `bytes` from `start` to before `end`, or undefined where that is no whole
 * address. It runs four times a flow, so it looks at each byte once and allocates nothing.
 */
export function addressFamily(bytes: Uint8Array, start: number, end: number): Family | undefined {
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === DOT) return isIpv4(bytes, start, end) ? 'ipv4' : undefined;
    if (c === COLON || c < ZERO || c > NINE) return isIpv6(bytes, start, end) ? 'ipv6' : undefined;
  }
  return undefined;
}

function isIpv4(bytes: Uint8Array, start: number, end: number): boolean {
  return ipv4End(bytes, start, end) === end;
}

/** Where the IPv4 address that begins at `start` ends: before a space, or with the line at `end`; -1 where it is none. */
export function ipv4End(bytes: Uint8Array, start: number, end: number): number {
  let dots = 0;
  let value = -1;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c >= ZERO && c <= NINE) {
      value = (value < 0 ? 0 : value) * 10 + c - ZERO;
      if (value > 255) return -1;
    } else if (c === DOT && value >= 0 && dots < 3) {
      dots++;
      value = -1;
    } else {
      return c === SPACE && dots === 3 && value >= 0 ? i : -1;
    }
  }
  return dots === 3 && value >= 0 ? end : -1;
}

function isIpv6(bytes: Uint8Array, start: number, end: number): boolean {
  let groups = 0;
  let digits = 0;
  let gaps = 0;
  let groupStart = start;
  for (let i = start; i < end; i++) {
    const c = bytes[i]!;
    if (c === COLON) {
      if (digits > 0) groups++;
      if (digits === 0 && i > start) {
        // Two colons side by side: the one gap that an address may have.
        if (bytes[i - 1]! !== COLON || ++gaps > 1) return false;
      } else if (i === start && bytes[i + 1]! !== COLON) {
        return false;
      }
      digits = 0;
      groupStart = i + 1;
    } else if (isHexDigit(c)) {
      if (++digits > 4) return false;
    } else {
      // An IPv4 address in the last 32 bits: ::ffff:192.0.2.1.
      return c === DOT && isIpv4(bytes, groupStart, end) && fits(groups + 2, gaps);
    }
  }
  if (digits > 0) groups++;
  else if (bytes[end - 2]! !== COLON) return false;
  return fits(groups, gaps);
}

function fits(groups: number, gaps: number): boolean {
  return gaps === 0 ? groups === 8 : groups < 8;
}

function isHexDigit(c: number): boolean {
  return (c >= ZERO && c <= NINE) || (c >= 0x61 && c <= 0x66) || (c >= 0x41 && c <= 0x46);
}
