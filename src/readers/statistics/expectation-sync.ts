import { Failure } from '../../model/failure.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { readSmallFile } from '../../sources/files.js';

/** As the configuration says; undefined where it can't be read: conntrackd answers with an empty page if they are not. */
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

/** What is to be said where the daemon has no page of expectations although the configuration asks for them. */
export function notesOnMissingExpectations(file: string): string[] {
  if (expectationsAreSynced(file) !== true) return [];
  return [
    `${file} has ExpectationSync on, but the daemon that runs was started without it: restart it to synchronise expectations.`,
  ];
}
