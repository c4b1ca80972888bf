import type { DumpVerdict } from '../model/dump.js';
import type { FlowRow } from '../model/flow-row.js';
import type { FlowStream } from '../model/flow-stream.js';
import { jsonText } from './json.js';
import { BufferedSink, type Sink } from './sink.js';
import { literal, type TextBuffer } from './text-buffer.js';
import { writeFlows } from './write-flows.js';

const NEXT = literal(',\n');

/**
 * One JSON document of flows, streamed: what is known beforehand, a flow a line, then the summary and the verdict. It is
 * closed properly whatever happens after its first flow.
 *
 * @param envelope the fields before the flows, `schema` first
 */
export async function renderFlowDocument(
  flows: FlowStream,
  write: (out: TextBuffer, row: FlowRow) => void,
  envelope: object,
  sink: Sink,
): Promise<void> {
  const out = new BufferedSink(sink);
  let begun = false;
  const rows = await writeFlows(
    flows,
    out,
    (row) => {
      if (begun) out.literal(NEXT);
      begun = true;
      write(out, row);
    },
    () => out.text(opening(envelope)),
  );
  if (rows === 0) out.text(opening(envelope).trimEnd());
  out.text(`${rows === 0 ? '' : '\n'}],\n${closing(flows.verdict())}`);
  await out.flush();
}

function opening(envelope: object): string {
  const fields = Object.entries(envelope).map(([key, value]) => `${jsonText(key)}:${jsonText(value)},\n`);
  return `{${fields.join('')}"flows":[\n`;
}

function closing(verdict: DumpVerdict): string {
  const fields = dumpEnding(verdict).map(([key, value]) => `${jsonText(key)}:${jsonText(value)}`);
  return `${fields.join(',\n')}}\n`;
}

/** The fields that end every document of flows: those that are known, in their order. */
export function dumpEnding(verdict: DumpVerdict): [key: string, value: unknown][] {
  const { summary, tracking, complete, failure, remarks = [] } = verdict;
  const notes = [...remarks, ...verdict.notes];
  const fields: [string, unknown][] = [
    ['summary', summary],
    ['notes', notes.length === 0 ? undefined : notes],
    ['tracking', tracking],
    ['complete', complete],
    ['error', failure?.report()],
  ];
  return fields.filter(([, value]) => value !== undefined);
}
