import type { Place } from '../../sources/place.js';
import { socketOwner } from '../daemon-process.js';
import { openFiles } from '../proc.js';

/** The process that writes a log; undefined where it does not run, or is not ours to look at. */
export async function writerOf(socket: string | undefined, place: Place): Promise<number | undefined> {
  const owner = socket === undefined ? undefined : await socketOwner(socket, place);
  return owner === undefined || owner === 'unseen' ? undefined : owner.pid;
}

/** What an operator should read where the zone is not known. */
export const ZONE_UNKNOWN =
  "The zone of this host's clock has no name here, so times are shown as written: --timezone ZONE puts them into UTC.";

/** conntrackd never opens its log anew: once that was renamed or removed, what it logs is not in the file at the path. */
export async function notesOnWriter(writer: number | undefined, path: string, place: Place): Promise<string[]> {
  const files = (writer === undefined ? undefined : await openFiles(writer, place)) ?? [];
  const own = await place.resolved(path);
  if (files.includes(own)) return [];
  const elsewhere = files.find((file) => file.startsWith(own));
  if (elsewhere === undefined) return [];
  const begins = `conntrackd, process ${writer}, has not taken notice that ${path} was`;
  if (elsewhere.endsWith(' (deleted)')) return [`${begins} removed: what it logs is lost until it is restarted.`];
  return [`${begins} renamed: what it logs is in ${elsewhere} until it is restarted (--from ${elsewhere} shows it).`];
}
