import { TimeZone } from '../../parsers/time-zone.js';
import { resolved } from '../../sources/files.js';
import { openFiles } from '../../sources/processes.js';
import { hostTimeZone, processTimeZone } from '../../sources/time-zone.js';
import { socketOwner } from '../daemon-process.js';

/** The process that writes a log; undefined where it does not run, or is not ours to look at. */
export async function writerOf(socket: string | undefined): Promise<number | undefined> {
  const owner = socket === undefined ? undefined : await socketOwner(socket);
  return owner === undefined || owner === 'unseen' ? undefined : owner.pid;
}

/** The zone in which conntrackd writes its times: that of its own TZ where that can be seen, else this host's. */
export async function zoneOf(writer: number | undefined): Promise<TimeZone | undefined> {
  const name = (writer === undefined ? undefined : await processTimeZone(writer)) ?? hostTimeZone();
  return name === undefined ? undefined : TimeZone.named(name);
}

/** What an operator should read where the zone is not known. */
export const ZONE_UNKNOWN =
  "The zone of this host's clock has no name here, so times are shown as written: --timezone ZONE puts them into UTC.";

/** conntrackd never opens its log anew: once that was renamed or removed, what it logs is not in the file at the path. */
export async function notesOnWriter(writer: number | undefined, path: string): Promise<string[]> {
  const files = (writer === undefined ? undefined : await openFiles(writer)) ?? [];
  const own = resolved(path);
  if (files.includes(own)) return [];
  const elsewhere = files.find((file) => file.startsWith(own));
  if (elsewhere === undefined) return [];
  const begins = `conntrackd, process ${writer}, has not taken notice that ${path} was`;
  if (elsewhere.endsWith(' (deleted)')) return [`${begins} removed: what it logs is lost until it is restarted.`];
  return [`${begins} renamed: what it logs is in ${elsewhere} until it is restarted (--from ${elsewhere} shows it).`];
}
