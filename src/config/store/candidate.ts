import { Failure } from '../../model/failure.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { parseStatements } from '../statements/parse.js';
import { commandsOf } from '../statements/print.js';
import { digestOf, readOwn, removeOwn, writeOwn } from './files.js';
import type { StorePaths } from './folders.js';

/** The statements as committed. */
export interface Running {
  configuration: SyncConfiguration;
  /** Of the file; see {@link digestOf}. */
  digest: string;
}

/** What will be committed. */
export interface Candidate {
  configuration: SyncConfiguration;
  /** The digest of the statements that it began with. */
  base: string;
  /** The digest of a file of the daemon's that was imported, and may be overwritten for it. */
  imported?: string;
}

const RUNNING_HEAD = `# Statements of ctsync. Change them with "ctsync set", "ctsync delete" and "ctsync commit".\n`;

/** The text of a file of statements. */
export function statementsText(configuration: SyncConfiguration, head = RUNNING_HEAD): string {
  return `${head}${commandsOf(configuration)
    .map((line) => `${line}\n`)
    .join('')}`;
}

/** The committed statements; none where nothing was committed yet. */
export function readRunning({ statements }: StorePaths): Running {
  const text = readOwn(statements);
  return { configuration: configurationIn(text ?? '', statements), digest: digestOf(text) };
}

/** The candidate, if one was begun. */
export function readCandidate({ candidate: path }: StorePaths): Candidate | undefined {
  const text = readOwn(path);
  if (text === undefined) return undefined;
  const base = /^# base (\S+)$/m.exec(text)?.[1] ?? 'unknown';
  const imported = /^# imported (\S+)$/m.exec(text)?.[1];
  return {
    configuration: configurationIn(text, path),
    base,
    ...(imported === undefined ? {} : { imported }),
  };
}

/** The candidate, or a new one that begins with what was committed. */
export function candidateOf(paths: StorePaths): Candidate {
  const candidate = readCandidate(paths);
  if (candidate !== undefined) return candidate;
  const { configuration, digest } = readRunning(paths);
  return { configuration, base: digest };
}

export function writeCandidate({ candidate: path }: StorePaths, candidate: Candidate): void {
  const { configuration, base, imported } = candidate;
  const head = [
    '# Candidate of ctsync: "ctsync commit" makes it the configuration, "ctsync discard" drops it.',
    `# base ${base}`,
    ...(imported === undefined ? [] : [`# imported ${imported}`]),
  ];
  writeOwn(path, statementsText(configuration, `${head.join('\n')}\n`));
}

/** Whether there was one. */
export function dropCandidate({ candidate: path }: StorePaths): boolean {
  const there = readOwn(path) !== undefined;
  if (there) removeOwn(path);
  return there;
}

/** @throws Failure CONFIG_INVALID with the line that is none of ours */
export function configurationIn(text: string, path: string): SyncConfiguration {
  try {
    return parseStatements(text, path).configuration;
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'BAD_CAPTURE') throw error;
    throw new Failure('CONFIG_INVALID', error.message, { next: `Correct that line of ${path}.`, cause: error });
  }
}
