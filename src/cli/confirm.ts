import { createInterface } from 'node:readline/promises';
import { Failure } from '../model/failure.js';

/** Whether there is somebody at a terminal who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/**
 * Asks on the terminal, beside the answer, which may go elsewhere. Only the whole word is a yes.
 *
 * @throws Failure NOT_CONFIRMED, INTERRUPTED
 */
export async function confirmOnTerminal(page: string, abort: AbortSignal): Promise<void> {
  process.stderr.write(page);
  const answer = (await answerTo('Go on? Type yes: ', abort)).trim();
  if (answer === 'yes') return;
  const said =
    answer === '' ? 'It was not answered with "yes".' : `It was answered ${JSON.stringify(answer)}, not "yes".`;
  throw new Failure('NOT_CONFIRMED', said, { next: 'Nothing was touched.' });
}

/** Empty where the terminal was closed, or Ctrl-D typed. */
async function answerTo(question: string, abort: AbortSignal): Promise<string> {
  // No terminal to readline: Ctrl-C is then a signal, as everywhere.
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  const closed = new Promise<string>((resolve) => lines.once('close', () => resolve('')));
  try {
    return await Promise.race([lines.question(question, { signal: abort }), closed]);
  } catch (error) {
    if (!abort.aborted) throw error;
    process.stderr.write('\n');
    throw Failure.interrupted();
  } finally {
    lines.close();
  }
}
