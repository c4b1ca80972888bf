import type { GroupFields } from '../model/flow-top.js';
import { escapeControl } from './escape.js';

/** What stands for a field that the flows of a group lack. */
const NOTHING = '-';

const TITLES: Readonly<Record<keyof GroupFields, string>> = {
  family: 'FAMILY',
  protocol: 'PROTOCOL',
  src: 'SOURCE',
  dst: 'DESTINATION',
  sport: 'SPORT',
  dport: 'DPORT',
  reply_src: 'REPLY FROM',
  reply_dst: 'REPLY TO',
  nat_address: 'NAT ADDRESS',
  state: 'STATE',
  status: 'STATUS',
  mark: 'MARK',
  zone: 'ZONE',
  helper: 'HELPER',
};

/** The title of the column that shows a field. */
export function groupTitle(name: keyof GroupFields): string {
  return TITLES[name];
}

/** A field of a group as a person reads it; may have been chosen by whoever sent the flows. */
export function groupCell(fields: GroupFields, name: keyof GroupFields): string {
  if (name === 'protocol') return fields.protocol ? `${fields.protocol.name} [${fields.protocol.number}]` : NOTHING;
  return escapeControl(groupText(fields, name) ?? NOTHING);
}

/** A field of a group as a program reads it: the name of a protocol, a list with commas; undefined where it has none. */
export function groupText(fields: GroupFields, name: keyof GroupFields): string | undefined {
  if (name === 'protocol') return fields.protocol?.name;
  if (name === 'status') return fields.status?.join(',') || undefined;
  const value = fields[name];
  return value === undefined ? undefined : String(value);
}
