import { TimeZone } from '../../parsers/time-zone.js';
import type { Place } from '../../sources/place.js';
import { readProc } from '../proc.js';

const LOCALTIME = '/etc/localtime';
const DATABASE = /(?:^|\/)zoneinfo\/(?:posix\/|right\/)?(.+)$/;

/** The zone in which conntrackd writes its times: that of its own TZ where that can be seen, else its host's. */
export async function zoneOf(writer: number | undefined, place: Place): Promise<TimeZone | undefined> {
  const own = writer === undefined ? undefined : await processTimeZone(writer, place);
  const name = own ?? (await hostTimeZone(place));
  return name === undefined ? undefined : TimeZone.named(name);
}

/** The zone that a process was told by its TZ; undefined where it was told none, or is not ours to look at. */
async function processTimeZone(pid: number, place: Place): Promise<string | undefined> {
  const variables = (await readProc(`${pid}/environ`, place))?.split('\0') ?? [];
  const [value] = variables.flatMap((variable) => (variable.startsWith('TZ=') ? [variable.slice(3)] : []));
  if (value === undefined) return undefined;
  // tzset(3): a colon may stand before a name, a path leads to a file of the database, and an empty value is UTC.
  const name = value.replace(/^:/, '');
  return name === '' ? 'UTC' : (DATABASE.exec(name)?.[1] ?? name);
}

/**
 * IANA name of the zone that a host's daemons write their times in, whatever TZ this process has; undefined where it can't be
 * told.
 */
async function hostTimeZone(place: Place): Promise<string | undefined> {
  const target = await place.targetOf(LOCALTIME);
  if (target !== undefined) return DATABASE.exec(target)?.[1];
  const found = await place.look(LOCALTIME);
  // glibc takes UTC where there is no such file; a copy of a zone has no name, which Debian keeps elsewhere.
  if ('code' in found && found.code === 'ENOENT') return 'UTC';
  const read = await place.readFile('/etc/timezone');
  return ('text' in read && read.text.trim()) || undefined;
}
