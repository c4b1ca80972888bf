import type { Failure } from '../model/failure.js';
import { escapeControl } from '../renderers/escape.js';
import { theme } from '../renderers/theme.js';

/** Whether stderr is a terminal that may be coloured. */
export function stderrColour(noColor: boolean): boolean {
  return process.stderr.isTTY && !noColor && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
}

/** A failure in its sentences, on stderr: what, the tool's own last words, and what to do next. */
export function reportFailure(failure: Failure, colour: boolean): void {
  const { failure: red } = theme(colour);
  line(`${red('Error:')} ${escapeControl(failure.message)} [${failure.code}]`);
  if (failure.toolSays) line(`  it says: ${escapeControl(failure.toolSays)}`);
  if (failure.next) line(`  next:    ${escapeControl(failure.next)}`);
  if (process.env['DEBUG']?.includes('ctsync')) stackOf(failure).forEach(line);
}

/** The message that a stack begins with may hold what a tool or a file said; only the ends of its own lines are ours. */
function stackOf(failure: Failure): string[] {
  return String(failure.stack).split('\n').map(escapeControl);
}

/** Something that an operator should read with the answer, on stderr. */
export function reportWarning(text: string, colour: boolean): void {
  line(`${theme(colour).warning('Warning:')} ${escapeControl(text)}`);
}

function line(text: string): void {
  process.stderr.write(`${text}\n`);
}
