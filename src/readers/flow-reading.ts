import type { DumpVerdict } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import type { Family } from '../model/flow.js';
import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream, ReadingProgress } from '../model/flow-stream.js';
import { type Accepts, FlowDumpParser, type DumpTally } from '../parsers/flow-dump.js';

/** What a table is read in where it is larger than this: 300 flows or so. */
const LARGE_CHUNK = 64 * 1024;
/** Enough flows to find out how wide their columns have to be, and few enough to be there at once. */
const FIRST_PIECE = 16 * 1024;

/** How a source judges a dump once its bytes have ended. */
export type Judge = (tally: DumpTally) => Promise<Judgement>;

/** What a source knows about a dump beyond its rows. */
export type Judgement = Pick<DumpVerdict, 'complete' | 'failure' | 'tracking'> & {
  notes?: readonly string[];
  table_size?: number;
};

/** Where a dump comes from and how it is judged. */
export interface DumpSource {
  /** Begin when they are asked for. */
  chunks: AsyncIterable<Buffer>;
  judge: Judge;
  /** How much there is to read, for the progress of a long reading: about so many flows, or bytes. */
  extent?: () => { flows?: number; bytes?: number };
  /** Only flows of this family belong to the answer; conntrack 1.4.5 gives both (formats.md §1). */
  family?: Family;
}

/** Which flows of the dumps are wanted. */
export interface Selection {
  /** Absent: all that the tool gives. */
  accepts?: Accepts | undefined;
  /** The tool selects flows too: how many it looked at is then not known. */
  pushed?: boolean;
  /** Nothing is wanted of a flow that its line has behind its counters. */
  upToCounters?: boolean;
  /** What an operator should read with whatever the answer is. */
  notes?: readonly string[];
  /** As in the verdict. */
  remarks?: readonly string[];
}

/**
 * Dumps of flows on their way, one behind the other: batches to be shown as they come, and the verdict once they have
 * ended.
 *
 * A failure before the first row is thrown. After rows have been handed over it only ends the batches and stands in the
 * verdict, so that what was shown is never mistaken for the whole.
 */
export class FlowReading implements FlowStream {
  private readonly dumps: readonly DumpSource[];
  private readonly selection: Selection;
  private readonly whenEmpty: (() => Promise<Judgement>) | undefined;
  private readonly started = process.hrtime.bigint();
  private matched = 0;
  /** What each dump held, also of one that was left early. */
  private readonly tallies: DumpTally[] = [];
  private readonly judgements: Judgement[] = [];
  private emptiness: Judgement = {};

  /** @param whenEmpty what an answer without any flow means, asked only then */
  constructor(dumps: readonly DumpSource[], selection: Selection = {}, whenEmpty?: () => Promise<Judgement>) {
    this.dumps = dumps;
    this.selection = selection;
    this.whenEmpty = whenEmpty;
  }

  /** One batch for each chunk read. */
  async *batches(): AsyncGenerator<FlowRow[]> {
    for (const dump of this.dumps) {
      yield* this.batchesOf(dump);
      const { failure } = this.judgements.at(-1) ?? {};
      if (failure && this.scanned() === 0) throw failure;
      if (failure) return;
    }
    if (this.whenEmpty && !this.selection.pushed && this.scanned() === 0) this.emptiness = await this.whenEmpty();
  }

  private async *batchesOf(dump: DumpSource): AsyncGenerator<FlowRow[]> {
    const parser = new FlowDumpParser(both(onlyFamily(dump.family), this.selection.accepts), this.selection);
    this.tallies.push(parser.tally);
    try {
      for await (const chunk of firstSoon(dump.chunks)) {
        const rows = parser.push(chunk);
        if (rows.length === 0) continue;
        this.matched += rows.length;
        yield rows;
      }
      parser.end();
      this.judgements.push(await dump.judge(parser.tally));
    } catch (error) {
      this.judgements.push({ complete: false, failure: error instanceof Failure ? error : internal(error) });
    }
  }

  private scanned(): number {
    return this.tallies.reduce((sum, { rows }) => sum + rows, 0);
  }

  progress(): ReadingProgress {
    const flows = this.scanned();
    const extent = this.selection.pushed ? undefined : this.dumps[0]?.extent?.();
    const bytes = this.tallies.reduce((sum, tally) => sum + tally.bytes, 0);
    if (extent?.bytes) return { flows, share: bytes / extent.bytes };
    return extent?.flows ? { flows, of: extent.flows, share: flows / extent.flows } : { flows };
  }

  verdict(): DumpVerdict {
    const { judgements } = this;
    const failure = judgements.find((judgement) => judgement.failure)?.failure;
    const tracking = [...judgements, this.emptiness].find((judgement) => judgement.tracking)?.tracking;
    const judged = judgements.find((judgement) => judgement.table_size !== undefined)?.table_size;
    // Of a dump that was left early, or that failed, nobody has said it.
    const tableSize = judged ?? this.dumps[0]?.extent?.().flows;
    const complete = completeness(judgements, this.dumps.length);
    return {
      summary: {
        shown: this.matched,
        matched: this.matched,
        ...(this.selection.pushed ? {} : { scanned: this.scanned() }),
        unreadable: this.tallies.reduce((sum, { unreadable }) => sum + unreadable, 0),
        ...(tableSize === undefined ? {} : { table_size: tableSize }),
        elapsed_ms: Number((process.hrtime.bigint() - this.started) / 1_000_000n),
      },
      notes: this.notes(),
      ...(this.selection.remarks && this.matched > 0 ? { remarks: this.selection.remarks } : {}),
      ...(complete === undefined ? {} : { complete }),
      ...(failure === undefined ? {} : { failure }),
      ...(tracking === undefined ? {} : { tracking }),
    };
  }

  private notes(): string[] {
    const { notes = [] } = this.selection;
    const judged = [...this.judgements, this.emptiness].flatMap((judgement) => judgement.notes ?? []);
    return [...new Set([...judged, ...notes])];
  }
}

/** The same bytes; of a large table a small piece first, so that its rows need not wait for all that was read with them. */
async function* firstSoon(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let first = true;
  for await (const chunk of chunks) {
    if (first && chunk.length >= LARGE_CHUNK) {
      yield chunk.subarray(0, FIRST_PIECE);
      yield chunk.subarray(FIRST_PIECE);
    } else yield chunk;
    first = false;
  }
}

/** False where one of the dumps is not whole; undefined where it can't be known of one, or not all were read. */
function completeness(judgements: readonly Judgement[], dumps: number): boolean | undefined {
  if (judgements.some(({ complete }) => complete === false)) return false;
  return judgements.length === dumps && judgements.every(({ complete }) => complete) ? true : undefined;
}

function onlyFamily(family: Family | undefined): Accepts | undefined {
  return family === undefined ? undefined : (row) => row.family === family;
}

function both(first: Accepts | undefined, second: Accepts | undefined): Accepts | undefined {
  return first && second ? (row) => first(row) && second(row) : (first ?? second);
}

function internal(error: unknown): Failure {
  return new Failure('INTERNAL', `ctsync failed: ${String(error)}`, { cause: error });
}
