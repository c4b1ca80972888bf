import { constants } from 'node:os';
import { getDefaultHighWaterMark, setDefaultHighWaterMark, type Writable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { onExit } from 'signal-exit';
import { Failure } from '../model/failure.js';
import { endChild } from './end-child.js';
import { findTool, searchPath } from './find-tool.js';
import { Guard } from './guard.js';
import { LastBytes } from './last-bytes.js';
import { SpentPieces } from './spent-pieces.js';
import { throwIfOver, wholeAnswer } from './whole-answer.js';
import type { RecordedAnswer, ToolAnswer, ToolCommand, ToolOutcome, ToolStream } from './tool.js';

/** A tool's last words are the ones that tell: of a flood of them the end is kept. */
const KEPT_OF_STDERR = 1024 * 1024;
/** Less than this is not worth another turn right away: a pipe holds 64 KiB. */
const SMALL_CHUNK = 32 * 1024;
const COALESCE_MS = 2;
const NOTHING_AHEAD = 1;
/** As much as is read at once. */
const PIECE_BYTES = 64 * 1024;
/** How long a viewer may take to put the terminal back as it was. */
const VIEWER_FAREWELL_MS = 1000;

type Child = ReturnType<typeof spawn>;

interface Running {
  command: ToolCommand;
  child: Child;
  stderr: LastBytes;
}

/**
 * Starts a tool and hands over its stdout as it comes. The deadline is on silence while we wait: a reader of ours that is
 * slow costs the tool nothing. It holds until the tool has ended, not only until its stdout has.
 *
 * The chunks end in a Failure: TIMEOUT after `silenceMs` without a byte, INTERRUPTED when `abort` fires. The child is
 * ended in every case, before the failure arrives, and when this process ends.
 */
export function startTool(command: ToolCommand, abort?: AbortSignal): ToolStream {
  return started(command, COALESCE_MS, abort);
}

/** @param rest how long it is waited behind a small chunk, for more to be read at once */
function started(command: ToolCommand, rest: number, abort: AbortSignal | undefined): ToolStream {
  if (command.recorded) return replayed(command, command.recorded, abort);
  const child = spawn(command);
  const running = { command, child, stderr: new LastBytes(child.stderr, KEPT_OF_STDERR) };
  return { command, chunks: readChunks(running, rest, abort), outcome: () => outcomeOf(running) };
}

function replayed(command: ToolCommand, { chunks, outcome }: RecordedAnswer, abort?: AbortSignal): ToolStream {
  async function* kept(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks()) {
      if (abort?.aborted) throw Failure.interrupted();
      yield chunk;
    }
  }
  return { command, chunks: kept(), outcome: () => Promise.resolve(outcome) };
}

/** Runs a tool whose whole answer is small, such as a page of statistics. Same failures as {@link startTool}. */
export async function askTool(command: ToolCommand, abort?: AbortSignal): Promise<ToolAnswer> {
  const stream = started(command, 0, abort);
  const stdout = await wholeAnswer(stream.chunks, command);
  return { command, stdout, ...(await stream.outcome()) };
}

/** A program that has the operator's terminal and shows there what it is given. */
export interface Viewer {
  stdin: Writable;
  /** Settles once it has ended: with `exit code 1` or `signal SIGKILL` where it did not end well. */
  ended: Promise<string | undefined>;
  terminate(): void;
}

/** Starts a program that shows our output, with the operator's own language, time zone and terminal. */
export function startViewer([program, ...args]: readonly [string, ...string[]], env: NodeJS.ProcessEnv): Viewer {
  const child = execa(program, args, {
    stdio: ['pipe', 'inherit', 'inherit'],
    buffer: false,
    reject: false,
    env: { PATH: searchPath(), ...env },
    cleanup: false,
    forceKillAfterDelay: VIEWER_FAREWELL_MS,
  });
  endWithUs(child);
  const ended = child.then(({ exitCode, signal, cause }) => {
    if (signal !== undefined) return `signal ${signal}`;
    if (exitCode !== undefined) return exitCode === 0 ? undefined : `exit code ${exitCode}`;
    return cause instanceof Error ? cause.message : 'an error';
  });
  return { stdin: child.stdin, ended, terminate: () => void child.kill('SIGTERM') };
}

