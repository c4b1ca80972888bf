import { flagNames, FLAGS, type FlowRow, natNames, type Span, type TupleRow } from '../model/flow-row.js';

/**
 * A field of a flow under a name of its own, for formats that have one level of keys: the keys of the JSON document with
 * `original_` or `reply_` before those of the tuples.
 */
export type FlowField =
  /** Copied from the line: a number, or a word in ASCII that needs no quotes. */
  | { name: string; kind: 'number' | 'word'; span: (row: FlowRow) => Span }
  /** Made from the line; undefined where the flow does not have it. Lists are words with `,` between them. */
  | {
      name: string;
      kind: 'text';
      text: (row: FlowRow) => string | undefined;
      /** What it is made from, where that is one field of the line. */
      span?: (row: FlowRow) => Span;
    };

/** Every set of flags that a row can have, and every NAT. */
const STATUS = Array.from({ length: 1 << FLAGS.length }, (_, bits) => list(flagNames(bits)));
const NAT = Array.from({ length: 4 }, (_, bits) => list(natNames(bits)));

/** Every field that a flow can have, in the order of the JSON document. */
export const FLOW_FIELDS: readonly FlowField[] = [
  { name: 'family', kind: 'text', text: (row) => row.family },
  { name: 'protocol', kind: 'text', text: (row) => row.protocolName() },
  { name: 'protocol_number', kind: 'number', span: (row) => row.protocolDigits },
  { name: 'state', kind: 'word', span: (row) => row.state },
  number('timeout', (row) => row.timeout),
  ...tupleFields('original', (row) => row.original),
  ...tupleFields('reply', (row) => row.reply),
  { name: 'status', kind: 'text', text: (row) => STATUS[row.status] },
  { name: 'nat', kind: 'text', text: (row) => NAT[row.nat()] },
  number('mark', (row) => row.mark),
  number('zone', (row) => row.zone),
  number('use', (row) => row.use),
  number('id', (row) => row.id),
  number('delta_time', (row) => row.deltaTime),
  number('expires_in', (row) => row.expiresIn),
  number('active_since', (row) => row.activeSince),
  free('helper', (row) => row.helper),
  {
    name: 'labels',
    kind: 'text',
    span: (row) => row.labels,
    text: (row) => (row.labels.given ? row.labelNames().join(',') : undefined),
  },
  number('secmark', (row) => row.secmark),
  free('secctx', (row) => row.secctx),
  free('start', (row) => row.start),
  free('stop', (row) => row.stop),
  { name: 'extra', kind: 'text', text: extraWords },
];

/** The names of the original direction, where they are asked for. */
export const NAME_FIELDS: readonly FlowField[] = [
  { name: 'src_name', kind: 'text', text: (row) => row.hostName(row.original.src) },
  { name: 'dst_name', kind: 'text', text: (row) => row.hostName(row.original.dst) },
  { name: 'sport_name', kind: 'text', text: (row) => row.serviceName(row.original.sport) },
  { name: 'dport_name', kind: 'text', text: (row) => row.serviceName(row.original.dport) },
];

function extraWords(row: FlowRow): string | undefined {
  return row.extra.length === 0 ? undefined : row.extra.map((word) => row.freeText(word)).join(' ');
}

function tupleFields(direction: string, tuple: (row: FlowRow) => TupleRow): FlowField[] {
  return [
    { name: `${direction}_src`, kind: 'word', span: (row) => tuple(row).src },
    { name: `${direction}_dst`, kind: 'word', span: (row) => tuple(row).dst },
    number(`${direction}_sport`, (row) => tuple(row).sport),
    number(`${direction}_dport`, (row) => tuple(row).dport),
    number(`${direction}_type`, (row) => tuple(row).type),
    number(`${direction}_code`, (row) => tuple(row).code),
    number(`${direction}_id`, (row) => tuple(row).id),
    { name: `${direction}_srckey`, kind: 'word', span: (row) => tuple(row).srckey },
    { name: `${direction}_dstkey`, kind: 'word', span: (row) => tuple(row).dstkey },
    number(`${direction}_zone`, (row) => tuple(row).zone),
    number(`${direction}_packets`, (row) => tuple(row).packets),
    number(`${direction}_bytes`, (row) => tuple(row).bytes),
  ];
}

function number(name: string, span: (row: FlowRow) => Span): FlowField {
  return { name, kind: 'number', span };
}

function free(name: string, span: (row: FlowRow) => Span): FlowField {
  return { name, kind: 'text', span, text: (row) => (span(row).given ? row.freeText(span(row)) : undefined) };
}

function list(words: readonly string[]): string | undefined {
  return words.length === 0 ? undefined : words.join(',');
}
