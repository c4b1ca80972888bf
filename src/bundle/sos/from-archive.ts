import { Spool } from '../../sources/spool.js';
import type { BundleLimits } from '../archive/limits.js';
import type { Member, Members } from '../archive/members.js';
import { quoted, Refused } from '../archive/refused.js';
import { parseAnyTarHeader } from '../archive/tar-header.js';
import { tarMembers, type TarMember } from '../archive/tar-members.js';
import { kept } from '../archive/unpack.js';
import { BEHIND_LINKS, isNeeded, mayLead, resolvedInside } from './paths.js';
import { noReport } from './refusal.js';

/** For each member that is kept so many others may be passed over: most of a report is of other things. */
const PASSED_OVER = 100;

/**
 * The files of a report that are needed, out of its archive, by their paths below its top folder. They lie in a temporary file
 * without a name; links are followed by their names in the archive, and everything else is passed over.
 *
 * @throws Refused; Failure OUTPUT_FAILED where there is no room; whatever the chunks end in
 */
export async function fromArchive(chunks: AsyncIterable<Uint8Array>, limits: BundleLimits): Promise<Members> {
  const spool = await Spool.open('The files of the report');
  try {
    const found = new Found(limits);
    for await (const member of tarMembers(chunks, parseAnyTarHeader)) {
      if (found.take(member)) found.files.set(member.path, await kept(member, spool));
    }
    return { files: found.named(), close: () => spool.close() };
  } catch (error) {
    await spool.close();
    throw error;
  }
}

/** What an archive holds, by the paths that it has there: the folder above all of it is known only at the end. */
class Found {
  readonly files = new Map<string, Member>();
  private readonly links = new Map<string, string>();
  private readonly limits: BundleLimits;
  private top: string | undefined;
  private members = 0;
  private bytes = 0;

  constructor(limits: BundleLimits) {
    this.limits = limits;
  }

  /** Whether the content of a member is needed. */
  take({ path, kind, size, link }: TarMember): boolean {
    const { limits, files, links } = this;
    if (++this.members > limits.members * PASSED_OVER || files.size + links.size > limits.members) {
      throw new Refused('it has too many members', { limit: true });
    }
    if ((this.bytes += size) > limits.bytes) {
      throw new Refused(`it unpacks to more than ${limits.bytes} bytes`, { limit: true });
    }
    this.top ??= topOf(path);
    const below = belowTop(path);
    if (kind === 'file') {
      if (files.has(path)) throw new Refused(`its member ${quoted(path)} is there twice`);
      return isNeeded(path) || isNeeded(below);
    }
    if (link !== undefined && (mayLead(path) || mayLead(below))) {
      links.set(path, kind === 'link' ? link : `/${belowTop(link)}`);
    }
    return false;
  }

  /** The files by the paths at which the report has them, each with the path that it has itself. @throws Refused where it is none */
  named(): ReadonlyMap<string, Member> {
    const { top, files, links } = this;
    if (top === undefined) throw noReport();
    const named = new Map<string, Member>();
    const linkAt = (path: string): string | undefined => links.get(top + path);
    const below = [...files.keys(), ...links.keys()].flatMap((path) =>
      path.startsWith(top) ? [path.slice(top.length)] : [],
    );
    for (const path of [...below.filter(isNeeded), ...BEHIND_LINKS]) {
      const target = resolvedInside(path, linkAt);
      const member = target === undefined ? undefined : files.get(top + target);
      if (member !== undefined) named.set(path, member);
    }
    return named;
  }
}

/** The folder above what sos writes, with its slash. */
function topOf(path: string): string | undefined {
  return /^([^/]+\/)?sos_commands(?:\/|$)/.exec(path)?.[0].replace(/sos_commands\/?$/, '');
}

function belowTop(path: string): string {
  return path.slice(path.indexOf('/') + 1);
}
