import { Failure } from '../model/failure.js';
import type { Family } from '../model/flow.js';
import type { Accepts, DumpTally } from '../parsers/flow-dump.js';
import { announcedFlows } from '../parsers/tool-messages.js';
import type { SourceOptions } from '../sources/options.js';
import { commandLine } from '../sources/tool.js';
import { dyingFlows, kernelTable, tableOfBothFamilies } from '../sources/queries.js';
import type { ToolStream } from '../sources/tool.js';
import { capturedFlows } from './captured-flows.js';
import { kernelNumber } from './kernel-number.js';
import { type DumpSource, FlowReading, type Judgement, type Selection } from './flow-reading.js';
import { stream } from './privileged.js';
import { selectedDump } from './selected-dump.js';
import { succeeded, toolFailure } from './tool-failure.js';
import { NOT_LOADED, trackingLoaded } from './tracking-loaded.js';
import { notesOnUnreadable } from './unreadable-lines.js';
import { trackingUse } from './tracking-use.js';

/** Which part of the kernel's table is asked for. */
export interface TableRequest extends Selection {
  families: readonly Family[];
  /** What conntrack itself is to select by, for each family. */
  toolSelection?: (family: Family) => readonly string[];
  /** Whether flows are to come with their labels. */
  labels?: boolean;
  /** Whether nothing is shown before all have been read. */
  whole?: boolean;
}

/** The kernel's flow table, live or from a capture. */
export async function readKernelTable(request: TableRequest, options: SourceOptions): Promise<FlowReading> {
  if (options.from !== undefined) return capturedTable(options.from, request, options);
  if (!(await trackingLoaded(options.place))) return notLoaded();
  if (options.place.tableInOne !== undefined) return tableInOne(request, options);
  const { families, toolSelection, labels = false, whole = false } = request;
  const asked = families.map((family) => {
    const args = toolSelection?.(family) ?? [];
    const all = kernelTable(family, options.query, { labels });
    return {
      family,
      all,
      selected: args.length === 0 ? all : kernelTable(family, options.query, { args, labels, whole }),
    };
  });
  const asking = { ...options, asked: asked.map(({ selected }) => selected) };
  const dumps = asked.map(({ family, all, selected }) =>
    dumpOf(family, selected === all ? stream(all, asking) : selectedDump(selected, all, asking), asking),
  );
  return new FlowReading(dumps, request, () => trackingUse(options));
}

/** The flows that have ended but are not gone, of both families, live or from a capture. Mostly there are none. */
export async function readDyingFlows(selection: Selection, options: SourceOptions): Promise<FlowReading> {
  if (options.from !== undefined) return new FlowReading([capturedFlows(options.from, 'dying', options)], selection);
  if (!(await trackingLoaded(options.place))) return notLoaded();
  const dump = stream(dyingFlows(options.query), options);
  return new FlowReading([{ chunks: dump.chunks, judge: (tally) => judge(dump, tally, options) }], selection);
}

function capturedTable(path: string, request: TableRequest, options: SourceOptions): FlowReading {
  return ofBothFamilies(path, capturedFlows(path, 'table', options), request);
}

/** A table that somebody has asked for without a family, and whose summary stands among its rows. */
function tableInOne(request: TableRequest, options: SourceOptions): FlowReading {
  const { name = 'It', tableInOne: kind } = options.place;
  if (request.labels === true) {
    throw new Failure('NOT_IN_BUNDLE', `${name} does not hold the labels of flows.`, { next: 'Ask without labels.' });
  }
  const dump = stream(tableOfBothFamilies(options.query), options);
  const judgeIt = async (tally: DumpTally): Promise<Judgement> => {
    const outcome = await dump.outcome();
    if (!succeeded(outcome)) return { complete: false, failure: toolFailure(dump.command, outcome, options) };
    return judgeKept(name, tally, kind === 'announced');
  };
  return ofBothFamilies(name, { chunks: dump.chunks, judge: judgeIt }, request, () => trackingUse(options));
}

function ofBothFamilies(
  path: string,
  dump: DumpSource,
  { families, accepts, upToCounters = false, notes = [] }: TableRequest,
  whenEmpty?: () => Promise<Judgement>,
): FlowReading {
  const [family, ...others] = families;
  if (family === undefined || others.length > 0) {
    return new FlowReading([dump], { accepts, upToCounters, notes }, whenEmpty);
  }
  let ours = 0;
  const isOurs: Accepts = (row) => row.family === family && ++ours > 0 && (accepts?.(row) ?? true);
  const judge = async (tally: DumpTally): Promise<Judgement> => {
    const judgement = await dump.judge(tally);
    return ours === 0 && tally.rows > 0 ? { ...judgement, notes: [otherFamily(path, family, tally.rows)] } : judgement;
  };
  return new FlowReading([{ ...dump, judge }], { accepts: isOurs, upToCounters, notes }, whenEmpty);
}

