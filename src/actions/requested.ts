import type { LogEvent } from '../model/daemon-log.js';
import { Failure } from '../model/failure.js';
import { parseRuntime } from '../parsers/runtime.js';
import { askDaemon } from '../readers/daemon.js';
import { daemonFailure, daemonSilent } from '../readers/daemon-failure.js';
import { type MarkedLog, markLog } from '../readers/daemon-log/marked-log.js';
import { succeeded } from '../readers/tool-failure.js';
import type { SourceOptions } from '../sources/options.js';
import { pause } from '../sources/pause.js';
import { askTool } from '../sources/process.js';
import { ENDLESS_MS, runtimeStatistics } from '../sources/queries.js';
import type { ToolAnswer, ToolCommand } from '../sources/tool.js';
import { failedBy, reasonOf, type StepResult } from './outcome.js';
import { inCaches } from './situation.js';
import type { LogProof, PlannedStep } from './steps.js';

/** A journal takes its time to have what was logged; a file has it at once. */
const LOG_MS = 3000;
const PAUSE_MS = 50;
/** So often a daemon that has been asked for long work is asked whether it still answers. */
const WATCH_MS = 10_000;

/** Asks conntrackd for something, once, and looks in its log, or at its counters, whether that was done. */
export async function requested(
  { request, proof }: PlannedStep & { by: 'daemon' },
  options: SourceOptions,
): Promise<StepResult> {
  const log = await markLog(options).catch(reasonOf);
  let resyncs: number | undefined;
  try {
    resyncs = proof.counted ? await resyncsOf(options) : undefined;
  } catch (error) {
    // It was not asked for what it should do: that can not be carried out later.
    return failedBy(error);
  }
  try {
    const answer = await (proof.endless ? askedAsLongAsItLives(request, options) : askTool(request));
    if (!succeeded(answer)) throw await daemonFailure(answer, options);
  } catch (error) {
    const timedOut = error instanceof Failure && error.code === 'TIMEOUT';
    return unanswered(timedOut ? await daemonSilent(error, options) : error);
  }
  const told = typeof log === 'string' ? log : await toldBy(log, proof);
  if (typeof told !== 'string') return told;
  return (await byCounters(proof, resyncs, options)) ?? { outcome: 'unverified', evidence: told };
}

/** A request that was not answered is never sent again. */
export function unanswered(error: unknown): StepResult {
  const failed = failedBy(error);
  return failed.silent ? { ...failed, outcome: 'timeout', next: MAY_STILL } : failed;
}

const MAY_STILL = 'It may still be carried out: do not ask again before "ctsync show log conntrack-sync" tells.';

/**
 * A commit of a million flows takes 10 to 19 s (formats.md §15), and conntrackd answers others meanwhile: only one that
 * answers nobody is given up.
 */
async function askedAsLongAsItLives(command: ToolCommand, options: SourceOptions): Promise<ToolAnswer> {
  const [work, over] = [new AbortController(), new AbortController()];
  const asked = askTool({ ...command, silenceMs: ENDLESS_MS }, work.signal).finally(() => over.abort());
  // Reported below, once it is looked at.
  const ended = asked.catch(() => undefined);
  for (;;) {
    await pause(options.query.silenceMs ?? WATCH_MS, over.signal).catch(() => undefined);
    if (over.signal.aborted) return asked;
    try {
      await askDaemon(runtimeStatistics(options.query), options);
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'TIMEOUT') continue;
      work.abort();
      await ended;
      throw error;
    }
  }
}

/** What the log says; as half a sentence why that is not known. */
async function toldBy(log: MarkedLog, proof: LogProof): Promise<StepResult | string> {
  const giveUp = performance.now() + LOG_MS;
  for (;;) {
    const events = await log.events().catch(reasonOf);
    if (typeof events === 'string') return events;
    const result = resultOf(events, proof);
    if (result !== undefined) return result;
    if (performance.now() > giveUp) return "conntrackd's log does not say it";
    await pause(PAUSE_MS, new AbortController().signal);
  }
}

/** What the lines of a log that came behind a request say of it; undefined where none is about it. */
export function resultOf(events: readonly LogEvent[], { done, refused }: LogProof): StepResult | undefined {
  if (events.some(({ type }) => type === refused.type)) return { outcome: 'failed', evidence: refused.because };
  const proof = events.find(done);
  if (proof === undefined) return undefined;
  return proof.type === 'commit_took' ? committed(events) : { outcome: 'done', evidence: 'its log says so' };
}

/** What could not be put into the kernel is lost in a failover: that is no commit that is done. */
function committed(events: readonly LogEvent[]): StepResult {
  const flows = sum(events, 'committed');
  const failed = sum(events, 'commit_failed');
  const said = `${flows} flows committed${failed > 0 ? `, ${failed} could not be` : ''}`;
  const next = 'See why: "ctsync show log conntrack-sync".';
  return {
    outcome: failed > 0 ? 'failed' : 'done',
    evidence: said,
    committed: { flows, failed },
    ...(failed > 0 ? { next } : {}),
  };
}

function sum(events: readonly LogEvent[], type: LogEvent['type']): number {
  return events.filter((event) => event.type === type).reduce((total, { flows = 0 }) => total + flows, 0);
}

async function byCounters(
  { empties, counted }: LogProof,
  resyncs: number | undefined,
  options: SourceOptions,
): Promise<StepResult | undefined> {
  if (empties !== undefined) {
    const left = await inCaches(options).catch(reasonOf);
    if (typeof left !== 'string' && left[empties] === 0)
      return { outcome: 'done', evidence: `the ${empties} cache is empty` };
  }
  const now = counted ? await resyncsOf(options).catch(reasonOf) : undefined;
  if (typeof now !== 'number' || resyncs === undefined || now <= resyncs) return undefined;
  return { outcome: 'done', evidence: 'conntrackd has counted it' };
}

/** How often conntrackd has read the kernel's table; undefined where it does not say it. */
async function resyncsOf(options: SourceOptions): Promise<number | undefined> {
  const page = parseRuntime(await askDaemon(runtimeStatistics(options.query), options));
  const { resync_with_kernel_table: resyncs } = page.netlink;
  return resyncs === undefined ? undefined : Number(resyncs);
}
