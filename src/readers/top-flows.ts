import type { DumpVerdict } from '../model/dump.js';
import type { FlowExplanation, FlowQuestion, Reading } from '../model/flow-question.js';
import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { FlowTop, GroupFields, TopAnswer, TopMetric } from '../model/flow-top.js';
import type { Family } from '../model/flow.js';
import { changedGroups } from '../query/changed-groups.js';
import { filterOf, type FilterFlags } from '../query/filter-flags.js';
import { FlowMemory } from '../query/flow-memory.js';
import { type Grouping, groupingOf } from '../query/grouping.js';
import { isLasting } from '../query/lasting.js';
import { largestGroups } from '../query/largest-groups.js';
import { TopGroups } from '../query/top-groups.js';
import { counterFor, weighOnce, weighSince } from '../query/weighing.js';
import { capturedAt, type SourceOptions } from '../sources/options.js';
import { oneReading, waitBetween, type Waiting } from './between-readings.js';
import { tableSize } from './kernel-table.js';
import { tableQuestion } from './table-question.js';

/** What an operator asks about groups of flows. */
export interface TopFlags extends FilterFlags {
  by: string;
  metric: TopMetric;
  /** How many groups are shown. */
  limit: number;
  /** Seconds. */
  interval?: number | undefined;
}

/** A flow that a clock says nothing of is new for so many seconds. */
const NEW_SECONDS = 60;
/** The table may grow while it is read. */
const SPARE = 1.1;

/**
 * A question about groups of flows: which are the largest. With an interval the table is read twice, and what happened
 * between the readings is counted: flows gained, new flows, or bytes and packets of each flow that is still there at the
 * second one (those of a flow that ended meanwhile are not known to anyone).
 *
 * @throws Failure USAGE
 */
export function topQuestion(families: readonly Family[], flags: TopFlags, source: SourceOptions): TopQuestion {
  return new TopQuestion(families, flags, source);
}

/** How a long answer is followed by whoever waits for it. */
export interface Following {
  /** Called with each reading as it begins; gives the flows to be read. */
  reading: (flows: FlowStream) => FlowStream;
  waiting: Waiting;
}

const UNWATCHED: Following = { reading: (flows) => flows, waiting: () => () => undefined };

export class TopQuestion {
  private readonly flags: TopFlags;
  private readonly source: SourceOptions;
  private readonly grouping: Grouping;
  private readonly question: FlowQuestion;
  /** What is asked in the first of two readings. */
  private readonly before: FlowQuestion;

  constructor(families: readonly Family[], flags: TopFlags, source: SourceOptions) {
    this.flags = flags;
    this.source = source;
    this.grouping = groupingOf(flags.by);
    this.question = tableQuestion(families, flags, source);
    if (flags.interval !== undefined && capturedAt(source) !== undefined && flags.metric !== 'new') {
      throw oneReading('Leave --interval out, or ask for --metric new, which can tell the age of a flow.');
    }
    const filter = filterOf(flags);
    // A flow that a filter lets in later only would be taken for a new one, with all that it has ever counted.
    const same = flags.metric === 'flows' || filter === undefined || isLasting(filter);
    this.before = same ? this.question : tableQuestion(families, {}, source);
  }

  /** The fields that groups have in common, in the order in which they were asked for. */
  get names(): (keyof GroupFields)[] {
    return this.grouping.names;
  }

  explanation(): FlowExplanation {
    const now = this.question.explanation();
    if (!this.readsTwice) return now;
    const before = this.before.explanation();
    return {
      lines: ['First reading:', ...before.lines, `Second reading, after ${this.flags.interval} s:`, ...now.lines],
      commands: [...before.commands, ...now.commands],
    };
  }

  async answer(follow: Following = UNWATCHED): Promise<TopAnswer> {
    if (!this.readsTwice) return this.answerOnce(follow);
    return this.flags.metric === 'flows' ? this.answerChange(follow) : this.answerSince(follow);
  }

  private get readsTwice(): boolean {
    return this.flags.interval !== undefined && capturedAt(this.source) === undefined;
  }

