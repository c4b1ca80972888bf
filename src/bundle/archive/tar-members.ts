import { ByteQueue } from './byte-queue.js';
import { parsePaxHeader, type PaxHeader } from './pax-header.js';
import { quoted, Refused } from './refused.js';
import {
  BLOCK_BYTES,
  decodedName,
  type ParseTarHeader,
  parseTarHeader,
  type TarHeader,
  type TarMemberKind,
} from './tar-header.js';

/** A member of a tar archive: a file or a folder, unless its reader has asked for more. */
export interface TarMember {
  /** As it stands in the archive, unchecked, without `./` before it and `/` behind it; empty for `./` itself. */
  path: string;
  kind: TarMemberKind;
  /** Where a link leads, unchecked. */
  link?: string;
  /** Bytes of its content. */
  size: number;
  /** Its content, each piece of which stands until the next one. What is not read is passed over. */
  content: AsyncIterable<Buffer>;
}

/** A name, or attributes of a file: far less than this. */
const LONGEST_EXTENSION = 64 * 1024;
/** A name and attributes; no tar writes more before a member. */
const MOST_EXTENSIONS = 4;
/** tar fills up its last record with zeros: 10 KiB, or what it was told. */
const MOST_PADDING = 1024 * 1024;

/**
 * The members of a tar archive, in its order. It is stricter than tar: an archive without its end, or with something behind
 * it, may be half of one, or show one reader something else than another. (tar-stream takes both for whole.)
 *
 * @param parse which kinds of members there may be
 * @throws Refused; whatever the chunks end in
 */
export async function* tarMembers(
  chunks: AsyncIterable<Uint8Array>,
  parse: ParseTarHeader = parseTarHeader,
): AsyncGenerator<TarMember> {
  const bytes = new ByteQueue(chunks);
  try {
    for (;;) {
      const header = await nextHeader(bytes, parse);
      if (header === undefined) break;
      yield* member(header, bytes);
    }
    await expectEnd(bytes);
  } finally {
    await bytes.close();
  }
}

async function* member({ name, kind, size, link }: MemberHeader, bytes: ByteQueue): AsyncGenerator<TarMember> {
  let read = 0;
  const content = async function* (): AsyncGenerator<Buffer> {
    for await (const piece of bytes.pieces(size - read)) {
      read += piece.length;
      yield piece;
    }
    if (read < size) throw cutIn(name);
  };
  yield { path: normalised(name), kind, size, ...(link === undefined ? {} : { link }), content: content() };
  for await (const piece of bytes.pieces(size - read)) read += piece.length;
  if (read < size) throw cutIn(name);
  await whole(bytes, padding(size));
}

type MemberHeader = TarHeader & { kind: TarMemberKind };

/** The header of the next member with what extended headers say of it; undefined at the end of the archive. */
async function nextHeader(bytes: ByteQueue, parse: ParseTarHeader): Promise<MemberHeader | undefined> {
  let said: PaxHeader = {};
  for (let extensions = 0; extensions <= MOST_EXTENSIONS; extensions++) {
    const block = await whole(bytes, BLOCK_BYTES);
    if (isZero(block)) {
      if (extensions === 0) return undefined;
      throw new Refused('an extended header of its archive has no member behind it');
    }
    const header = parse(block);
    if (isMember(header)) return applied(header, said);
    said = { ...said, ...(await extension(header, bytes)) };
  }
  throw new Refused('its archive has too many extended headers before a member');
}

function isMember(header: TarHeader): header is MemberHeader {
  return !['pax', 'global', 'long-name', 'long-link'].includes(header.kind);
}

async function extension({ kind, size }: TarHeader, bytes: ByteQueue): Promise<PaxHeader> {
  if (size > LONGEST_EXTENSION) throw new Refused('an extended header of its archive is too long');
  const content = (await whole(bytes, size + padding(size))).subarray(0, size);
  if (kind === 'long-name') return { path: decodedName(content.subarray(0, lengthOfText(content))) };
  if (kind === 'long-link') return { link: decodedName(content.subarray(0, lengthOfText(content))) };
  const said = parsePaxHeader(content);
  // A comment of git's, say. It would be the name or the size of all members.
  if (kind === 'global' && Object.keys(said).length > 0) throw new Refused('all of its members have the same name');
  return said;
}

function applied(header: MemberHeader, said: PaxHeader): MemberHeader {
  const { path = header.name, size = header.size, link = header.link } = said;
  if (header.kind === 'folder' && size > 0) throw new Refused(`its member ${quoted(path)} is a folder with a content`);
  if (header.kind !== 'file' && size > 0) throw new Refused(`its member ${quoted(path)} is no file, and has a content`);
  return { ...header, name: path, size, ...(link === undefined ? {} : { link }) };
}

function lengthOfText(content: Buffer): number {
  const end = content.indexOf(0);
  return end === -1 ? content.length : end;
}

/** `tar -C folder -c .` names them like this. */
function normalised(name: string): string {
  return name.replace(/^\.(?:\/|$)/, '').replace(/(?<=.)\/$/, '');
}

/** One block of zeros has been read: another one, and nothing but zeros after it. */
async function expectEnd(bytes: ByteQueue): Promise<void> {
  let padded = 0;
  for await (const piece of bytes.pieces(Number.POSITIVE_INFINITY)) {
    if (!isZero(piece) || (padded += piece.length) > MOST_PADDING) {
      throw new Refused('something follows the end of its archive');
    }
  }
  if (padded < BLOCK_BYTES) throw new Refused(CUT);
}

async function whole(bytes: ByteQueue, count: number): Promise<Buffer> {
  const taken = await bytes.take(count);
  if (taken.length < count) throw new Refused(CUT);
  return taken;
}

const CUT = 'it is cut off: the end of its archive is missing';

function cutIn(name: string): Refused {
  return new Refused(`it is cut off in its member ${quoted(name)}`);
}

function padding(size: number): number {
  return (BLOCK_BYTES - (size % BLOCK_BYTES)) % BLOCK_BYTES;
}

function isZero(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0);
}
