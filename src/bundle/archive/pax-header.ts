import { decodedName } from './tar-header.js';
import { quoted, Refused } from './refused.js';

/** What an extended header says of the next member, as far as it matters here. */
export interface PaxHeader {
  path?: string;
  /** Where a link leads. */
  link?: string;
  size?: number;
}

/**
 * Reads records of `LENGTH KEY=VALUE\n`, whose length counts itself (POSIX pax). Times, owners and attributes are passed
 * over.
 *
 * @throws Refused where it is no such text, or makes of a member what is never unpacked
 */
export function parsePaxHeader(bytes: Buffer): PaxHeader {
  const header: PaxHeader = {};
  for (let at = 0; at < bytes.length;) {
    const { key, value, end } = record(bytes, at);
    if (key.startsWith('GNU.sparse.')) throw new Refused('one of its members is a sparse file');
    if (key === 'path') header.path = decodedName(value);
    if (key === 'linkpath') header.link = decodedName(value);
    if (key === 'size') header.size = sizeOf(value);
    at = end;
  }
  return header;
}

function record(bytes: Buffer, at: number): { key: string; value: Buffer; end: number } {
  const blank = bytes.indexOf(' ', at);
  const digits = bytes.toString('latin1', at, Math.min(blank, at + 10));
  const end = at + Number(digits);
  const equals = bytes.indexOf('=', blank);
  const fits = /^[1-9]\d*$/.test(digits) && blank < equals && equals < end && end <= bytes.length;
  if (blank === -1 || !fits || bytes[end - 1] !== 0x0a)
    throw new Refused('an extended header of its archive is damaged');
  return { key: bytes.toString('latin1', blank + 1, equals), value: bytes.subarray(equals + 1, end - 1), end };
}

function sizeOf(value: Buffer): number {
  const digits = value.toString('latin1');
  if (!/^\d{1,15}$/.test(digits)) throw new Refused(`one of its members has the size ${quoted(digits)}`);
  return Number(digits);
}
