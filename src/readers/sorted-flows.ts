import type { DumpVerdict } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream, ReadingProgress } from '../model/flow-stream.js';
import { FlowDumpParser } from '../parsers/flow-dump.js';
import { FirstFlows, type KeptFlow } from '../query/first-flows.js';
import type { Order } from '../query/order.js';
import { SortedRuns } from './sorted-runs.js';

const NEWLINE = Buffer.from('\n');
const BATCH_FLOWS = 256;

/**
 * The flows of a stream in an order, all of them or the first so many. Sorted flows are lines again, which are read like
 * those of a dump. What a dump that ended early had given is sorted and shown, too; its verdict says that it is not whole.
 */
export class SortedFlows implements FlowStream {
  private readonly flows: FlowStream;
  private readonly order: Order;
  private readonly limit: number | undefined;
  private readonly abort: AbortSignal;
  private shown = 0;
  private interruption: Failure | undefined;

  /** @param limit how many; absent: all, with the help of a temporary file */
  constructor(flows: FlowStream, order: Order, limit: number | undefined, abort: AbortSignal) {
    this.flows = flows;
    this.order = order;
    this.limit = limit;
    this.abort = abort;
  }

  async *batches(): AsyncGenerator<FlowRow[]> {
    const parser = new FlowDumpParser();
    for await (const kept of this.limit === undefined ? this.all() : this.first(this.limit)) {
      const rows = parser.push(linesOf(kept));
      this.shown += rows.length;
      if (rows.length > 0) yield rows;
    }
  }

  progress(): ReadingProgress {
    return this.flows.progress();
  }

  verdict(): DumpVerdict {
    const verdict = this.flows.verdict();
    return {
      ...verdict,
      summary: { ...verdict.summary, shown: this.shown },
      ...(this.interruption ? { complete: false, failure: this.interruption } : {}),
    };
  }

  private async *first(limit: number): AsyncGenerator<KeptFlow[]> {
    const first = new FirstFlows(this.order, limit);
    for await (const rows of this.flows.batches()) for (const row of rows) first.add(row);
    const kept = first.sorted();
    for (let i = 0; i < kept.length; i += BATCH_FLOWS) yield kept.slice(i, i + BATCH_FLOWS);
  }

  private async *all(): AsyncGenerator<KeptFlow[]> {
    const runs = new SortedRuns(this.order);
    try {
      for await (const rows of this.flows.batches()) await runs.add(rows);
      for await (const kept of runs.sorted()) {
        if (this.abort.aborted) {
          this.interruption = Failure.interrupted();
          return;
        }
        yield kept;
      }
    } finally {
      await runs.close();
    }
  }
}

function linesOf(kept: readonly KeptFlow[]): Buffer {
  return Buffer.concat(kept.flatMap(({ line }) => [line, NEWLINE]));
}
