import { Failure } from '../model/failure.js';
import type { Family } from '../model/flow.js';
import type { DumpTally } from '../parsers/flow-dump.js';
import { announcedFlows } from '../parsers/tool-messages.js';
import { commandLine } from '../sources/process.js';
import { dyingFlows, kernelTable } from '../sources/queries.js';
import type { ToolStream } from '../sources/tool.js';
import { capturedFlows } from './captured-flows.js';
import type { SourceOptions } from '../sources/options.js';
import { FlowReading, type Judgement } from './flow-reading.js';
import { stream } from './privileged.js';
import { succeeded, toolFailure } from './tool-failure.js';
import { NOT_LOADED, trackingLoaded } from './tracking-loaded.js';
import { trackingUse } from './tracking-use.js';

/** The kernel's flow table of one family, live or from a capture. */
export async function readKernelTable(family: Family, options: SourceOptions): Promise<FlowReading> {
  if (options.from !== undefined) return capturedFlows(options.from, 'table', options, family);
  if (!(await trackingLoaded())) return notLoaded();
  const dump = stream(kernelTable(family, options.query), options);
  const meaning = (): Promise<Judgement> => trackingUse(options);
  return new FlowReading({ chunks: dump.chunks, family, judge: (tally) => judge(dump, tally, meaning) });
}

/** The flows that have ended but are not gone, of both families, live or from a capture. Mostly there are none. */
export async function readDyingFlows(options: SourceOptions): Promise<FlowReading> {
  if (options.from !== undefined) return capturedFlows(options.from, 'dying', options);
  if (!(await trackingLoaded())) return notLoaded();
  const dump = stream(dyingFlows(options.query), options);
  return new FlowReading({ chunks: dump.chunks, judge: (tally) => judge(dump, tally) });
}

/**
 * Whole only if conntrack ended well, said how many flows it had shown, and that is what we read (formats.md §6).
 *
 * @param ofEmpty what an empty table means
 */
async function judge(dump: ToolStream, tally: DumpTally, ofEmpty?: () => Promise<Judgement>): Promise<Judgement> {
  const outcome = await dump.outcome();
  if (!succeeded(outcome)) return { complete: false, failure: toolFailure(dump.command, outcome) };
  const announced = announcedFlows(outcome.stderr);
  if (announced !== tally.rows || tally.cut) {
    return { complete: false, failure: rowsLost(commandLine(dump.command), tally, announced) };
  }
  return { complete: true, ...(tally.rows === 0 ? await ofEmpty?.() : {}) };
}

function rowsLost(command: string, tally: DumpTally, announced: number | undefined): Failure {
  const said = announced === undefined ? 'no summary' : `a summary of ${announced} flows`;
  const lost = tally.unreadable > 0 ? ` and ${tally.unreadable} lines that are no flows` : '';
  return new Failure('DUMP_INCOMPLETE', `${command} gave ${tally.rows} flows${lost}, but ${said}.`, {
    next: 'Run it again; if it happens every time, run that command by hand and compare.',
  });
}

function notLoaded(): FlowReading {
  return new FlowReading({
    chunks: (async function* () {})(),
    judge: () =>
      Promise.resolve({
        complete: true,
        tracking: 'not_loaded' as const,
        notes: [NOT_LOADED],
      }),
  });
}
