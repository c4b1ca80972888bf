import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transition } from '../../src/model/transition.js';

/** What a hook has recorded of a router: each transition that keepalived has told it of, and whether it is at work. */
export interface HookRecord {
  begun: { state: string; group: string }[];
  atWork: boolean;
}

/** Of the lab's own hook: a line when it begins, and one when it is done. */
export async function recordOfLab(folder: string): Promise<HookRecord> {
  const text = await readFile(join(folder, 'failover.log'), 'utf8').catch(() => '');
  const begun = [...text.matchAll(/^(\S+) of (\S+) begins$/gm)].map(([, state = '', group = '']) => ({ state, group }));
  return { begun, atWork: begun.length !== [...text.matchAll(/^\S+ of \S+ done$/gm)].length };
}

/** Of ctsync's: a line when it is done; until then its request is there. */
export async function recordOfCtsync(folder: string): Promise<HookRecord> {
  const requests = await readdir(join(folder, 'failover-requests')).catch(() => []);
  const begun = (await transitionsIn(folder)).filter(({ delayed }) => delayed !== true);
  return { begun: begun.map(({ to, group }) => ({ state: to, group })), atWork: requests.length > 0 };
}

/** What ctsync's hook has recorded, as it stands in the file. */
export async function transitionsIn(folder: string): Promise<Transition[]> {
  const text = await readFile(join(folder, 'transitions.ndjson'), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Transition]));
}
