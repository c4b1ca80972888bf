import type { FailureReport } from '../model/failure.js';
import type { DumpVerdict } from '../model/dump.js';
import { writeFlowJson } from './flow-json.js';
import type { FlowSource } from './flow-table.js';
import { jsonText } from './json.js';
import { BufferedSink, type Sink } from './sink.js';

/**
 * One JSON document of flows, streamed: what is known beforehand, a flow a line, then the summary and the verdict. It is
 * closed properly whatever happens after its first flow.
 *
 * @param envelope the fields before the flows, `schema` first
 */
export async function renderFlowDocument(flows: FlowSource, envelope: object, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  let rows = 0;
  for await (const batch of flows.batches()) {
    for (const row of batch) {
      writeFlowJson(out.text(rows++ === 0 ? opening(envelope) : ',\n'), row);
      if (out.full) await out.flush();
    }
    if (rows === batch.length) await out.flush();
  }
  if (rows === 0) out.text(opening(envelope).trimEnd());
  out.text(`${rows === 0 ? '' : '\n'}],\n${closing(flows.verdict())}`);
  await out.flush();
}

function opening(envelope: object): string {
  const fields = Object.entries(envelope).map(([key, value]) => `${jsonText(key)}:${jsonText(value)},\n`);
  return `{${fields.join('')}"flows":[\n`;
}

function closing(verdict: DumpVerdict): string {
  const error: FailureReport | undefined = verdict.failure?.report();
  const fields: string[] = [`"summary":${jsonText(verdict.summary)}`];
  if (verdict.notes.length > 0) fields.push(`"notes":${jsonText(verdict.notes)}`);
  if (verdict.tracking !== undefined) fields.push(`"tracking":${jsonText(verdict.tracking)}`);
  if (verdict.complete !== undefined) fields.push(`"complete":${verdict.complete}`);
  if (error !== undefined) fields.push(`"error":${jsonText(error)}`);
  return fields.join(',\n') + '}\n';
}
