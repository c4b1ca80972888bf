import { Failure } from '../model/failure.js';
import { parseConntrackdConf } from '../parsers/conntrackd-conf.js';
import type { SourceOptions } from '../sources/options.js';

/**
 * Whether expectations are synchronised, as the configuration says; undefined where it can't be read: conntrackd answers
 * with an empty page if they are not.
 */
export async function expectationsAreSynced({ place, query }: SourceOptions): Promise<boolean | undefined> {
  const file = query.daemonConfig;
  const read = await place.readFile(file);
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
export async function notesOnMissingExpectations(options: SourceOptions): Promise<string[]> {
  return (await expectationsAreSynced(options)) === true ? [startedWithout(options.query.daemonConfig)] : [];
}
