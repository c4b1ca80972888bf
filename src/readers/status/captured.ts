import { Failure } from '../../model/failure.js';
import { capturedIncludes } from '../../sources/captured-includes.js';
import { badMember, type Member, NOT_CAPTURED, readMember, readPage, refuseOthers } from '../captured-folder.js';
import type { HostMaterial, Material, StatusMaterial } from './material.js';

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

/**
 * Reads from a folder of captured files what a status is made of.
 *
 * @throws Failure CAPTURE_UNREADABLE where there is no such folder, BAD_CAPTURE where none of the files is in it
 */
export async function capturedMaterial(folder: string): Promise<StatusMaterial> {
  await refuseOthers(folder, 'A captured status', WANTED);
  const host = capturedHost(folder);
  const pages = {
    general: readPage(folder, PAGES.general),
    runtime: readPage(folder, PAGES.runtime),
    links: readPage(folder, PAGES.links),
  };
  const { daemonConfig, keepalivedConfig, failoverState } = host;
  const absent = [daemonConfig, keepalivedConfig, ...Object.values(pages)].every((found) => found === NOT_CAPTURED);
  if (absent && failoverState === 'none') {
    throw new Failure('BAD_CAPTURE', `${folder} holds none of the files of a captured status.`, { next: WANTED });
  }
  return { ...host, ...pages };
}

/** What a folder of captured files holds beside the daemon's own pages. */
export function capturedHost(folder: string): HostMaterial {
  const failoverState = readMember(folder, FILES.failoverState, 'utf8');
  return {
    daemonConfig: readConfiguration(folder, FILES.daemonConfig),
    keepalivedConfig: readConfiguration(folder, FILES.keepalivedConfig),
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

/** An empty configuration is what is left of a copy that failed: neither program has anything to do with one. */
function readConfiguration(folder: string, member: Member): Material {
  const material = readMember(folder, member, 'utf8');
  if (!('text' in material) || material.text.trim() !== '') return material;
  return { missing: `${material.file} is empty`, ...badMember(member) };
}
