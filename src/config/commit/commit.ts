import { lstatSync } from 'node:fs';
import type { DaemonFile } from '../../actions/daemon/daemon-file.js';
import { askingOf, hasRead, restarted, runningDaemon } from '../../actions/daemon/restart.js';
import { refuseDuringCommit } from '../../actions/refusals.js';
import type { CommitReport } from '../../model/configuration.js';
import { Failure } from '../../model/failure.js';
import type { ProcessStatus } from '../../model/process.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import type { SourceOptions } from '../../sources/options.js';
import { READABLE_FOR_ALL } from '../../sources/replaced-file.js';
import { type Candidate, dropCandidate, readCandidate, readRunning } from '../store/candidate.js';
import { readOwn, writeOwn } from '../store/files.js';
import type { StorePaths } from '../store/folders.js';
import { readSurroundings } from '../surroundings.js';
import { noteCommit } from './commits.js';
import { filled } from './filled.js';
import { beginJournal, endJournal, type Journal, noteWritten, writtenDigests } from './journal.js';
import { type CommitPlan, planOf, refuseUnfit } from './plan.js';
import { type Recovered, recovered } from './recover.js';
import { undone } from './undo.js';

/** How and what is to be committed. */
export interface CommitQuestion {
  daemon: DaemonFile;
  keepalivedConfig: string | undefined;
  comment: string | undefined;
  /** Whether only what would be done is wanted. */
  dryRun: boolean;
  /** Called with what verify has found, before anything is touched or refused. */
  onFindings?: (plan: CommitPlan) => void;
}

/**
 * Makes the candidate the configuration, and the daemon work by it. To be called while the store is locked.
 *
 * Whatever ends it half way: each file is the old or the new one, and the next commit puts the old ones back first.
 *
 * @throws Failure CONFIG_REFUSED, CONFIG_CHANGED, ACTION_REFUSED while conntrackd puts flows into the kernel; COMMIT_FAILED
 *   where the old configuration is back
 */
export async function commit(
  question: CommitQuestion,
  paths: StorePaths,
  options: SourceOptions,
): Promise<CommitReport> {
  const left = question.dryRun ? undefined : recovered(paths);
  return commitWanted(question, readCandidate(paths), left?.left, paths, options);
}

/**
 * Makes the configuration before the last commit the configuration again.
 *
 * @throws Failure NOT_CONFIGURED where there is none; as {@link commit}
 */
export async function rollBack(
  question: CommitQuestion,
  paths: StorePaths,
  options: SourceOptions,
): Promise<CommitReport> {
  if (readCandidate(paths) !== undefined) {
    throw new Failure('CONFIG_CHANGED', 'There is a candidate that is not committed.', {
      next: 'Commit it, or drop it with "ctsync discard". Nothing was changed.',
    });
  }
  const left = question.dryRun ? undefined : recovered(paths);
  if (left?.left === 'restart' && readOwn(paths.statements) === left.journal.oldStatements) {
    return commitWanted(question, undefined, left.left, paths, options);
  }
  const before = readOwn(paths.previous);
  if (before === undefined) {
    throw new Failure('NOT_CONFIGURED', 'There is no configuration before this one.', {
      next: 'See what there is: "ctsync show configuration".',
    });
  }
  const { configuration } = readRunning({ ...paths, statements: paths.previous });
  const wanted = { configuration, base: readRunning(paths).digest };
  return commitWanted(question, wanted, left?.left, paths, options);
}

