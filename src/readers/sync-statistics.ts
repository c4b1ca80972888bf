import { Failure } from '../model/failure.js';
import type { SyncStatistics } from '../model/statistics.js';
import { parseConntrackdConf } from '../parsers/conntrackd-conf.js';
import { recognise } from '../parsers/recognise.js';
import { parseSyncStatistics, parseTableStatistics } from '../parsers/statistics.js';
import { readCapture } from '../sources/capture.js';
import { readSmallFile } from '../sources/files.js';
import type { SourceOptions } from '../sources/options.js';
import { expectStatistics, generalStatistics } from '../sources/queries.js';
import { askDaemon } from './daemon.js';
import { inCapture } from './in-capture.js';

/** conntrackd's general page, and that of the expectations where they are synchronised; live or from a capture. */
export async function readSyncStatistics(options: SourceOptions): Promise<SyncStatistics> {
  if (options.from !== undefined) return capturedStatistics(options.from, options);
  const general = generalStatistics(options.query);
  const ofExpectations = expectStatistics(options.query);
  const both = expectationsMayBeSynced(options.query.daemonConfig);
  const asking = both ? { ...options, asked: [general, ofExpectations] } : options;
  const main = parseTableStatistics(await askDaemon(general, asking));
  if (!both) return { main };
  const expect = await askDaemon(ofExpectations, asking);
  // Empty where the daemon was started with another configuration than the file now says.
  return expect === '' ? { main } : { main, expect: parseTableStatistics(expect, '-s expect') };
}

/** False only where the configuration can be read and says so: conntrackd answers with an empty page otherwise. */
function expectationsMayBeSynced(file: string): boolean {
  const read = readSmallFile(file);
  if ('unreadable' in read) return true;
  try {
    const sync = parseConntrackdConf(read.text, file).sync?.expectation_sync;
    return sync !== undefined && sync !== false;
  } catch (error) {
    if (error instanceof Failure) return true;
    throw error;
  }
}

async function capturedStatistics(path: string, options: SourceOptions): Promise<SyncStatistics> {
  const { name, text } = await readCapture(path, options.abort);
  const looksLike = recognise(text);
  if (looksLike === 'conntrackd -s') return inCapture(name, looksLike, () => parseSyncStatistics(text));
  const found =
    text === '' ? 'is empty' : looksLike === undefined ? 'is no page of conntrackd' : `looks like ${looksLike}`;
  throw new Failure('BAD_CAPTURE', `${name} ${found}.`, {
    next: 'This command reads the output of conntrackd -s, or both tables under the titles that it prints itself.',
  });
}
