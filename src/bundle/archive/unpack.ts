import { createHash } from 'node:crypto';
import { SpentPieces } from '../../sources/spent-pieces.js';
import { Spool } from '../../sources/spool.js';
import type { BundleLimits } from './limits.js';
import { faultOfPath } from './member-name.js';
import type { Member, Members } from './members.js';
import { quoted, Refused } from './refused.js';
import { tarMembers, type TarMember } from './tar-members.js';
import { topFolder } from './top-folder.js';

/**
 * Unpacks a tar archive into one temporary file without a name: no member can lead anywhere, whatever it is called, and
 * nothing is left of it, however we end.
 *
 * @throws Refused; Failure OUTPUT_FAILED where there is no room; whatever the chunks end in
 */
export async function unpack(chunks: AsyncIterable<Uint8Array>, limits: BundleLimits): Promise<Members> {
  const spool = await Spool.open('The files of the bundle');
  try {
    const found = new Map<string, Member>();
    for await (const member of admitted(tarMembers(chunks), limits)) found.set(member.path, await kept(member, spool));
    return { files: belowTop(found), close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

/** The files among the members, as long as nothing is wrong with any of them. */
async function* admitted(members: AsyncIterable<TarMember>, limits: BundleLimits): AsyncGenerator<TarMember> {
  const paths = new Map<string, TarMember['kind']>();
  let count = 0;
  let bytes = 0;
  for await (const member of members) {
    const { path, kind, size } = member;
    if (++count > limits.members) throw passed(`it has more than ${limits.members} members`);
    if ((bytes += size) > limits.bytes) throw passed(`it unpacks to more than ${limits.bytes} bytes`);
    if (path === '' && kind === 'folder') continue;
    const fault = faultOfPath(path);
    if (fault !== undefined) throw new Refused(`its member ${quoted(path)} ${fault}`);
    if (paths.has(path)) throw new Refused(`its member ${quoted(path)} is there twice`);
    paths.set(path, kind);
    if (kind === 'file') yield member;
  }
}

function passed(reason: string): Refused {
  return new Refused(reason, { limit: true });
}

/** A member in the spool. @throws Failure OUTPUT_FAILED where there is no room; whatever its content ends in */
export async function kept({ path, size, content }: TarMember, spool: Spool): Promise<Member> {
  const hash = createHash('sha256');
  const start = spool.length;
  const spent = new SpentPieces();
  for await (const piece of content) {
    hash.update(piece);
    await spool.append(piece);
    spent.add(piece.length);
  }
  return { path, bytes: size, sha256: hash.digest('hex'), read: () => spool.pieces(start, size) };
}

function belowTop(found: ReadonlyMap<string, Member>): ReadonlyMap<string, Member> {
  const top = topFolder(found.keys());
  return new Map(
    [...found].map(([path, member]) => [path.slice(top.length), { ...member, path: path.slice(top.length) }]),
  );
}
