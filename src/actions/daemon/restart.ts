import { statSync } from 'node:fs';
import { Failure } from '../../model/failure.js';
import type { ProcessStatus } from '../../model/process.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { daemonProcess, daemonProcesses, socketOwner } from '../../readers/daemon-process.js';
import { askDaemon } from '../../readers/daemon.js';
import { readSmallFile } from '../../sources/files.js';
import type { SourceOptions } from '../../sources/options.js';
import { pause } from '../../sources/pause.js';
import { askTool } from '../../sources/process.js';
import { runtimeStatistics } from '../../sources/queries.js';
import type { ToolCommand, ToolOutcome } from '../../sources/tool.js';
import type { DaemonFile } from './daemon-file.js';
import { removeLeftLock } from './left-lock.js';

/** conntrackd makes its hash tables before it answers. */
const START_MS = 20_000;
const STOP_MS = 10_000;
const PAUSE_MS = 50;
/** A unit has 90 seconds to stop, and as many to start again, unless it says otherwise. */
const SYSTEMCTL_MS = 200_000;

const NEVER = new AbortController().signal;

/** The options by which a daemon is asked that runs with this file. Whoever ends us does not end what has begun. */
export function askingOf(file: string, options: SourceOptions): SourceOptions {
  return { ...options, query: { ...options.query, daemonConfig: file, apart: true }, sudo: false, abort: NEVER };
}

/** A daemon that answers, and when it was started, cut to the second. */
export type RunningDaemon = ProcessStatus & { since: Date };

/** Whether it was started after the file was last written, and so has read it as it is. */
export function hasRead({ since }: RunningDaemon, file: string): boolean {
  return since.getTime() > statSync(file).mtimeMs;
}

/**
 * The daemon that runs with this file now.
 *
 * @throws Failure where one runs that does not answer, or with another file: it would not be replaced, but doubled
 */
export async function runningDaemon(file: string, options: SourceOptions): Promise<RunningDaemon | undefined> {
  const { place } = options;
  const path = socketIn(file);
  const owner = path === undefined ? undefined : await socketOwner(path, place);
  if (owner === 'unseen') {
    throw new Failure('PERMISSION_DENIED', `Whether conntrackd runs with ${file} can be seen by root alone.`, {
      next: 'Ask as root. Nothing was touched.',
    });
  }
  if (owner !== undefined) {
    await askDaemon(runtimeStatistics(options.query), options);
    return { ...owner, since: (await daemonProcess(path ?? '', place)).since };
  }
  const [other] = await daemonProcesses(place);
  if (other === undefined) return undefined;
  throw new Failure('DAEMON_UNREACHABLE', `A conntrackd runs as process ${other.pid}, but not with ${file}.`, {
    next: 'Name its own configuration with --daemon-config FILE, or end it: two of them would work against each other.',
  });
}

