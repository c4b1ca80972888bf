import { isIPv6 } from 'node:net';

/**
 * How many characters of `text` from `at` on conntrackd 1.4.7 takes for an address, 0 if none. It is generous: `9f`,
 * `1:2` and `999.1.1.1/7` are address tokens too, and only later found to be no addresses.
 */
export function scanIp(text: string, at: number): number {
  const length = Math.max(scanIpv4(text, at), scanCompressed(text, at), scanGroups(text, at));
  return length === 0 ? 0 : length + matchLength(PREFIX, text, at + length);
}

const IPV4 = /[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+/y;
const GROUPS = /(?:[0-9a-fA-F]{1,4}:){0,7}[0-9a-fA-F]{1,4}/y;
const HEX = /[0-9a-fA-F]{1,4}/y;
const PREFIX = /\/[0-9]+/y;

function scanIpv4(text: string, at: number): number {
  return matchLength(IPV4, text, at);
}

function scanGroups(text: string, at: number): number {
  return matchLength(GROUPS, text, at);
}

/** Up to seven groups, `::`, up to seven groups, where a group is hexadecimal digits with or without a colon. */
function scanCompressed(text: string, at: number): number {
  let end = at;
  for (let groups = 0; groups < 7; groups += 1) {
    const digits = matchLength(HEX, text, end);
    if (digits === 0) break;
    end += digits;
    // One colon belongs to the group; of exactly two, both belong to the `::`.
    if (text[end] === ':' && (text[end + 1] !== ':' || text[end + 2] === ':')) end += 1;
  }
  if (!text.startsWith('::', end)) return 0;
  end += 2;
  for (let groups = 0; groups < 7; groups += 1) {
    const digits = matchLength(HEX, text, end);
    if (digits === 0) break;
    end += digits;
    if (text[end] === ':') end += 1;
  }
  return end - at;
}

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

/** Whether an address token without prefix is an address of that family, by the rules of the C library. */
export function isAddress(family: 'ipv4' | 'ipv6', text: string): boolean {
  return family === 'ipv6' ? isIPv6(text) : isIpv4(text);
}

// inet_aton(3): four parts, where a leading zero makes the part octal.
function isIpv4(text: string): boolean {
  const parts = text.split('.');
  return parts.length === 4 && parts.every(isOctet);
}

function isOctet(part: string): boolean {
  if (/^0[0-7]*$/.test(part)) return Number.parseInt(part, 8) <= 255;
  return /^[1-9][0-9]{0,2}$/.test(part) && Number(part) <= 255;
}
