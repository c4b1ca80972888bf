import type { BundleItem } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import type { RecordedAnswer, ToolCommand, ToolOutcome } from '../../sources/tool.js';
import { commandLine, saidNothing } from '../../sources/tool.js';
import type { Bundle } from '../archive/bundle.js';

/** What a tool said when a bundle was made, as if it were run. */
export function recordedAnswer(
  command: ToolCommand,
  item: BundleItem,
  bundle: Bundle,
  onEnd: () => void,
): RecordedAnswer {
  async function* chunks(): AsyncGenerator<Buffer> {
    if (item.sha256 !== undefined) {
      if (!bundle.isIntact(item)) throw altered(item, bundle);
      for await (const piece of bundle.read(item)) yield Buffer.from(piece);
    }
    onEnd();
    const failure = failureOf(command, item, bundle);
    if (failure) throw failure;
  }
  return { chunks, outcome: outcomeOf(item) };
}

/** What nobody asked when the bundle was made. */
export function unrecorded(command: ToolCommand, bundle: string, next: string): RecordedAnswer {
  const missing = new Failure('NOT_IN_BUNDLE', `${bundle} does not hold what ${commandLine(command)} says.`, { next });
  const chunks = (): AsyncIterable<Buffer> => ({
    [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(missing) }),
  });
  return { chunks, outcome: { stderr: '' } };
}

export function altered(item: BundleItem, bundle: Bundle): Failure {
  return new Failure('BAD_CAPTURE', `${item.name} in ${bundle.name} is not what was collected.`, {
    next: 'The file was altered or lost since: get the bundle again from where it was made.',
  });
}

function outcomeOf({ exit_code: exitCode, signal, error, stderr = '' }: BundleItem): ToolOutcome {
  if (error?.code === 'TOOL_MISSING') return { spawnError: 'ENOENT', stderr };
  return {
    stderr,
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** Failures that the outcome tells by itself, and that readers explain as they do of a tool that they have run. */
const TOLD_BY_OUTCOME: readonly string[] = [
  'TOOL_MISSING',
  'TOOL_FAILED',
  'TOOL_CRASHED',
  'PERMISSION_DENIED',
  'DAEMON_UNREACHABLE',
  'CONFIG_UNREADABLE',
  'CONFIG_INVALID',
];

/** How long conntrackd was waited for: once, and not again for what was to be asked after that. */
function waitedFor({ manifest }: Bundle): number | undefined {
  const silences = manifest.nodes.flatMap(({ items }) =>
    items.flatMap(({ error, duration_ms: waited }) => (error?.code === 'TIMEOUT' && waited > 0 ? [waited] : [])),
  );
  return silences[0] === undefined ? undefined : Math.round(silences[0] / 100) * 100;
}

function failureOf(
  command: ToolCommand,
  { name, error, truncated, exit_code: code, signal }: BundleItem,
  bundle: Bundle,
) {
  if (truncated) {
    return new Failure(
      'DUMP_INCOMPLETE',
      `${bundle.name} holds only the first part of what ${commandLine(command)} said.`,
      {
        next: 'Make a bundle with higher limits: --max-rows, --max-bytes.',
      },
    );
  }
  if (
    error === undefined ||
    (TOLD_BY_OUTCOME.includes(error.code) &&
      (code !== undefined || signal !== undefined || error.code === 'TOOL_MISSING'))
  )
    return undefined;
  if (error.code === 'TIMEOUT') return saidNothing({ ...command, silenceMs: waitedFor(bundle) ?? command.silenceMs });
  return new Failure('TOOL_FAILED', `${name} in ${bundle.name}: ${error.message}`);
}
