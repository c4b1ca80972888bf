import { join } from 'node:path';
import { Failure } from '../model/failure.js';
import { recognise } from '../parsers/recognise.js';
import { isFolder, readSmallFile } from '../sources/files.js';
import type { Material, Missing } from './status/material.js';

/** A file of a captured folder. */
export interface Member {
  name: string;
  /** What it looks like, in the words of {@link recognise}; absent where that does not know it. */
  kind?: string;
  /** Other things that it may look like and still be that. */
  alike?: readonly string[];
}

/** Why a part of a capture is not there that the host alone could tell. */
export const NOT_CAPTURED: Missing = { missing: 'not in the capture' };

/**
 * Refuses what is no folder.
 *
 * @param what what the folder holds, as the beginning of a sentence: `A captured status`
 * @param wanted what it should be, in a sentence
 * @throws Failure CAPTURE_UNREADABLE, BAD_CAPTURE
 */
export async function refuseOthers(folder: string, what: string, wanted: string): Promise<void> {
  if (folder === '-') {
    throw new Failure('CAPTURE_UNREADABLE', `${what} can not come from stdin.`, { next: wanted });
  }
  const found = await isFolder(folder);
  if (found === false) throw new Failure('BAD_CAPTURE', `${folder} is a file.`, { next: wanted });
  if (found !== true) {
    throw new Failure('CAPTURE_UNREADABLE', `The capture ${folder} ${found.reason}.`, { next: wanted });
  }
}

/** Whether it may be empty, its parser knows: without a Sync section there are no links. */
export function readPage(folder: string, member: Member & { kind: string }): Material {
  const material = readMember(folder, member, 'latin1');
  return 'text' in material ? { ...material, query: member.kind } : material;
}

/** A file that is there and is something else than its name says is no answer, whatever could be read of it. */
export function readMember(folder: string, member: Member, encoding: 'utf8' | 'latin1'): Material {
  const file = join(folder, member.name);
  const read = readSmallFile(file, encoding);
  if ('unreadable' in read) {
    const { code, reason } = read.unreadable;
    return code === 'ENOENT' ? NOT_CAPTURED : { missing: `${file} ${reason}`, code: 'CAPTURE_UNREADABLE' };
  }
  const looksLike = recognise(read.text);
  const expected = [undefined, member.kind, ...(member.alike ?? [])];
  if (expected.includes(looksLike)) return { text: read.text, file };
  return { missing: `${file} looks like ${looksLike}`, ...badMember(member) };
}

/** The failure of a member that is not what its name says. */
export function badMember({ name, kind = 'the record of a transition' }: Member): Pick<Missing, 'code' | 'next'> {
  const wanted = kind.startsWith('conntrackd -') ? `the output of ${kind}` : kind === name ? 'a copy of it' : kind;
  return { code: 'BAD_CAPTURE', next: `Put ${wanted} into the capture as ${name}.` };
}
