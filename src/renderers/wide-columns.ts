import type { Flow, Tuple } from '../model/flow.js';
import type { Column } from './columns.js';
import { destination, NOTHING, protocol, source, timeout, zone } from './flow-cells.js';

/** Enough for every address and every 64-bit counter. */
const MOST = 60;

/** Every field of the flow table in a column of its own. */
export function wideColumns(): Column<Flow>[] {
  return [
    column('CONN ID', (flow) => text(flow.id)),
    column('ORIGINAL SOURCE', (flow) => source(flow)),
    column('ORIGINAL DESTINATION', (flow) => destination(flow)),
    column('REPLY SOURCE', (flow) => (flow.reply ? source(flow, flow.reply) : NOTHING)),
    column('REPLY DESTINATION', (flow) => (flow.reply ? destination(flow, flow.reply) : NOTHING)),
    column('PROTOCOL', protocol),
    column('STATE', (flow) => text(flow.state)),
    column('TIMEOUT', timeout),
    column('PACKETS', (flow) => bothWays(flow, 'packets')),
    column('BYTES', (flow) => bothWays(flow, 'bytes')),
    column('MARK', (flow) => text(flow.mark)),
    column('ZONE', zone),
    column('FLAGS', (flow) => flow.status.join(',') || NOTHING),
    column('NAT', (flow) => flow.nat?.join(',') ?? NOTHING),
  ];
}

function column(title: string, cell: (flow: Flow) => string): Column<Flow> {
  return { title, width: title.length + 1, most: MOST, cell };
}

/** `original/reply`, where the kernel counts at all. */
function bothWays(flow: Flow, key: 'packets' | 'bytes'): string {
  const original: Tuple = flow.original;
  if (original[key] === undefined && flow.reply?.[key] === undefined) return NOTHING;
  return `${text(original[key])}/${text(flow.reply?.[key])}`;
}

function text(value: number | bigint | string | undefined): string {
  return value === undefined ? NOTHING : String(value);
}
