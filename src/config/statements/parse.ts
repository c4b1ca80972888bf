import { Failure } from '../../model/failure.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { withoutStatement } from './delete.js';
import { SERVICE } from './find.js';
import { withStatement } from './set.js';
import { wordsOf } from './words.js';

/** What a text of statements says. */
export interface LoadedStatements {
  configuration: SyncConfiguration;
  /** How many statements of conntrack-sync there were. */
  own: number;
  /** How many statements of other services there were. */
  others: number;
  /** The sync groups that its `set high-availability vrrp sync-group` lines name; absent where it has no such line. */
  syncGroups?: string[];
}

/**
 * Reads statements as VyOS's `show configuration commands` has them, one a line. Empty lines and those that begin with `#` say
 * nothing; lines of other services are counted.
 *
 * @param name of the file, for sentences
 * @throws Failure BAD_CAPTURE with the line that is no statement, or none that is known
 */
export function parseStatements(text: string, name: string): LoadedStatements {
  const loaded: LoadedStatements = { configuration: {}, own: 0, others: 0 };
  text.split(/\r?\n/).forEach((line, index) => {
    if (/^\s*(?:#|$)/.test(line)) return;
    try {
      readLine(loaded, line);
    } catch (error) {
      throw error instanceof Failure ? inLine(error, name, index + 1) : error;
    }
  });
  return loaded;
}

function readLine(loaded: LoadedStatements, line: string): void {
  const words = wordsOf(line);
  if (words === undefined) throw new Failure('BAD_CAPTURE', 'a quote is not closed.');
  const [verb, ...path] = words;
  if (verb !== 'set' && verb !== 'delete') throw new Failure('BAD_CAPTURE', 'it begins with neither set nor delete.');
  if (!SERVICE.every((word, index) => path[index] === word)) {
    loaded.others += 1;
    noteSyncGroup(loaded, path);
    return;
  }
  loaded.own += 1;
  const change = verb === 'set' ? withStatement : withoutStatement;
  loaded.configuration = change(loaded.configuration, path.slice(SERVICE.length));
}

const GROUP = ['high-availability', 'vrrp', 'sync-group'];

function noteSyncGroup(loaded: LoadedStatements, path: readonly string[]): void {
  if (path[0] !== GROUP[0] || path[1] !== GROUP[1]) return;
  loaded.syncGroups ??= [];
  const name = path[2] === GROUP[2] ? path[3] : undefined;
  if (name !== undefined && !loaded.syncGroups.includes(name)) loaded.syncGroups.push(name);
}

function inLine({ message, next, cause }: Failure, name: string, line: number): Failure {
  const sentence = `${name} has a mistake in line ${line}: ${message}`;
  return new Failure('BAD_CAPTURE', sentence, { next: next ?? 'Correct that line; nothing was changed.', cause });
}
