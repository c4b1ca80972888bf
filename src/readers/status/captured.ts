import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { recognise } from '../../parsers/recognise.js';
import { capturedIncludes } from '../../sources/captured-includes.js';
import { isFolder, readSmallFile } from '../../sources/files.js';
import type { Material, Missing, StatusMaterial } from './material.js';

/** A file of a captured status. */
interface Member {
  name: string;
  /** What it looks like, in the words of {@link recognise}; absent where that does not know it. */
  kind?: string;
}

/** The files of a captured status; each may be missing. */
const FILES = {
  daemonConfig: { name: 'conntrackd.conf', kind: 'conntrackd.conf' },
  keepalivedConfig: { name: 'keepalived.conf', kind: 'keepalived.conf' },
  failoverState: { name: 'failover-state' },
} as const satisfies Record<string, Member>;

/** conntrackd's pages among them: the name of a device may be any bytes there (formats.md §14). */
const PAGES = {
  general: { name: 's.txt', kind: 'conntrackd -s' },
  runtime: { name: 's-runtime.txt', kind: 'conntrackd -s runtime' },
  links: { name: 's-link.txt', kind: 'conntrackd -s link' },
} as const satisfies Record<string, Member>;

/** Why a part of a captured status is not there that the host alone could tell. */
export const NOT_CAPTURED: Missing = { missing: 'not in the capture' };

/**
 * Reads from a folder of captured files what a status is made of.
 *
 * @throws Failure CAPTURE_UNREADABLE where there is no such folder, BAD_CAPTURE where none of the files is in it
 */
export async function capturedMaterial(folder: string): Promise<StatusMaterial> {
  await refuseOthers(folder);
  const failoverState = readMember(folder, FILES.failoverState, 'utf8');
  const files = {
    daemonConfig: readConfiguration(folder, FILES.daemonConfig),
    keepalivedConfig: readConfiguration(folder, FILES.keepalivedConfig),
    failoverState,
    general: readPage(folder, PAGES.general),
    runtime: readPage(folder, PAGES.runtime),
    links: readPage(folder, PAGES.links),
  };
  if (Object.values(files).every((material) => material === NOT_CAPTURED)) {
    throw new Failure('BAD_CAPTURE', `${folder} holds none of the files of a captured status.`, { next: WANTED });
  }
  return {
    ...files,
    // On the host itself the file does not exist either before the first transition.
    failoverState: failoverState === NOT_CAPTURED ? 'none' : failoverState,
    addresses: NOT_CAPTURED,
    version: NOT_CAPTURED,
    // A captured configuration includes files of the host it came from, not of this one.
    surroundings: { readIncluded: capturedIncludes(folder) },
  };
}

const NAMES = [...Object.values(FILES), ...Object.values(PAGES)].map(({ name }) => name);
const WANTED = `A captured status is a folder with any of ${NAMES.join(', ')}.`;

async function refuseOthers(folder: string): Promise<void> {
  if (folder === '-') {
    throw new Failure('CAPTURE_UNREADABLE', 'A captured status can not come from stdin.', { next: WANTED });
  }
  const found = await isFolder(folder);
  if (found === false) throw new Failure('BAD_CAPTURE', `${folder} is a file.`, { next: WANTED });
  if (found !== true) {
    throw new Failure('CAPTURE_UNREADABLE', `The capture ${folder} ${found.reason}.`, { next: WANTED });
  }
}

/** An empty configuration is what is left of a copy that failed: neither program has anything to do with one. */
function readConfiguration(folder: string, member: Member): Material {
  const material = readMember(folder, member, 'utf8');
  if (!('text' in material) || material.text.trim() !== '') return material;
  return { missing: `${material.file} is empty`, ...bad(member) };
}

/** Whether it may be empty, its parser knows: without a Sync section there are no links. */
function readPage(folder: string, member: Required<Member>): Material {
  const material = readMember(folder, member, 'latin1');
  return 'text' in material ? { ...material, query: member.kind } : material;
}

/** A file that is there and is something else than its name says is no answer, whatever could be read of it. */
function readMember(folder: string, member: Member, encoding: 'utf8' | 'latin1'): Material {
  const file = join(folder, member.name);
  const read = readSmallFile(file, encoding);
  if ('unreadable' in read) {
    const { code, reason } = read.unreadable;
    return code === 'ENOENT' ? NOT_CAPTURED : { missing: `${file} ${reason}`, code: 'CAPTURE_UNREADABLE' };
  }
  const looksLike = recognise(read.text);
  if (looksLike === undefined || looksLike === member.kind) return { text: read.text, file };
  return { missing: `${file} looks like ${looksLike}`, ...bad(member) };
}

function bad({ name, kind = 'the record of a transition' }: Member): Pick<Missing, 'code' | 'next'> {
  const wanted = kind.startsWith('conntrackd -') ? `the output of ${kind}` : kind === name ? 'a copy of it' : kind;
  return { code: 'BAD_CAPTURE', next: `Put ${wanted} into the capture as ${name}.` };
}