  private async answerOnce(follow: Following): Promise<TopAnswer> {
    const { metric, limit, interval } = this.flags;
    const seconds = interval ?? NEW_SECONDS;
    const groups = new TopGroups(this.grouping, weighOnce(metric, seconds));
    const upToCounters = metric !== 'new' && !this.grouping.isBehindCounters;
    const verdict = await readAll(this.question, follow, (row) => groups.add(row), { upToCounters });
    const top = largestGroups(groups, {
      metric,
      limit,
      interval: metric === 'new' ? { seconds, readings: 1 } : undefined,
    });
    return answered(top, [verdict]);
  }

  private async answerChange(follow: Following): Promise<TopAnswer> {
    const before = new TopGroups(this.grouping, weighOnce('flows', 0));
    const now = new TopGroups(this.grouping, weighOnce('flows', 0));
    const [verdicts, seconds] = await this.readTwice(
      follow,
      (row) => before.add(row),
      (row) => now.add(row),
    );
    return answered(changedGroups(before, now, this.flags.limit, seconds), verdicts);
  }

  private async answerSince(follow: Following): Promise<TopAnswer> {
    const { metric, limit } = this.flags;
    const counter = counterFor(metric);
    const { table_size: size = 0 } = await tableSize(this.source);
    const earlier = new FlowMemory(Math.ceil(size * SPARE), counter !== undefined);
    const groups = new TopGroups(this.grouping, weighSince(metric, earlier));
    const [verdicts, seconds] = await this.readTwice(
      follow,
      (row) => earlier.put(row, counter?.(row)),
      (row) => groups.add(row),
    );
    return answered(largestGroups(groups, { metric, limit, interval: { seconds, readings: 2 } }), verdicts);
  }

  /** The seconds are those from the beginning of one reading to that of the other. */
  private async readTwice(
    follow: Following,
    before: (row: FlowRow) => void,
    now: (row: FlowRow) => void,
  ): Promise<[verdicts: DumpVerdict[], seconds: number]> {
    const started = performance.now();
    const first = await readAll(this.before, follow, before);
    const left = started + this.flags.interval! * 1000 - performance.now();
    await waitBetween(left, this.source, follow.waiting);
    const seconds = Math.round(performance.now() - started) / 1000;
    return [[await readAll(this.question, follow, now), first], seconds];
  }
}

async function readAll(
  question: FlowQuestion,
  follow: Following,
  take: (row: FlowRow) => void,
  { upToCounters = false }: Pick<Reading, 'upToCounters'> = {},
): Promise<DumpVerdict> {
  const flows = follow.reading(await question.matching({ whole: true, upToCounters }));
  for await (const rows of flows.batches()) for (const row of rows) take(row);
  return flows.verdict();
}

/** @param verdicts the last reading's first: it is the one that is shown */
function answered(top: FlowTop, verdicts: readonly DumpVerdict[]): TopAnswer {
  const [last] = verdicts as [DumpVerdict];
  const failure = verdicts.find((verdict) => verdict.failure)?.failure;
  const notes = [...verdicts.flatMap((verdict) => verdict.notes), ...notesOf(top)];
  return {
    top,
    verdict: {
      ...last,
      ...(failure ? { complete: false, failure } : {}),
      summary: {
        ...last.summary,
        unreadable: verdicts.reduce((sum, { summary }) => sum + summary.unreadable, 0),
      },
      notes: [...new Set(notes)],
    },
  };
}

function notesOf({ metric, uncounted = 0, total }: FlowTop): string[] {
  if (uncounted === 0) return [];
  const which = uncounted === total.flows ? 'the flows here' : `${uncounted} of the ${total.flows} flows`;
  if (metric === 'new') {
    return [
      `When they began is not known of ${which}: timestamps were off. sysctl net.netfilter.nf_conntrack_timestamp=1 switches them on for new flows; --interval compares two readings instead.`,
    ];
  }
  return [
    `The ${metric} of ${which} are not counted: accounting was off. sysctl net.netfilter.nf_conntrack_acct=1 switches it on for new flows.`,
  ];
}
