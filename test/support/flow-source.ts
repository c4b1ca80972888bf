import type { DumpVerdict } from '../../src/model/dump.js';
import type { FlowRow } from '../../src/model/flow-row.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import type { FlowStream } from '../../src/model/flow-stream.js';

/** The flows that lines of conntrack or conntrackd hold. */
export function flowsIn(...lines: string[]): FlowRow[] {
  const parser = new FlowDumpParser();
  const flows = parser.push(Buffer.from(lines.map((line) => `${line}\n`).join('')));
  if (parser.tally.unreadable > 0) throw new Error(`no flow: ${parser.tally.firstUnreadable}`);
  return flows;
}

/** A dump that comes in batches, and what is known of it at its end. */
export function dumpOf(batches: FlowRow[][], verdict: Partial<DumpVerdict> = { complete: true }): FlowStream {
  const shown = batches.flat().length;
  return {
    // eslint-disable-next-line @typescript-eslint/require-await -- a dump that is there at once
    async *batches() {
      yield* batches;
    },
    progress: () => ({ flows: shown }),
    verdict: () => ({
      summary: { shown, matched: shown, scanned: shown, unreadable: 0, elapsed_ms: 1 },
      notes: [],
      ...verdict,
    }),
  };
}
