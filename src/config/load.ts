import { Failure } from '../model/failure.js';
import { readCapture } from '../sources/capture.js';
import { readSmallFile } from '../sources/files.js';
import type { LoadedStatements } from './statements/parse.js';

/**
 * The text of a file that the operator names, or of stdin where it is `-`.
 *
 * @throws Failure CAPTURE_UNREADABLE, INTERRUPTED
 */
export async function readNamed(path: string, abort: AbortSignal): Promise<{ name: string; text: string }> {
  if (path === '-') return readCapture('-', abort);
  const read = readSmallFile(path);
  if ('text' in read) return { name: path, text: read.text };
  throw new Failure('CAPTURE_UNREADABLE', `${path} ${read.unreadable.reason}.`, {
    next: 'Name the file, or - for stdin.',
  });
}

/**
 * What is to be said of a text of statements.
 *
 * @throws Failure BAD_CAPTURE where it has none of ours
 */
export function notesOnLoaded(loaded: LoadedStatements, name: string): string[] {
  const { own, others, syncGroups, configuration } = loaded;
  if (own === 0) {
    throw new Failure('BAD_CAPTURE', `${name} has no statement of service conntrack-sync.`, {
      next: 'Give it the output of "show configuration commands", or lines as "ctsync show configuration --commands" has them.',
    });
  }
  const { sync_group: group } = configuration;
  const isLacking = group !== undefined && syncGroups !== undefined && !syncGroups.includes(group);
  return [
    ...(others === 0
      ? []
      : [`${others} ${others === 1 ? 'statement' : 'statements'} of other services were left alone.`]),
    ...(isLacking
      ? [`The sync group ${group} is none of those that ${name} has: ${syncGroups.join(', ') || 'none'}.`]
      : []),
  ];
}