/** What others have kept of a table, whole only where its own summary says so. */
function judgeKept(name: string, tally: DumpTally, isAnnounced: boolean): Judgement {
  const notes = notesOnUnreadable(tally);
  const { announced, rows, unreadable, cut } = tally;
  // The kernel's own file says nowhere how many flows it has.
  if (!isAnnounced && unreadable === 0 && !cut) return { notes };
  if (announced === rows && unreadable === 0 && !cut) return { complete: true, notes };
  const said = announced === undefined ? 'no summary' : `a summary of ${numbered(announced)}`;
  const lost = unreadable > 0 ? ` and ${linesThatAreNone(tally)}` : '';
  const failure = new Failure('DUMP_INCOMPLETE', `${name} holds ${numbered(rows)}${lost}, but ${said}.`, {
    next: 'sos keeps the last 25 MiB of an answer: have the report made again with a larger --log-size.',
  });
  return { complete: false, failure, notes };
}

function otherFamily(path: string, family: Family, rows: number): string {
  const other = family === 'ipv4' ? 'ipv6' : 'ipv4';
  return `${path} holds ${rows} flows, all of the other family: show conntrack table ${other} shows them.`;
}

function dumpOf(family: Family, dump: ToolStream, options: SourceOptions): DumpSource {
  let flows: number | undefined;
  void tableSize(options).then(
    ({ table_size: size }) => (flows = size),
    () => undefined,
  );
  const extent = (): { flows?: number } => (flows === undefined ? {} : { flows });
  return { chunks: dump.chunks, family, extent, judge: (tally) => judge(dump, tally, options) };
}

/** Whole only if conntrack ended well, said how many flows it had shown, and that is what we read (formats.md §6). */
async function judge(dump: ToolStream, tally: DumpTally, options: SourceOptions): Promise<Judgement> {
  const { abort } = options;
  const outcome = await dump.outcome();
  const notes = notesOnUnreadable(tally);
  // Ctrl-C on a terminal reaches conntrack as well, and it may be the first of us to end.
  if (abort.aborted && !succeeded(outcome)) return { complete: false, failure: Failure.interrupted(), notes };
  if (!succeeded(outcome)) return { complete: false, failure: toolFailure(dump.command, outcome, options), notes };
  const size = await tableSize(options);
  const announced = announcedFlows(outcome.stderr);
  if (announced !== tally.rows || tally.cut) {
    return { complete: false, failure: rowsLost(commandLine(dump.command), tally, announced), notes, ...size };
  }
  if (tally.unreadable > 0)
    return { complete: false, failure: partlyUnreadable(commandLine(dump.command), tally), notes, ...size };
  return { complete: true, ...size };
}

/** What `conntrack -C` says, from where it has it. */
export async function tableSize({ place }: SourceOptions): Promise<Pick<Judgement, 'table_size'>> {
  const flows = await kernelNumber('count', place);
  return flows === undefined ? {} : { table_size: flows };
}

function rowsLost(command: string, tally: DumpTally, announced: number | undefined): Failure {
  const said = announced === undefined ? 'no summary' : `a summary of ${numbered(announced)}`;
  const lost = tally.unreadable > 0 ? ` and ${linesThatAreNone(tally)}` : '';
  return new Failure('DUMP_INCOMPLETE', `${command} gave ${numbered(tally.rows)}${lost}, but ${said}.`, {
    next: 'Run it again; if it happens every time, run that command by hand and compare.',
  });
}

function partlyUnreadable(command: string, tally: DumpTally): Failure {
  return new Failure('BAD_ANSWER', `${command} printed ${linesThatAreNone(tally)}, and not shown.`, {
    next: 'Run that command by hand and look for them.',
  });
}

function numbered(flows: number): string {
  return flows === 1 ? '1 flow' : `${flows} flows`;
}

function linesThatAreNone({ unreadable }: DumpTally): string {
  return unreadable === 1 ? '1 line that is no flow' : `${unreadable} lines that are no flows`;
}

function notLoaded(): FlowReading {
  return new FlowReading([
    {
      chunks: (async function* () {})(),
      judge: () =>
        Promise.resolve({
          complete: true,
          tracking: 'not_loaded' as const,
          notes: [NOT_LOADED],
        }),
    },
  ]);
}
