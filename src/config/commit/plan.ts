import type { CommitReport } from '../../model/configuration.js';
import { Failure } from '../../model/failure.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { renderConntrackdConf } from '../render/conntrackd-conf.js';
import { changesBetween } from '../statements/compare.js';
import { type Candidate, readRunning, type Running, statementsText } from '../store/candidate.js';
import { digestOf, readOwn } from '../store/files.js';
import type { StorePaths } from '../store/folders.js';
import type { VerifySurroundings } from '../verify/material.js';
import { verify } from '../verify/verify.js';
import { confAsRead } from './conf-as-read.js';
import { writtenDigests } from './journal.js';

/** What a commit would do. */
export interface CommitPlan extends Pick<CommitReport, 'file' | 'changes' | 'findings'> {
  configuration: SyncConfiguration;
  oldConf: string | undefined;
  newConf: string;
  newStatements: string;
  running: Running;
  /** Whether conntrackd reads the new file as the old one. */
  sameToDaemon: boolean;
  /** Whether the old file is as ctsync has written it: then conntrackd was started with it, or with one that it reads the same. */
  oldIsOurs: boolean;
  /** Whether any file would be another one. */
  changed: boolean;
}

/** Reads what there is, and touches nothing. */
export function planOf(
  wanted: Pick<Candidate, 'configuration'>,
  file: string,
  around: VerifySurroundings,
  paths: StorePaths,
): CommitPlan {
  const { configuration } = wanted;
  const running = readRunning(paths);
  const oldConf = readOwn(file);
  const newConf = renderConntrackdConf(configuration, around);
  const newStatements = statementsText(configuration);
  return {
    configuration,
    file,
    changes: changesBetween(running.configuration, configuration),
    findings: verify(configuration, around),
    oldConf,
    newConf,
    newStatements,
    running,
    sameToDaemon: isSameToDaemon(oldConf, newConf),
    oldIsOurs: writtenDigests(paths).includes(digestOf(oldConf)),
    changed: oldConf !== newConf || readOwn(paths.statements) !== newStatements,
  };
}

/**
 * Whether the plan may be carried out.
 *
 * @throws Failure CONFIG_REFUSED, CONFIG_CHANGED
 */
export function refuseUnfit(plan: CommitPlan, candidate: Candidate | undefined, paths: StorePaths): void {
  const errors = plan.findings.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) {
    const message = `The configuration has ${errors === 1 ? 'a mistake' : `${errors} mistakes`}, and was not committed.`;
    throw new Failure('CONFIG_REFUSED', message, {
      next: 'Put right what is listed, and commit again. Nothing was changed.',
    });
  }
  if (candidate !== undefined && candidate.base !== plan.running.digest) {
    throw new Failure('CONFIG_CHANGED', 'The configuration has been changed since this candidate was begun.', {
      next: 'See "ctsync compare"; "ctsync save FILE" keeps the candidate, "ctsync discard" drops it, "ctsync load FILE" begins it anew.',
    });
  }
  refuseStranger(plan, candidate?.imported, paths);
}

/** A file that somebody else has written, or changed, is theirs until it is imported. */
function refuseStranger({ file, oldConf, newConf }: CommitPlan, imported: string | undefined, paths: StorePaths): void {
  if (oldConf === undefined || oldConf === newConf) return;
  const digest = digestOf(oldConf);
  const ours = writtenDigests(paths);
  if (digest === imported || ours.includes(digest)) return;
  const why = ours.length === 0 ? 'was not written by ctsync' : 'is not as ctsync has written it';
  throw new Failure('CONFIG_CHANGED', `${file} ${why}, and is not overwritten.`, {
    next: `Take over what it says: "ctsync import ${file}", which begins a new candidate. Nothing was changed.`,
  });
}

function isSameToDaemon(oldConf: string | undefined, newConf: string): boolean {
  const [before, after] = [oldConf, newConf].map((text) => text && JSON.stringify(confAsRead(text)));
  return before !== undefined && before === after;
}
