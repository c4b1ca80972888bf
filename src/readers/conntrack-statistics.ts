import type { ConntrackStatistics, TrackingCounters } from '../model/conntrack-statistics.js';
import type { TrackingUse } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import { parseConntrackStatistics } from '../parsers/conntrack-statistics.js';
import { recognise } from '../parsers/recognise.js';
import { readCapture } from '../sources/capture.js';
import type { SourceOptions } from '../sources/options.js';
import { conntrackExpectStatistics, conntrackStatistics } from '../sources/queries.js';
import type { ToolCommand } from '../sources/tool.js';
import { ask } from './privileged.js';
import { refusedForRights, succeeded, toolFailure } from './tool-failure.js';
import { NOT_LOADED, trackingLoaded } from './tracking-loaded.js';

/** The kernel's counters, and what is to be said with them. */
export interface StatisticsReading {
  statistics: ConntrackStatistics;
  complete: boolean;
  /** Why a part is missing. */
  failure?: Failure;
  notes: string[];
  /** Only where connection tracking is not loaded. */
  tracking?: TrackingUse;
}

/** Readable for everybody, where the kernel has it: newer ones may be built without. */
const PROC = '/proc/net/stat/nf_conntrack';

/**
 * The kernel's counters, live or from a capture. Asked of conntrack; where that may not ask netlink, can not, or is not
 * installed, /proc tells the same without any rights. What conntrack itself prints from /proc when it is refused is an
 * error by its exit code, and not used (formats.md §7).
 *
 * @throws Failure PERMISSION_DENIED, TOOL_MISSING … where neither answers; BAD_ANSWER
 */
export async function readConntrackStatistics(options: SourceOptions): Promise<StatisticsReading> {
  return options.from === undefined ? liveStatistics(options, expectText) : capturedStatistics(options.from, options);
}

/**
 * The kernel's counters of flows, of all CPUs together, without the question for those of expectations.
 *
 * @throws Failure as {@link readConntrackStatistics}
 */
export async function readFlowCounters(options: SourceOptions): Promise<TrackingCounters> {
  const { statistics } = await liveStatistics(options, () => Promise.resolve({ text: '' }));
  return statistics.total;
}

async function liveStatistics(options: SourceOptions, ofExpectations: typeof expectText): Promise<StatisticsReading> {
  if (!(await trackingLoaded(options.place))) {
    const statistics: ConntrackStatistics = { read_from: 'proc', total: {}, cpus: [] };
    return { statistics, complete: true, tracking: 'not_loaded', notes: [NOT_LOADED] };
  }
  const told = await toldBy(conntrackStatistics(options.query), options);
  if (told instanceof Failure) {
    const proc = await procText(options);
    if (proc === undefined) throw told;
    return { statistics: parseConntrackStatistics(proc), complete: true, notes: [] };
  }
  const { text, failure } = await ofExpectations(options);
  const statistics = parseConntrackStatistics(told + text);
  // As a capture: what nobody has asked for is missing, and the rest is whole.
  if (failure?.code === 'NOT_IN_BUNDLE') return { statistics, complete: true, notes: [failure.message] };
  return { statistics, complete: !failure, ...(failure ? { failure } : {}), notes: [] };
}

/** What conntrack says of its counters, or why that is not there; /proc may tell the same then. */
async function toldBy(command: ToolCommand, options: SourceOptions): Promise<string | Failure> {
  try {
    const answer = await ask(
      command,
      options,
      async (refusal) => refusedForRights(refusal) && (await procText(options)) === undefined,
    );
    return succeeded(answer) ? answer.stdout.toString('latin1') : toolFailure(command, answer, askingBoth(options));
  } catch (error) {
    if (error instanceof Failure && error.code === 'NOT_IN_BUNDLE') return error;
    throw error;
  }
}

function askingBoth(options: SourceOptions): SourceOptions {
  const { query } = options;
  return { ...options, asked: [conntrackStatistics(query), conntrackExpectStatistics(query)] };
}

async function procText({ place }: SourceOptions): Promise<string | undefined> {
  const read = await place.readFile(PROC, 'latin1');
  return 'text' in read ? read.text : undefined;
}

/** The main page is an answer without that of the expectations, too, but not the whole. */
async function expectText(options: SourceOptions): Promise<{ text: string; failure?: Failure }> {
  const command = conntrackExpectStatistics(options.query);
  try {
    const answer = await ask(command, options);
    if (succeeded(answer)) return { text: answer.stdout.toString('latin1') };
    return { text: '', failure: toolFailure(command, answer, askingBoth(options)) };
  } catch (error) {
    if (error instanceof Failure) return { text: '', failure: error };
    throw error;
  }
}

async function capturedStatistics(path: string, options: SourceOptions): Promise<StatisticsReading> {
  const { name, text } = await readCapture(path, options.abort);
  const looksLike = recognise(text);
  const next = 'This command reads the output of conntrack -S, or /proc/net/stat/nf_conntrack.';
  if (looksLike !== 'conntrack -S' && looksLike !== PROC) {
    const found = text === '' ? 'is empty' : looksLike === undefined ? 'holds no counters' : `looks like ${looksLike}`;
    throw new Failure('BAD_CAPTURE', `${name} ${found}.`, { next });
  }
  try {
    return { statistics: parseConntrackStatistics(text), complete: true, notes: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new Failure('BAD_CAPTURE', `${name}: ${error.message}`, { next, cause: error });
  }
}