/** @param left what a commit that was ended half way has left to be done: it may have stopped the daemon, or emptied its caches */
async function commitWanted(
  question: CommitQuestion,
  wanted: Candidate | undefined,
  left: Recovered['left'] | undefined,
  paths: StorePaths,
  options: SourceOptions,
): Promise<CommitReport> {
  const { daemon, keepalivedConfig, dryRun } = question;
  const running = readRunning(paths);
  if (wanted === undefined && running.digest === 'none') throw nothingToCommit();
  const around = await readSurroundings(paths, keepalivedConfig, options);
  const planned = planOf(wanted ?? running, daemon.path, around, paths);
  const plan = { ...planned, changed: planned.changed || left !== undefined };
  const report = { file: plan.file, changes: plan.changes, findings: plan.findings, notes: [...around.notes] };
  question.onFindings?.(plan);
  refuseUnfit(plan, wanted, paths);
  const asking = askingOf(daemon.path, options);
  if (!plan.changed) {
    if (!dryRun) dropCandidate(paths);
    const notes = [...report.notes, ...(await daemonNotes(daemon.path, asking))];
    return { ...report, notes, outcome: dryRun ? 'dry-run' : 'unchanged', steps: [] };
  }
  const old = await runningDaemon(daemon.path, asking);
  const restart =
    left === 'restart' || old === undefined || !plan.sameToDaemon || !(plan.oldIsOurs || hasRead(old, plan.file));
  const refill = restart || left === 'refill';
  if (restart && old !== undefined) await refuseDuringCommit(asking);
  if (dryRun) return { ...report, outcome: 'dry-run', steps: intended(plan, daemon, old, restart) };
  const journal = { ...journalOf(plan, paths), restart: refill };
  beginJournal(paths, journal);
  const steps = await carriedOut({ ...plan, restart }, journal, question, old, paths, options);
  noteCommit(paths, question.comment, plan.changes);
  const { step, notes } = refill
    ? await filled({ ...groupOf(plan), conf: plan.newConf, keepalivedConfig }, paths, asking)
    : { notes: [] };
  endJournal(paths);
  return {
    ...report,
    outcome: 'committed',
    steps: step === undefined ? steps : [...steps, step],
    notes: [...report.notes, ...notes],
  };
}

/** Where nothing is to be done, a daemon that does not work is still worth a word. */
async function daemonNotes(file: string, asking: SourceOptions): Promise<string[]> {
  try {
    const runs = (await runningDaemon(file, asking)) !== undefined;
    return runs ? [] : [`conntrackd does not run with ${file}: start it, as with "systemctl start conntrackd".`];
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}

/** Writes, restarts and notes, in the order in which a commit that is ended can be put right. */
async function carriedOut(
  plan: CommitPlan & { restart: boolean },
  journal: Journal,
  { daemon, keepalivedConfig }: CommitQuestion,
  old: ProcessStatus | undefined,
  paths: StorePaths,
  options: SourceOptions,
): Promise<string[]> {
  const steps: string[] = [];
  try {
    if (plan.oldConf !== plan.newConf) {
      noteWritten(paths, plan.oldConf, plan.newConf);
      writeOwn(plan.file, plan.newConf, journal.mode);
      steps.push(`wrote ${plan.file}`);
    }
    if (plan.restart) {
      const { pid } = await restarted(daemon, old, options);
      steps.push(`${old === undefined ? 'started' : 'restarted'} conntrackd, which answers as process ${pid}`);
    } else {
      steps.push('left conntrackd alone: to it, nothing has changed');
    }
    const { oldStatements: before } = journal;
    if (before !== undefined && before !== plan.newStatements) writeOwn(paths.previous, before);
    writeOwn(paths.statements, plan.newStatements);
  } catch (error) {
    const emptied = { ...groupOf(plan), conf: plan.oldConf ?? '', keepalivedConfig };
    const fill = () => filled(emptied, paths, askingOf(daemon.path, options));
    throw await undone(error, { journal, daemon, old, fill }, paths, options);
  }
  noteWritten(paths, plan.newConf);
  dropCandidate(paths);
  return steps;
}

function groupOf({ configuration: { sync_group: group } }: CommitPlan): Pick<SyncConfiguration, 'sync_group'> {
  return group === undefined ? {} : { sync_group: group };
}

function journalOf(plan: CommitPlan, paths: StorePaths): Journal {
  const found = lstatSync(plan.file, { throwIfNoEntry: false });
  const oldStatements = readOwn(paths.statements);
  return {
    file: plan.file,
    mode: found === undefined ? READABLE_FOR_ALL : found.mode & 0o777,
    ...(plan.oldConf === undefined ? {} : { oldConf: plan.oldConf }),
    ...(oldStatements === undefined ? {} : { oldStatements }),
    oldWritten: writtenDigests(paths),
    newConf: plan.newConf,
    newStatements: plan.newStatements,
  };
}

function intended(plan: CommitPlan, { unit }: DaemonFile, old: ProcessStatus | undefined, restart: boolean): string[] {
  const start = old === undefined ? 'start conntrackd' : `restart conntrackd, process ${old.pid}`;
  return [
    ...(plan.oldConf === plan.newConf ? [] : [`would write ${plan.file}`]),
    restart
      ? `would ${start}${unit === undefined ? '' : ` (systemctl restart ${unit})`}`
      : 'would leave conntrackd alone: to it, nothing changes',
  ];
}

function nothingToCommit(): Failure {
  return new Failure('NOT_CONFIGURED', 'There is nothing to commit: no statement was ever set.', {
    next: 'Begin with "ctsync set service conntrack-sync …", or take a file over with "ctsync import FILE".',
  });
}
