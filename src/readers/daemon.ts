import { Failure } from '../model/failure.js';
import { askSocket } from '../sources/control-socket.js';
import type { SourceOptions } from '../sources/options.js';
import type { QueryOptions } from '../sources/queries.js';
import type { ToolCommand, ToolStream } from '../sources/tool.js';
import { controlSocket } from './control-socket.js';
import { daemonFailure, daemonSilent, rootMightReach } from './daemon-failure.js';
import { ask, type Refusal, stream } from './privileged.js';
import { succeeded } from './tool-failure.js';

/**
 * Asks conntrackd one question and gives its answer, decoded as latin1: device names may hold any byte (formats.md §14).
 *
 * @throws Failure that says which of the causes of conntrackd's one message it is; TIMEOUT, INTERRUPTED
 */
export async function askDaemon(command: ToolCommand, options: SourceOptions): Promise<string> {
  try {
    const answer = (await askDirectly(command, options)) ?? (await askClient(command, options));
    return answer.toString('latin1');
  } catch (error) {
    throw await explained(error, options);
  }
}

/** Undefined where the daemon can't be asked so: its client then tells why, or may do it as root. */
async function askDirectly(command: ToolCommand, options: SourceOptions): Promise<Buffer | undefined> {
  const { request } = command;
  if (request === undefined) return undefined;
  // A socket of another machine is no file of ours.
  if (options.place.name !== undefined) return undefined;
  const { path } = await socketOf(options);
  return path === undefined ? undefined : askSocket(path, { ...command, request }, options.abort);
}

/** One reading of the configuration is enough for a command: where the socket is another one since, the client is asked. */
async function socketOf(options: SourceOptions): Promise<{ path?: string }> {
  const socket = SOCKETS.get(options.query) ?? (await controlSocket(options));
  SOCKETS.set(options.query, socket);
  return socket;
}

const SOCKETS = new WeakMap<QueryOptions, { path?: string }>();

async function askClient(command: ToolCommand, options: SourceOptions): Promise<Buffer> {
  const answer = await ask(command, options, (refusal) => rootMightReach(refusal, options));
  if (!succeeded(answer)) throw await daemonFailure(answer, options);
  return answer.stdout;
}

/** As {@link askDaemon}, for a dump. A failure ends the chunks. */
export function streamFromDaemon(command: ToolCommand, options: SourceOptions): AsyncIterable<Buffer> {
  return ended(
    stream(command, options, (refusal) => rootMightReach(refusal, options)),
    options,
  );
}

async function* ended(dump: ToolStream, options: SourceOptions): AsyncGenerator<Buffer> {
  try {
    yield* dump.chunks;
    const refusal: Refusal = { ...(await dump.outcome()), command: dump.command };
    if (!succeeded(refusal)) throw await daemonFailure(refusal, options);
  } catch (error) {
    throw await explained(error, options);
  }
}

async function explained(error: unknown, options: SourceOptions): Promise<unknown> {
  return error instanceof Failure && error.code === 'TIMEOUT' ? await daemonSilent(error, options) : error;
}
