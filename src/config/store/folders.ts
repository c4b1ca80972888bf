import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { configurationLock } from '../../sources/options.js';

/** Where the configuration is kept, and all that belongs to it. */
export interface StorePaths {
  /** The statements that were committed last. */
  statements: string;
  candidate: string;
  /** The statements before those. */
  previous: string;
  /** Of which text conntrackd.conf is ours. */
  written: string;
  /** What a commit that is under way has to put back. */
  journal: string;
  /** What was committed, when and by whom. */
  commits: string;
  lock: string;
  /** The folders of all these. */
  folders: readonly string[];
  /** The daemon's control socket and its lock file, where nothing is passed through. */
  socket: string;
  daemonLock: string;
}

/**
 * The paths that the environment names. Who moves the folder of what runs is not alone on the machine: the daemon's socket and
 * lock go along.
 */
export function storePaths(env: NodeJS.ProcessEnv = process.env): StorePaths {
  const config = env['CTSYNC_CONFIG_DIR'] || '/etc/ctsync';
  const state = env['CTSYNC_STATE_DIR'] || '/var/lib/ctsync';
  const run = env['CTSYNC_RUN_DIR'] || '/run/ctsync';
  return {
    statements: join(config, 'conntrack-sync.conf'),
    candidate: join(state, 'candidate.conf'),
    previous: join(state, 'previous.conf'),
    written: join(state, 'written.json'),
    journal: join(state, 'commit.json'),
    commits: join(state, 'commits.ndjson'),
    lock: configurationLock(env),
    folders: [config, state, run],
    socket: env['CTSYNC_RUN_DIR'] ? join(run, 'conntrackd.sock') : '/var/run/conntrackd.sock',
    daemonLock: env['CTSYNC_RUN_DIR'] ? join(run, 'conntrackd.lock') : '/var/lock/conntrackd.lock',
  };
}

const OTHERS_MAY_WRITE = 0o022;

/**
 * Makes the folders that are not there.
 *
 * @throws Failure OUTPUT_FAILED where one can't be made, or where others than we could put their files into it
 */
export function makeFolders({ folders }: StorePaths): void {
  for (const folder of folders) {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? 'an error';
      throw new Failure('OUTPUT_FAILED', `The folder ${folder} can not be made: ${code}.`, {
        next: MOVE,
        cause: error,
      });
    }
    const found = lstatSync(folder);
    const reason = !found.isDirectory()
      ? 'is no folder'
      : found.uid !== process.geteuid?.() || (found.mode & OTHERS_MAY_WRITE) !== 0
        ? 'could be written to by others than root'
        : undefined;
    if (reason !== undefined) throw new Failure('OUTPUT_FAILED', `${folder} ${reason}.`, { next: MOVE });
  }
}

const MOVE = 'Put that right, or name other folders: CTSYNC_CONFIG_DIR, CTSYNC_STATE_DIR and CTSYNC_RUN_DIR.';
