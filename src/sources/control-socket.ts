import { connect, type Socket } from 'node:net';
import { endianness } from 'node:os';
import { Guard } from './guard.js';
import type { ToolCommand } from './tool.js';
import { throwIfOver, wholeAnswer } from './whole-answer.js';

/**
 * Asks conntrackd itself, as its client would: a C `int` with the request, and the text until the daemon closes
 * (formats.md §13). To start the client costs several times what the answer does. For reads only.
 *
 * @param path of the control socket
 * @returns undefined where nobody could be asked there, or the answer broke off: the client has the words for why
 * @throws Failure TIMEOUT after `silenceMs` without a byte, INTERRUPTED when `abort` fires
 */
export async function askSocket(
  path: string,
  command: ToolCommand & { request: number },
  abort?: AbortSignal,
): Promise<Buffer | undefined> {
  const socket = connect(path);
  const guard = new Guard(command.silenceMs, abort, () => socket.destroy());
  // At once: who connects and then is silent keeps the daemon from everything else.
  socket.write(hostInt(command.request));
  try {
    return await wholeAnswer(heard(socket, guard), command);
  } catch (error) {
    throwIfOver(guard, command);
    if (isSystemError(error)) return undefined;
    throw error;
  } finally {
    guard.stop();
    socket.destroy();
  }
}

async function* heard(socket: Socket, guard: Guard): AsyncGenerator<Buffer> {
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    guard.resume();
    yield chunk;
  }
}

function hostInt(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  if (endianness() === 'LE') bytes.writeInt32LE(value);
  else bytes.writeInt32BE(value);
  return bytes;
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
