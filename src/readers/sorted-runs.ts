import TinyQueue from 'tinyqueue';
import type { FlowRow } from '../model/flow-row.js';
import { compareKeys, keptFlow, type KeptFlow } from '../query/first-flows.js';
import type { Order } from '../query/order.js';
import { Spool } from '../sources/spool.js';

/** Lines that are sorted in memory before they go into a file: with their keys about three times as much. */
const RUN_BYTES = 4 * 1024 * 1024;
/** What all runs together may read ahead while they are merged. */
const MERGE_BYTES = 8 * 1024 * 1024;
const MOST_READ_BYTES = 64 * 1024;
const LEAST_READ_BYTES = 8 * 1024;
const WRITE_BYTES = 64 * 1024;
const BATCH_FLOWS = 256;
/** Two lengths before each key and line. */
const LENGTHS = 8;

/**
 * Sorts any number of flows in bounded memory: runs that fit are sorted and put into a temporary file one behind the
 * other, and merged at the end. Of equal flows those that came first stay first.
 */
export class SortedRuns {
  private readonly order: Order;
  private run: KeptFlow[] = [];
  private runBytes = 0;
  private spool: Spool | undefined;
  /** Where each run ends in the file; the next one begins there. */
  private readonly ends: number[] = [];

  constructor(order: Order) {
    this.order = order;
  }

  /** Takes the flows of a batch. @throws Failure OUTPUT_FAILED where the temporary file has no room */
  async add(rows: readonly FlowRow[]): Promise<void> {
    for (const row of rows) {
      const kept = keptFlow(row, this.order.key(row));
      this.run.push(kept);
      this.runBytes += kept.line.length;
    }
    if (this.runBytes >= RUN_BYTES) await this.writeRun();
  }

  /** All flows in their order, in batches. */
  async *sorted(): AsyncGenerator<KeptFlow[]> {
    if (this.spool === undefined) {
      yield this.takeRun();
      return;
    }
    await this.writeRun();
    yield* merged(this.readers(this.spool));
  }

  /** Frees the temporary file. */
  async close(): Promise<void> {
    await this.spool?.close();
    this.spool = undefined;
  }

  private takeRun(): KeptFlow[] {
    const { run } = this;
    this.run = [];
    this.runBytes = 0;
    // Array.sort is stable.
    return run.sort(compareKeys);
  }

  private async writeRun(): Promise<void> {
    const run = this.takeRun();
    if (run.length === 0) return;
    this.spool ??= await Spool.open();
    let records: Buffer[] = [];
    let bytes = 0;
    for (const flow of run) {
      const record = recordOf(flow);
      records.push(record);
      bytes += record.length;
      if (bytes < WRITE_BYTES) continue;
      await this.spool.append(Buffer.concat(records));
      records = [];
      bytes = 0;
    }
    await this.spool.append(Buffer.concat(records));
    this.ends.push(this.spool.length);
  }

  private readers(spool: Spool): RunReader[] {
    const share = Math.floor(MERGE_BYTES / this.ends.length);
    const bytes = Math.max(LEAST_READ_BYTES, Math.min(MOST_READ_BYTES, share));
    return this.ends.map((end, i) => new RunReader(spool, i, this.ends[i - 1] ?? 0, end, bytes));
  }
}

function recordOf({ key, line }: KeptFlow): Buffer {
  const record = Buffer.allocUnsafe(LENGTHS + key.length + line.length);
  record.writeUInt32LE(key.length, 0);
  record.writeUInt32LE(line.length, 4);
  record.write(key, LENGTHS, 'latin1');
  line.copy(record, LENGTHS + key.length);
  return record;
}

/** Reads one run from the file, a flow after the other. */
class RunReader {
  /** The flow that comes next, once {@link advance} or {@link refill} has said that there is one. */
  current!: KeptFlow;
  /** Place of the run among the others. */
  readonly index: number;
  private readonly spool: Spool;
  private position: number;
  private readonly end: number;
  private readonly readBytes: number;
  private ahead: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(spool: Spool, index: number, start: number, end: number, readBytes: number) {
    this.spool = spool;
    this.index = index;
    this.position = start;
    this.end = end;
    this.readBytes = readBytes;
  }

  /** Goes on to the next flow, without waiting; false where more has to be read first, or the run has ended. */
  advance(): boolean {
    const { ahead, at } = this;
    if (at + LENGTHS > ahead.length) return false;
    const keyEnd = at + LENGTHS + ahead.readUInt32LE(at);
    const end = keyEnd + ahead.readUInt32LE(at + 4);
    if (end > ahead.length) return false;
    this.current = { key: ahead.toString('latin1', at + LENGTHS, keyEnd), line: ahead.subarray(keyEnd, end) };
    this.at = end;
    return true;
  }

  /** Reads on and goes on to the next flow; false where the run has ended. */
  async refill(): Promise<boolean> {
    while (this.position < this.end) {
      const chunk = Buffer.allocUnsafe(Math.min(this.readBytes, this.end - this.position));
      const read = await this.spool.read(chunk, this.position);
      if (read === 0) return false;
      this.position += read;
      this.ahead = Buffer.concat([this.ahead.subarray(this.at), chunk.subarray(0, read)]);
      this.at = 0;
      if (this.advance()) return true;
    }
    return false;
  }
}

/** Always the smallest of what comes next; of equal flows that of the earlier run, which came first. */
async function* merged(readers: readonly RunReader[]): AsyncGenerator<KeptFlow[]> {
  const waiting = new TinyQueue<RunReader>([], (a, b) => compareKeys(a.current, b.current) || a.index - b.index);
  for (const reader of readers) if (await reader.refill()) waiting.push(reader);
  let batch: KeptFlow[] = [];
  for (let reader = waiting.pop(); reader !== undefined; reader = waiting.pop()) {
    batch.push(reader.current);
    // Waits only where a run has to be read on: a wait for each flow would cost more than the flow.
    if (reader.advance() || (await reader.refill())) waiting.push(reader);
    if (batch.length < BATCH_FLOWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
