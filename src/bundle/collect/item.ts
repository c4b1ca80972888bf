import type { BundleItem, BundleItemError } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import { announcedFlows } from '../../parsers/tool-messages.js';
import { daemonFailure, daemonSilent, rootMightReach } from '../../readers/daemon-failure.js';
import { stream } from '../../readers/privileged.js';
import { succeeded, toolFailure } from '../../readers/tool-failure.js';
import { now } from '../../sources/clock.js';
import type { SourceOptions } from '../../sources/options.js';
import type { ToolCommand, ToolOutcome } from '../../sources/tool.js';
import type { BundleWriter } from '../archive/write.js';
import type { TextCleaner } from '../clean/text-cleaner.js';
import { RowCounter } from './row-counter.js';
import type { Wanted } from './wanted.js';

/** The tool's last words are the ones that tell. */
const KEPT_OF_STDERR = 2000;
/** Nothing that a support engineer needs takes longer, whatever it says meanwhile. */
const LONGEST_MS = 600_000;

/** Where items go, and how much of each. */
export interface Keeping {
  writer: BundleWriter;
  /** The folder of the node. */
  node: string;
  maxBytes: number;
  maxRows: number;
  /** For texts that may hold what is not for everybody; the tables of flows only where addresses are hidden, too. */
  cleaner: TextCleaner;
  cleansRows: boolean;
}

/**
 * Asks for one thing and keeps it, whatever comes of it.
 *
 * @returns the item, and the failure that it ended in
 * @throws Failure OUTPUT_FAILED, INTERRUPTED
 */
export async function keep(
  wanted: Wanted,
  keeping: Keeping,
  options: SourceOptions,
): Promise<{ item: BundleItem; failure?: Failure }> {
  const started = now();
  const deadline = AbortSignal.timeout(LONGEST_MS);
  const asking = { ...options, abort: AbortSignal.any([options.abort, deadline]) };
  const rows = new RowCounter(wanted.rows ? keeping.maxRows : Infinity);
  const reading = 'path' in wanted.from ? readFile(wanted.from.path, asking) : readTool(wanted.from, wanted, asking);
  const counted = wanted.rows || wanted.mostLines !== undefined ? rows.through(reading.chunks) : reading.chunks;
  const cleaned = wanted.rows && !keeping.cleansRows ? counted : keeping.cleaner.clean(counted);
  const stored = await keeping.writer.add(`${keeping.node}/${wanted.name}`, cleaned, keeping.maxBytes);
  if (options.abort.aborted) throw Failure.interrupted();
  const outcome = await reading.outcome();
  const failure = failureOf(stored.ended, deadline) ?? outcome.failure;
  const cut = stored.bytes >= (wanted.longest ?? Infinity) || rows.rows >= (wanted.mostLines ?? Infinity);
  const truncated = stored.truncated === true || rows.cut || cut;
  const short = shortened(wanted, rows, outcome, truncated);
  const item: BundleItem = {
    name: wanted.name,
    kind: 'path' in wanted.from ? 'file' : 'command',
    ...fromOf(wanted, keeping.cleaner),
    ...(wanted.sample === undefined ? {} : { sample: wanted.sample }),
    ...(outcome.exitCode === undefined ? {} : { exit_code: outcome.exitCode }),
    ...(outcome.signal === undefined ? {} : { signal: outcome.signal }),
    ...(failure === undefined ? {} : { error: errorOf(failure, keeping.cleaner) }),
    ...(outcome.stderr === '' ? {} : { stderr: cleanedText(outcome.stderr.slice(-KEPT_OF_STDERR), keeping.cleaner) }),
    started_at: started.toISOString(),
    duration_ms: Math.max(Math.round(now().getTime() - started.getTime()), 0),
    bytes: stored.bytes,
    ...(wanted.rows ? { rows: rows.rows } : {}),
    complete: failure === undefined && short === undefined,
    ...(short === undefined ? {} : { reason: short }),
    ...(truncated ? { truncated: true } : {}),
    sha256: stored.sha256,
  };
  return { item, ...(failure === undefined ? {} : { failure }) };
}

