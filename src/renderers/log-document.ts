import type { LogRecord, LogStream, LogVerdict } from '../model/daemon-log.js';
import { compactJson, jsonText } from './json.js';
import { BufferedSink, type Sink } from './sink.js';

/**
 * A log as one JSON document, streamed: what is known beforehand, a record a line, then the summary and the verdict. It is
 * closed properly whatever happens after its first record.
 *
 * @param envelope the fields before the log, `schema` first
 */
export async function renderLogDocument(log: LogStream, envelope: object, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  let records = 0;
  for await (const batch of log.batches()) {
    for (const record of batch) {
      out.text(`${records === 0 ? opening(log, envelope) : ',\n'}${recordText(record)}`);
      records++;
      if (out.full) await out.flush();
    }
  }
  out.text(records === 0 ? opening(log, envelope).trimEnd() : '\n');
  const fields = ending(log.verdict()).map(([key, value]) => `${jsonText(key)}:${jsonText(value)}`);
  out.text(`],\n${fields.join(',\n')}}\n`);
  await out.flush();
}

/**
 * A log as NDJSON: a record a line, as soon as it is there.
 *
 * @param envelope the fields of the last line, which only an answer that is not whole has
 */
export async function renderLogNdjson(log: LogStream, envelope: object, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  for await (const batch of log.batches()) {
    for (const record of batch) {
      out.text(`${recordText(record)}\n`);
      if (out.full) await out.flush();
    }
    await out.flush();
  }
  const verdict = log.verdict();
  if (verdict.complete === false) out.text(`${jsonText({ ...envelope, ...Object.fromEntries(ending(verdict)) })}\n`);
  await out.flush();
}

/** Only flows and expectations may have numbers that JSON.stringify can't write. */
function recordText(record: LogRecord): string {
  return record.flow || record.expectation ? compactJson(record) : jsonText(record);
}

function opening({ origin }: LogStream, envelope: object): string {
  const fields = Object.entries({ ...envelope, log: origin }).map(
    ([key, value]) => `${jsonText(key)}:${jsonText(value)},\n`,
  );
  return `{${fields.join('')}"records":[\n`;
}

function ending({ summary, notes, complete, failure }: LogVerdict): [key: string, value: unknown][] {
  const fields: [string, unknown][] = [
    ['summary', summary],
    ['notes', notes.length === 0 ? undefined : notes],
    ['complete', complete],
    ['error', failure?.report()],
  ];
  return fields.filter(([, value]) => value !== undefined);
}
