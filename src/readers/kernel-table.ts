import { Failure } from '../model/failure.js';
import type { Family } from '../model/flow.js';
import type { DumpTally } from '../parsers/flow-dump.js';
import { announcedFlows } from '../parsers/tool-messages.js';
import { exists } from '../sources/files.js';
import { commandLine } from '../sources/process.js';
import { kernelTable } from '../sources/queries.js';
import type { ToolStream } from '../sources/tool.js';
import { capturedFlows } from './captured-flows.js';
import type { SourceOptions } from '../sources/options.js';
import { FlowReading, type Judgement } from './flow-reading.js';
import { stream } from './privileged.js';
import { succeeded, toolFailure } from './tool-failure.js';
import { notesOnUnreadable } from './unreadable-lines.js';
import { trackingUse } from './tracking-use.js';

/** Only there where connection tracking is loaded; asking conntrack would load it: looking changes nothing. */
const LOADED = '/proc/sys/net/netfilter/nf_conntrack_max';

/** The kernel's flow table of one family, live or from a capture. */
export async function readKernelTable(family: Family, options: SourceOptions): Promise<FlowReading> {
  if (options.from !== undefined) return capturedFlows(options.from, 'table', options, family);
  if (!(await exists(LOADED))) return notLoaded();
  const dump = stream(kernelTable(family, options.query), options);
  return new FlowReading({ chunks: dump.chunks, family, judge: (tally) => judge(dump, tally, options) });
}

/** Whole only if conntrack ended well, said how many flows it had shown, and that is what we read (formats.md §6). */
async function judge(dump: ToolStream, tally: DumpTally, options: SourceOptions): Promise<Judgement> {
  const outcome = await dump.outcome();
  const notes = notesOnUnreadable(tally);
  if (!succeeded(outcome)) return { complete: false, failure: toolFailure(dump.command, outcome), notes };
  const announced = announcedFlows(outcome.stderr);
  if (announced !== tally.rows || tally.cut) {
    return { complete: false, failure: rowsLost(commandLine(dump.command), tally, announced), notes };
  }
  return tally.rows === 0 ? { complete: true, ...(await trackingUse(options)) } : { complete: true, notes };
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
        notes: [
          'Connection tracking is not loaded in this kernel, so there is nothing to show. A NAT or stateful firewall rule loads it.',
        ],
      }),
  });
}