/** What was not asked for, and why. */
export function unasked(wanted: Wanted, because: Failure, message: string, cleaner: TextCleaner): BundleItem {
  return {
    name: wanted.name,
    kind: 'command',
    ...fromOf(wanted, cleaner),
    ...(wanted.sample === undefined ? {} : { sample: wanted.sample }),
    error: { code: because.code, message },
    started_at: now().toISOString(),
    duration_ms: 0,
    bytes: 0,
    complete: false,
  };
}

/** Names of hosts and users may stand in a path, too. */
function fromOf({ from }: Wanted, cleaner: TextCleaner): Pick<BundleItem, 'argv' | 'path'> {
  if ('path' in from) return { path: cleanedText(from.path, cleaner) };
  return { argv: [from.tool, ...from.args.map((word) => cleanedText(word, cleaner))] };
}

/** Text of the manifest, without what is not for everybody. */
export function cleanedText(text: string, cleaner: TextCleaner): string {
  return cleaner.cleanText(Buffer.from(text, 'utf8')).toString('utf8');
}

interface Reading {
  chunks: AsyncIterable<Buffer>;
  outcome: () => Promise<ToolOutcome & { failure?: Failure }>;
}

function readTool(command: ToolCommand, { ofDaemon }: Wanted, options: SourceOptions): Reading {
  const tool = ofDaemon
    ? stream(command, options, (refusal) => rootMightReach(refusal, options))
    : stream(command, options);
  const chunks = async function* (): AsyncGenerator<Buffer> {
    try {
      yield* tool.chunks;
    } catch (error) {
      const silent = ofDaemon && error instanceof Failure && error.code === 'TIMEOUT';
      throw silent ? await daemonSilent(error, options) : error;
    }
  };
  return {
    chunks: chunks(),
    outcome: async () => {
      const outcome = await tool.outcome();
      if (succeeded(outcome) || endedByUs(outcome)) return outcome;
      const refusal = { ...outcome, command };
      return {
        ...outcome,
        failure: ofDaemon ? await daemonFailure(refusal, options) : toolFailure(command, outcome, options),
      };
    },
  };
}

/** It has no outcome worth telling then; one that crashed, or could not even be started, has. */
function endedByUs({ exitCode, signal, spawnError }: ToolOutcome): boolean {
  return exitCode === undefined && signal === undefined && spawnError === undefined;
}

function readFile(path: string, { place }: SourceOptions): Reading {
  const chunks = async function* (): AsyncGenerator<Buffer> {
    const read = await place.readFile(path, 'latin1');
    if ('text' in read) yield Buffer.from(read.text, 'latin1');
    else throw new Failure('CONFIG_UNREADABLE', `${path} ${read.unreadable.reason}.`);
  };
  return { chunks: chunks(), outcome: () => Promise.resolve({ stderr: '' }) };
}

function failureOf(ended: unknown, deadline: AbortSignal): Failure | undefined {
  if (deadline.aborted) return new Failure('TIMEOUT', `It was not whole after ${LONGEST_MS / 1000} s.`);
  return ended === undefined ? undefined : failureFrom(ended);
}

/** Whatever was thrown. */
export function failureFrom(thrown: unknown): Failure {
  return thrown instanceof Failure ? thrown : new Failure('INTERNAL', String(thrown), { cause: thrown });
}

/** Why the rows are not all, as far as the tool itself says how many there are. */
function shortened(wanted: Wanted, rows: RowCounter, { stderr }: ToolOutcome, truncated: boolean): string | undefined {
  if (truncated) return 'It was cut at a limit of this bundle.';
  if (!wanted.rows || 'path' in wanted.from || wanted.from.tool !== 'conntrack') return undefined;
  const announced = announcedFlows(stderr);
  if (announced === undefined || announced === rows.rows) return undefined;
  return `conntrack announced ${announced} flows, and ${rows.rows} came.`;
}

/** A failure as the manifest has it. */
export function errorOf({ code, message }: Failure, cleaner: TextCleaner): BundleItemError {
  return { code, message: cleanedText(message, cleaner).slice(0, KEPT_OF_STDERR) };
}