/** The control socket that a file names; undefined where there is no such file, or it names none. */
function socketIn(file: string): string | undefined {
  const read = readSmallFile(file);
  if ('unreadable' in read) return undefined;
  try {
    return parseConntrackdConf(read.text, file).general.unix_path;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/**
 * Ends the daemon and starts it with the file as it is now.
 *
 * @returns its process, once it has answered
 * @throws Failure ACTION_FAILED with what it or its unit says
 */
export async function restarted(
  { path, unit }: DaemonFile,
  old: ProcessStatus | undefined,
  options: SourceOptions,
): Promise<ProcessStatus> {
  if (old === undefined) await removeLeftLock(path, options.place);
  if (unit !== undefined) {
    await restartUnit(unit, path, options);
  } else {
    if (old !== undefined) await stop(old, options);
    await startItself(path);
  }
  return answering(path, askingOf(path, options));
}

async function restartUnit(unit: string, path: string, { query }: SourceOptions): Promise<void> {
  const systemctl = (...args: string[]): ToolCommand => ({
    tool: 'systemctl',
    args,
    silenceMs: query.silenceMs ?? SYSTEMCTL_MS,
    ownEnvironment: true,
    apart: true,
  });
  // A unit that has failed a few times is not started again before that is forgotten; where there is nothing to forget, it fails.
  await askTool(systemctl('reset-failed', unit), NEVER);
  const since = Math.floor(Date.now() / 1000);
  const outcome = await askTool(systemctl('restart', unit), NEVER);
  if (outcome.exitCode !== 0) throw startFailed(path, (await wordsInJournal(unit, since)) || lastWords(outcome));
}

/** What the daemon itself has said since then, in seconds of 1970; systemctl says only that there is something to read. */
async function wordsInJournal(unit: string, since: number): Promise<string> {
  const args = [`_SYSTEMD_UNIT=${unit}`, `--since=@${since}`, '--output=cat', '--lines=5', '--no-pager', '--quiet'];
  try {
    const { stdout } = await askTool({ tool: 'journalctl', args, silenceMs: STOP_MS, apart: true }, NEVER);
    return linesOf(stdout.toString('utf8'));
  } catch (error) {
    if (error instanceof Failure) return '';
    throw error;
  }
}

function start(path: string, flags: readonly string[]): ToolCommand {
  return { tool: 'conntrackd', args: [...flags, '-C', path], silenceMs: START_MS, ownEnvironment: true, apart: true };
}

/** As conntrackd's own unit does: it says goodbye, and takes its socket and its lock along. */
export async function stop({ pid, start_ticks: since }: ProcessStatus, { place }: SourceOptions): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const giveUp = performance.now() + STOP_MS;
  for (;;) {
    const read = await place.processStats('conntrackd');
    const still = read.find(
      (each) => each.pid === pid && !/\) [ZX] /.test(each.stat) && each.stat.includes(` ${since} `),
    );
    if (still === undefined) return;
    if (performance.now() > giveUp) {
      throw new Failure('ACTION_FAILED', `conntrackd, process ${pid}, does not end.`, { next: 'End it by hand.' });
    }
    await pause(PAUSE_MS, NEVER);
  }
}

async function startItself(path: string): Promise<void> {
  const outcome = await askTool(start(path, ['-d']), NEVER);
  if (outcome.exitCode !== 0) throw startFailed(path, lastWords(outcome) || (await reasonOf(path)));
}

function startFailed(path: string, says: string): Failure {
  return new Failure('ACTION_FAILED', `conntrackd does not start with ${path}.`, says ? { toolSays: says } : {});
}

/** In the background conntrackd says why only in its log, and that may be off: in the foreground it says it to us. */
async function reasonOf(file: string): Promise<string> {
  try {
    return lastWords(await askTool({ ...start(file, []), silenceMs: 3000 }, NEVER));
  } catch (error) {
    if (error instanceof Failure) return '';
    throw error;
  }
}

function lastWords({ stderr }: ToolOutcome): string {
  return linesOf(stderr);
}

function linesOf(text: string): string {
  return text.trim().split('\n').slice(-5).join(' | ');
}

async function answering(path: string, options: SourceOptions): Promise<ProcessStatus> {
  const giveUp = performance.now() + START_MS;
  for (;;) {
    try {
      const socket = socketIn(path);
      const answer = await askDaemon(runtimeStatistics(options.query), options);
      const owner = socket === undefined ? undefined : await socketOwner(socket, options.place);
      if (answer !== '' && owner !== undefined && owner !== 'unseen') return owner;
    } catch (error) {
      if (!(error instanceof Failure) || performance.now() > giveUp) throw silent(path, error);
    }
    if (performance.now() > giveUp) throw silent(path, undefined);
    await pause(PAUSE_MS, NEVER);
  }
}

function silent(path: string, cause: unknown): unknown {
  if (cause !== undefined && !(cause instanceof Failure)) return cause;
  const reason = cause instanceof Failure ? ` ${cause.message}` : '';
  return new Failure('ACTION_FAILED', `conntrackd was started with ${path}, and does not answer.${reason}`, { cause });
}
