import type { DumpVerdict } from '../model/dump.js';
import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream, ReadingProgress } from '../model/flow-stream.js';

/**
 * The first so many flows of a stream, in the order in which they come. The tool is ended as soon as they are there, so
 * nobody knows how many more match.
 */
export class LimitedFlows implements FlowStream {
  private readonly flows: FlowStream;
  private readonly limit: number;
  private shown = 0;

  constructor(flows: FlowStream, limit: number) {
    this.flows = flows;
    this.limit = limit;
  }

  async *batches(): AsyncGenerator<FlowRow[]> {
    if (this.limit === 0) return;
    for await (const rows of this.flows.batches()) {
      const wanted = rows.slice(0, this.limit - this.shown);
      this.shown += wanted.length;
      yield wanted;
      if (this.shown === this.limit) return;
    }
  }

  progress(): ReadingProgress {
    return this.flows.progress();
  }

  verdict(): DumpVerdict {
    const verdict = this.flows.verdict();
    if (this.shown < this.limit) return verdict;
    const { unreadable, elapsed_ms, table_size } = verdict.summary;
    return {
      notes: verdict.notes,
      ...(verdict.remarks ? { remarks: verdict.remarks } : {}),
      summary: {
        shown: this.shown,
        limited: true,
        unreadable,
        ...(table_size === undefined ? {} : { table_size }),
        elapsed_ms,
      },
    };
  }
}
