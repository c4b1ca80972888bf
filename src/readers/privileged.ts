import { asRoot } from '../sources/privilege.js';
import type { SourceOptions } from '../sources/options.js';
import { askTool, startTool } from '../sources/process.js';
import type { ToolAnswer, ToolCommand, ToolOutcome, ToolStream } from '../sources/tool.js';
import { refusedForRights, sudoRefused } from './tool-failure.js';

/** A tool that did not do what it was asked. */
export type Refusal = ToolOutcome & { command: ToolCommand };

/** Decides whether the same read command as root might do better. */
export type WantsRoot = (refusal: Refusal) => boolean | Promise<boolean>;

/**
 * Runs a read command as ourselves, and through `sudo -n` where it then turns out to need root. For reads only: what
 * changes state is never run twice. Where sudo refuses too, the answer is what the tool itself said to us.
 *
 * @throws Failure TIMEOUT, INTERRUPTED
 */
export async function ask(
  command: ToolCommand,
  options: SourceOptions,
  wantsRoot: WantsRoot = refusedForRights,
): Promise<ToolAnswer> {
  const { place } = options;
  const answer = await askTool(place.command(command), options.abort);
  if (!maySudo(options) || !(await wantsRoot(answer))) return answer;
  const asked = await askTool(place.command(asRoot(command, place)), options.abort);
  return sudoRefused(asked) ? answer : { ...asked, command };
}

/** As {@link ask}, for a tool whose answer is streamed. The outcome is that of the run whose bytes were handed over. */
export function stream(
  command: ToolCommand,
  options: SourceOptions,
  wantsRoot: WantsRoot = refusedForRights,
): ToolStream {
  const { place } = options;
  let outcome: ToolOutcome = { stderr: '' };
  async function* chunks(): AsyncGenerator<Buffer> {
    const direct = startTool(place.command(command), options.abort);
    yield* direct.chunks;
    outcome = await direct.outcome();
    if (!maySudo(options) || !(await wantsRoot({ ...outcome, command }))) return;
    const privileged = startTool(place.command(asRoot(command, place)), options.abort);
    yield* privileged.chunks;
    const asked = await privileged.outcome();
    if (!sudoRefused(asked)) outcome = asked;
  }
  return { command, chunks: chunks(), outcome: () => Promise.resolve(outcome) };
}

function maySudo(options: SourceOptions): boolean {
  return options.sudo && !options.place.isRoot;
}
