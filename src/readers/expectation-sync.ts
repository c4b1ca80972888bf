import { Failure } from '../model/failure.js';
import { parseConntrackdConf } from '../parsers/conntrackd-conf.js';
import { readSmallFile } from '../sources/files.js';

/**
 * Whether expectations are synchronised, as the configuration says; undefined where it can't be read: conntrackd answers
 * with an empty page if they are not.
 */
export function expectationsAreSynced(file: string): boolean | undefined {
  const read = readSmallFile(file);
  if ('unreadable' in read) return undefined;
  try {
    const sync = parseConntrackdConf(read.text, file).sync?.expectation_sync;
    return sync !== undefined && sync !== false;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** What is to be said where the configuration has them synchronised, and the daemon does not do it. */
export function startedWithout(file: string): string {
  return `${file} has ExpectationSync on, but the daemon that runs was started without it: restart it to synchronise expectations.`;
}

/** {@link startedWithout} as a note on a page of expectations that is empty; none where it should be. */
export function notesOnMissingExpectations(file: string): string[] {
  return expectationsAreSynced(file) === true ? [startedWithout(file)] : [];
}
