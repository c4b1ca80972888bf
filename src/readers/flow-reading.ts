import type { DumpVerdict } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import type { Family } from '../model/flow.js';
import type { FlowRow } from '../model/flow-row.js';
import { type Accepts, FlowDumpParser, type DumpTally } from '../parsers/flow-dump.js';

/** How a source judges a dump once its bytes have ended. */
export type Judge = (tally: DumpTally) => Promise<Judgement>;

/** What a source knows about a dump beyond its rows. */
export type Judgement = Pick<DumpVerdict, 'complete' | 'failure' | 'tracking'> & { notes?: string[] };

/** Where a dump comes from and how it is judged. */
export interface DumpSource {
  chunks: AsyncIterable<Buffer>;
  judge: Judge;
  /** Only flows of this family belong to the answer; conntrack 1.4.5 gives both (formats.md §1). */
  family?: Family;
}

/**
 * A dump of flows on its way: batches to be shown as they come, and the verdict once they have ended.
 *
 * A failure before the first row is thrown. After rows have been handed over it only ends the batches and stands in the
 * verdict, so that what was shown is never mistaken for the whole.
 */
export class FlowReading {
  private readonly source: DumpSource;
  private readonly parser: FlowDumpParser;
  private readonly started = process.hrtime.bigint();
  private shown = 0;
  private judgement: Judgement = {};

  constructor(source: DumpSource) {
    this.source = source;
    this.parser = new FlowDumpParser(onlyFamily(source.family));
  }

  /**
   * Batches of flows, one for each chunk read; never an empty one. To be iterated once; the rows of a batch stand until
   * the next one is asked for.
   */
  async *batches(): AsyncGenerator<FlowRow[]> {
    try {
      for await (const chunk of this.source.chunks) {
        const rows = this.parser.push(chunk);
        if (rows.length === 0) continue;
        this.shown += rows.length;
        yield rows;
      }
      this.parser.end();
      this.judgement = await this.source.judge(this.parser.tally);
    } catch (error) {
      this.judgement = { complete: false, failure: error instanceof Failure ? error : internal(error) };
    }
    if (this.judgement.failure && this.shown === 0 && !this.hasRows()) throw this.judgement.failure;
  }

  /** What is known once the batches have ended. */
  verdict(): DumpVerdict {
    const { rows, unreadable } = this.parser.tally;
    return {
      summary: {
        shown: this.shown,
        matched: this.shown,
        scanned: rows,
        unreadable,
        elapsed_ms: Number((process.hrtime.bigint() - this.started) / 1_000_000n),
      },
      ...this.judgement,
      notes: this.judgement.notes ?? [],
    };
  }

  /** Rows of the other family are an answer too: the failure then belongs under the empty table. */
  private hasRows(): boolean {
    return this.parser.tally.rows > 0;
  }
}

function onlyFamily(family: Family | undefined): Accepts | undefined {
  return family === undefined ? undefined : (row) => row.family === family;
}

function internal(error: unknown): Failure {
  return new Failure('INTERNAL', `ctsync failed: ${String(error)}`, { cause: error });
}
