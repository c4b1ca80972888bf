import { readFileSync, readlinkSync } from 'node:fs';
import { readProc } from './processes.js';

const LOCALTIME = '/etc/localtime';
const DATABASE = /(?:^|\/)zoneinfo\/(?:posix\/|right\/)?(.+)$/;

/**
 * IANA name of the zone that this host's daemons write their times in, whatever TZ this process has; undefined where it
 * can't be told.
 */
export function hostTimeZone(): string | undefined {
  try {
    return DATABASE.exec(readlinkSync(LOCALTIME))?.[1];
  } catch (error) {
    // glibc takes UTC where there is no such file; a copy of a zone has no name, which Debian keeps elsewhere.
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'UTC' : named();
  }
}

function named(): string | undefined {
  try {
    return readFileSync('/etc/timezone', 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The zone that a process was told by its TZ; undefined where it was told none, or is not ours to look at. */
export async function processTimeZone(pid: number): Promise<string | undefined> {
  const variables = (await readProc(`${pid}/environ`))?.split('\0') ?? [];
  const [value] = variables.flatMap((variable) => (variable.startsWith('TZ=') ? [variable.slice(3)] : []));
  if (value === undefined) return undefined;
  // tzset(3): a colon may stand before a name, a path leads to a file of the database, and an empty value is UTC.
  const name = value.replace(/^:/, '');
  return name === '' ? 'UTC' : (DATABASE.exec(name)?.[1] ?? name);
}

/** IANA name of the zone of this process: what date(1) would print. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
