import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { BufferedSink } from './sink.js';

/** How long a row may wait for others to be written with, where none comes. */
const PATIENCE_MS = 200;

/**
 * Writes every flow of a stream as it comes: the first batch at once, the rest in writes of a size that a pipe takes
 * well, or as soon as no more come for a moment.
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
  for await (const batch of flushedInPauses(flows.batches(), out)) {
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

/** The batches as they come; what waits to be written is, once the next one lets wait for itself: a slow scan hides no row. */
async function* flushedInPauses<Batch>(batches: AsyncIterable<Batch>, out: BufferedSink): AsyncGenerator<Batch> {
  const iterator = batches[Symbol.asyncIterator]();
  let asked = false;
  try {
    for (;;) {
      const next = iterator.next();
      asked = true;
      if (out.length > 0 && !(await settlesSoon(next))) await out.flush();
      const result = await next;
      if (result.done) return;
      asked = false;
      yield result.value;
    }
  } finally {
    const ended = Promise.resolve(iterator.return?.());
    // A reader that has gone does not wait for a batch that was asked for and may be long in coming.
    if (asked) ended.catch(() => undefined);
    else await ended;
  }
}

/** Whether it settles within a moment, one way or the other. */
async function settlesSoon(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  const settled = promise.then(
    () => true,
    () => true,
  );
  const soon = await Promise.race([settled, patience]);
  clearTimeout(timer);
  return soon;
}
