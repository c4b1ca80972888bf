import { Failure } from '../model/failure.js';
import type { Guard } from './guard.js';
import { commandLine, saidNothing, type ToolCommand } from './tool.js';

/** Enough for every page and message of the tools; a dump is streamed and has no such limit. */
const LONGEST_ANSWER = 64 * 1024 * 1024;

/**
 * All that a short answer consists of.
 *
 * @throws Failure BAD_ANSWER where it is not short; whatever the chunks end in
 */
export async function wholeAnswer(chunks: AsyncIterable<Buffer>, command: ToolCommand): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    pieces.push(chunk);
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER) {
      throw new Failure('BAD_ANSWER', `${commandLine(command)} answered with more than ${LONGEST_ANSWER} bytes.`);
    }
  }
  return Buffer.concat(pieces);
}

/** @throws Failure TIMEOUT, INTERRUPTED where it is the guard that has ended the waiting */
export function throwIfOver({ cause }: Guard, command: ToolCommand): void {
  if (cause === 'interrupted') throw Failure.interrupted();
  if (cause === undefined) return;
  throw saidNothing(command);
}