/**
 * Runs a program that has our own terminal, as if it had been started in our place.
 *
 * @returns its exit code, or what a shell would say of the signal that ended it
 */
export async function runAttached([program, ...args]: readonly [string, ...string[]]): Promise<number> {
  const child = execa(program, args, { stdio: 'inherit', reject: false, cleanup: false, env: { PATH: searchPath() } });
  endWithUs(child);
  const pass = (signal: NodeJS.Signals): unknown => child.kill(signal);
  // Ctrl-C on a terminal reaches it by itself; it is for it to end.
  process.on('SIGTERM', pass).on('SIGINT', () => undefined);
  const { exitCode, signal } = await child;
  return exitCode ?? 128 + (constants.signals[signal as NodeJS.Signals] ?? 0);
}

/**
 * A stream that may read ahead would wake us for each block of the tool's; with no room ahead it reads only when we ask,
 * and then all that is there.
 */
function spawn(command: ToolCommand) {
  const usual = getDefaultHighWaterMark(false);
  setDefaultHighWaterMark(false, NOTHING_AHEAD);
  try {
    return execute(command);
  } finally {
    setDefaultHighWaterMark(false, usual);
  }
}

function execute(command: ToolCommand) {
  const { via } = command;
  const [tool, ...args] = via ? via.carried([command.tool, ...command.args]) : inLargePieces(command);
  const child = execa(tool, args, {
    // What is open as long as we live tells the far side when we are gone.
    stdin: via || command.holdsStdin ? 'pipe' : 'ignore',
    buffer: false,
    encoding: 'buffer',
    reject: false,
    cleanup: false,
    detached: command.apart === true,
    env: { PATH: searchPath(), ...(command.ownEnvironment ? {} : { LC_ALL: 'C', TZ: 'UTC' }) },
  });
  endWithUs(child);
  return child;
}

const running = new Set<{ kill(): unknown }>();

/**
 * Ends a child when we end, whatever ends us. execa's own way is to listen anew for every signal there is with each child,
 * which takes as long as to start it.
 */
function endWithUs(child: { kill(): unknown } & PromiseLike<unknown>): void {
  if (!listening) onExit(() => running.forEach((each) => each.kill()));
  listening = true;
  running.add(child);
  void child.then(() => running.delete(child));
}

let listening = false;

/**
 * The command line, with coreutils' stdbuf before a tool that says much: each piece that is handed over wakes somebody up,
 * and the 4 KiB of conntrack cost a tenth of its time. Where stdbuf is missing, it is only slower.
 */
function inLargePieces({ tool, args, bulk }: ToolCommand): [string, ...string[]] {
  const canBe = bulk === true && findTool('stdbuf') !== undefined && findTool(tool) !== undefined;
  return canBe ? ['stdbuf', `--output=${PIECE_BYTES}`, tool, ...args] : [tool, ...args];
}

async function* readChunks({ child, command }: Running, rest: number, abort?: AbortSignal): AsyncGenerator<Buffer> {
  const { stdout } = child;
  const guard = new Guard(command.silenceMs, abort, () => stdout.destroy());
  const spent = new SpentPieces();
  try {
    for await (const chunk of stdout as AsyncIterable<Buffer>) {
      guard.pause();
      yield chunk;
      spent.add(chunk.length);
      // conntrack writes in blocks of 4 KiB: to wake up for each of them would cost more than to parse it.
      if (rest > 0 && chunk.length < SMALL_CHUNK) await pause(rest);
      guard.resume();
    }
    await Promise.race([child, guard.fired]);
  } catch (error) {
    if (guard.cause === undefined) throw error;
  } finally {
    guard.stop();
    // Also where the reader stops early.
    await endChild(child, command);
  }
  throwIfOver(guard, command);
}

async function outcomeOf({ command, child, stderr }: Running): Promise<ToolOutcome> {
  const result = await child;
  const spawnError = result.cause instanceof Error && 'code' in result.cause ? String(result.cause.code) : undefined;
  const outcome = {
    stderr: stderr.text(),
    ...(result.exitCode === undefined ? {} : { exitCode: result.exitCode }),
    ...(result.signal === undefined ? {} : { signal: result.signal }),
    ...(spawnError === undefined || result.exitCode !== undefined ? {} : { spawnError }),
  };
  return command.via ? command.via.arrived(outcome) : outcome;
}
