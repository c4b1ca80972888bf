import type { FlowStream } from '../model/flow-stream.js';
import { flatJsonWriter } from './flat-json.js';
import { renderFlowCsv } from './flow-csv.js';
import { renderFlowDocument } from './flow-document.js';
import { FLOW_FIELDS, NAME_FIELDS, type FlowField } from './flow-fields.js';
import { writeFlowJson } from './flow-json.js';
import { renderFlowLines } from './flow-lines.js';
import type { Sink } from './sink.js';

/** Flows in a format for programs. */
export interface FlowView {
  format: 'json' | 'ndjson' | 'csv';
  /** One level of keys. */
  flat: boolean;
  /** These fields only, in their order; absent: all. */
  fields?: readonly FlowField[] | undefined;
  /** Whether names were asked for: then all fields are those of the names, too. */
  names: boolean;
  /** NDJSON ends with a summary also where it is complete. */
  summary: boolean;
  /** The fields that every document begins with, `schema` first. */
  envelope: { schema: string };
}

/** Writes flows for a program. */
export async function renderFlows(flows: FlowStream, view: FlowView, sink: Sink): Promise<void> {
  const { format, flat, names, summary, envelope } = view;
  const fields = view.fields ?? (names ? [...FLOW_FIELDS, ...NAME_FIELDS] : FLOW_FIELDS);
  const write = flat ? flatJsonWriter(fields) : writeFlowJson;
  switch (format) {
    case 'csv':
      return renderFlowCsv(flows, fields, sink);
    case 'json':
      return renderFlowDocument(flows, write, envelope, sink);
    case 'ndjson':
      return renderFlowLines(flows, write, { envelope: { ...envelope, schema: 'ctsync/summary/1' }, summary }, sink);
  }
}
