import { quoted, Refused } from './refused.js';

/** Everything in a tar archive comes in blocks of so many bytes. */
export const BLOCK_BYTES = 512;

/** What a member of a tar archive is: `other` are devices and FIFOs. A hard link is named from the top of the archive. */
export type TarMemberKind = 'file' | 'folder' | 'link' | 'hard-link' | 'other';

/** What a header block of a tar archive stands for; the last four say something of the next header. */
export type TarKind = TarMemberKind | 'pax' | 'global' | 'long-name' | 'long-link';

/** A header block, read as it stands: a header before it may say otherwise. */
export interface TarHeader {
  name: string;
  kind: TarKind;
  /** Bytes that follow it. */
  size: number;
  /** Where a link leads. */
  link?: string;
}

/** Reads a header block. @throws Refused */
export type ParseTarHeader = (block: Buffer) => TarHeader;

/** By the letter in the header (POSIX pax, GNU tar). */
const KINDS: Readonly<Record<string, TarKind>> = {
  '0': 'file',
  '\0': 'file',
  '5': 'folder',
  x: 'pax',
  g: 'global',
  L: 'long-name',
};

/** What is passed over, or followed within the archive, where an archive of others is read. */
const KINDS_OF_OTHERS: Readonly<Record<string, TarKind>> = {
  ...KINDS,
  '1': 'hard-link',
  '2': 'link',
  '3': 'other',
  '4': 'other',
  '6': 'other',
  K: 'long-link',
};

/** What is never unpacked, in words. */
const OTHERS: Readonly<Record<string, string>> = {
  '1': 'a hard link',
  '2': 'a symbolic link',
  '3': 'a device',
  '4': 'a device',
  '6': 'a FIFO',
  K: 'a link',
  S: 'a sparse file',
};

const MAGIC = [257, 263] as const;
const CHECKSUM = [148, 156] as const;

/** Whether a block is a tar header, as far as its magic tells: POSIX or GNU. */
export function isTarHeader(block: Buffer): boolean {
  return /^ustar[\0 ]$/.test(block.toString('latin1', ...MAGIC));
}

/** @throws Refused where it is none, or one of what is never unpacked */
export function parseTarHeader(block: Buffer): TarHeader {
  return headerOf(block, KINDS);
}

/** The same of an archive that may hold links, devices and FIFOs. @throws Refused where it is none, or of another kind */
export function parseAnyTarHeader(block: Buffer): TarHeader {
  const header = headerOf(block, KINDS_OF_OTHERS);
  if (header.kind !== 'link' && header.kind !== 'hard-link') return header;
  return { ...header, link: text(block, 157, 257) };
}

function headerOf(block: Buffer, kinds: Readonly<Record<string, TarKind>>): TarHeader {
  if (!isTarHeader(block)) throw new Refused('what should be a header of its archive is none');
  if (octal(block, ...CHECKSUM) !== checksum(block)) throw new Refused('a header of its archive has a wrong checksum');
  const name = fullName(block);
  const letter = block.toString('latin1', 156, 157);
  const kind = kinds[letter];
  if (kind === undefined) throw new Refused(`its member ${quoted(name)} is ${OTHERS[letter] ?? 'of an unknown kind'}`);
  const size = number(block, 124, 136);
  if (size === undefined) throw new Refused(`its member ${quoted(name)} has a size that can't be read`);
  if (kind === 'folder' && size > 0) throw new Refused(`its member ${quoted(name)} is a folder with a content`);
  return { name, kind, size };
}

/** POSIX keeps the beginning of a long path in a field of its own; GNU keeps times there. */
function fullName(block: Buffer): string {
  const name = text(block, 0, 100);
  const prefix = block[262] === 0 ? text(block, 345, 500) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

function text(block: Buffer, from: number, to: number): string {
  const end = block.indexOf(0, from);
  return decodedName(block.subarray(from, end === -1 || end > to ? to : end));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @throws Refused where it is no UTF-8 */
export function decodedName(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw new Refused(`the name of its member ${quoted(bytes.toString('latin1'))} is no UTF-8`);
  }
}

/** A size of 8 GiB and more has its highest bit set, and stands in bytes instead of digits (GNU). */
function number(block: Buffer, from: number, to: number): number | undefined {
  if (block[from] !== 0x80) return octal(block, from, to);
  const value = BigInt(`0x${block.toString('hex', from + 1, to)}`);
  return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : undefined;
}

function octal(block: Buffer, from: number, to: number): number | undefined {
  const digits = /^ *([0-7]*)[ \0]*$/.exec(block.toString('latin1', from, to))?.[1];
  return digits === undefined ? undefined : Number.parseInt(digits || '0', 8);
}

/** The sum of all bytes, its own field taken as blanks. */
function checksum(block: Buffer): number {
  let sum = 0;
  for (const byte of block) sum += byte;
  for (const byte of block.subarray(...CHECKSUM)) sum -= byte - 0x20;
  return sum;
}
