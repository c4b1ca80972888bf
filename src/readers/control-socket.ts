import { Failure } from '../model/failure.js';
import { parseConntrackdConf } from '../parsers/conntrackd-conf.js';
import type { SourceOptions } from '../sources/options.js';

/** Path of the control socket; else why it is not known, or neither where the configuration names none. */
export async function controlSocket({ place, query }: SourceOptions): Promise<{ path?: string; unknown?: string }> {
  const file = query.daemonConfig;
  const read = await place.readFile(file);
  if ('unreadable' in read) return { unknown: `its configuration ${file} ${read.unreadable.reason}` };
  try {
    const path = parseConntrackdConf(read.text, file).general.unix_path;
    return path === undefined ? {} : { path };
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message.replace(/\.$/, '') };
    throw error;
  }
}
