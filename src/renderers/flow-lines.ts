import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import { dumpEnding } from './flow-document.js';
import { jsonText } from './json.js';
import { BufferedSink, type Sink } from './sink.js';
import { literal, type TextBuffer } from './text-buffer.js';
import { writeFlows } from './write-flows.js';

const END = literal('\n');

/**
 * Flows as NDJSON: an object a line.
 *
 * @param envelope the fields of the last line, `schema` first: what is known of all flows; an incomplete answer always has it
 * @param summary whether a complete answer has it, too
 */
export async function renderFlowLines(
  flows: FlowStream,
  write: (out: TextBuffer, row: FlowRow) => void,
  { envelope, summary }: { envelope: object; summary: boolean },
  sink: Sink,
): Promise<void> {
  const out = new BufferedSink(sink);
  await writeFlows(flows, out, (row) => {
    write(out, row);
    out.literal(END);
  });
  const verdict = flows.verdict();
  if (summary || verdict.complete === false) {
    const last = { ...envelope, ...Object.fromEntries(dumpEnding(verdict)) };
    out.text(jsonText(last)).literal(END);
  }
  await out.flush();
}
