import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { BufferedSink } from './sink.js';

/**
 * Writes every flow of a stream as it comes: the first batch at once, the rest in writes of a size that a pipe takes well.
 *
 * @param begin called with the first batch, before its rows are written
 * @returns how many flows there were
 */
export async function writeFlows(
  flows: FlowStream,
  out: BufferedSink,
  write: (row: FlowRow) => void,
  begin?: (batch: readonly FlowRow[]) => void,
): Promise<number> {
  let rows = 0;
  for await (const batch of flows.batches()) {
    if (rows === 0) begin?.(batch);
    const first = rows === 0;
    rows += batch.length;
    for (const row of batch) {
      // No await for each row: it would cost more than the row.
      write(row);
      if (out.full) await out.flush();
    }
    if (first) await out.flush();
  }
  return rows;
}
