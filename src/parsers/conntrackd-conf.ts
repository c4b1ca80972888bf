import type { ConntrackdConf } from '../model/conntrackd-conf.js';
import { Failure } from '../model/failure.js';
import type { Statements } from './conntrackd-conf/cursor.js';
import { Cursor, Mistake } from './conntrackd-conf/cursor.js';
import { readGeneral } from './conntrackd-conf/general.js';
import { readHelper } from './conntrackd-conf/helper.js';
import { readStats } from './conntrackd-conf/stats.js';
import { readSync } from './conntrackd-conf/sync.js';

/**
 * Reads a conntrackd configuration by the grammar of conntrackd 1.4.7 (formats.md §12): what the daemon accepts is
 * accepted, what it refuses is refused at the same line and symbol. An empty text is a valid configuration.
 *
 * Not judged, since the file alone can't tell: whether interfaces, helper modules and protocol names exist.
 *
 * @param text the file, decoded as UTF-8
 * @param file its path, for the sentence of the failure
 * @throws Failure `CONFIG_INVALID`; its cause is a {@link Mistake}
 */
export function parseConntrackdConf(text: string, file: string): ConntrackdConf {
  try {
    return read(new Cursor(text));
  } catch (error) {
    throw error instanceof Mistake ? invalid(error, file) : error;
  }
}

const SECTIONS: Statements<ConntrackdConf> = {
  General: readGeneral,
  Sync: readSync,
  Stats: readStats,
  Helper: readHelper,
};

function read(cursor: Cursor): ConntrackdConf {
  const conf: ConntrackdConf = { general: {}, warnings: cursor.warnings };
  const end = cursor.sections(conf, SECTIONS);
  if (cursor.hasRest) {
    cursor.warn(end.line, 'conntrackd stops reading at a byte that is not ASCII: what follows has no effect');
  }
  warnAboutTheWhole(cursor, conf);
  return conf;
}

function warnAboutTheWhole(cursor: Cursor, { general, sync, stats }: ConntrackdConf): void {
  if (general.unix_path === undefined) {
    cursor.warnAboutFile('General has no UNIX { Path … }: no request can reach conntrackd');
  }
  if (sync === undefined && stats === undefined) {
    cursor.warnAboutFile('there is neither Sync nor Stats: conntrackd runs, but does nothing');
  }
  if (sync !== undefined && sync.mode === undefined) {
    cursor.warnAboutFile('Sync has no Mode: conntrackd takes FTFW');
  }
  if (sync?.commit_timeout !== undefined && sync.disable_external_cache === true) {
    cursor.warnAboutFile('CommitTimeout has no effect with DisableExternalCache: conntrackd ignores it');
  }
}

function invalid(mistake: Mistake, file: string): Failure {
  const { line, reason } = mistake;
  return new Failure(
    'CONFIG_INVALID',
    `${file} has a mistake in line ${line} at the symbol '${printable(mistake.symbol)}': ${reason}.`,
    {
      next: `Correct the line: conntrackd stops there too, as \`conntrackd -C ${file} -s\` shows.`,
      cause: mistake,
    },
  );
}

const LONGEST_SYMBOL = 80;

/** A symbol fit for a sentence: not longer than a line, and without control characters. */
function printable(symbol: string): string {
  const short = symbol.length > LONGEST_SYMBOL ? `${symbol.slice(0, LONGEST_SYMBOL)}…` : symbol;
  return short.replace(/\p{C}/gu, (char) => `\\u{${(char.codePointAt(0) as number).toString(16)}}`);
}
