import { Failure } from '../model/failure.js';
import { parseConntrackdConf } from '../parsers/conntrackd-conf.js';
import { readSmallFile } from '../sources/files.js';

/** Path of the control socket; else why it is not known, or neither where the configuration names none. */
export function controlSocket(file: string): { path?: string; unknown?: string } {
  const read = readSmallFile(file);
  if ('unreadable' in read) return { unknown: `its configuration ${file} ${read.unreadable.reason}` };
  try {
    const path = parseConntrackdConf(read.text, file).general.unix_path;
    return path === undefined ? {} : { path };
  } catch (error) {
    if (error instanceof Failure) return { unknown: error.message.replace(/\.$/, '') };
    throw error;
  }
}
