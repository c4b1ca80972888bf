import type { SyncConfiguration } from '../../model/sync-configuration.js';
import type { ConfBlock, ConfLine } from './lines.js';

/** What each helper is in conntrackd.conf: its queues of the kernel are those of VyOS (vyos.md §3). */
const HELPERS: Readonly<Record<string, readonly { transport: string; queue: number }[]>> = {
  rpc: [
    { transport: 'tcp', queue: 3 },
    { transport: 'udp', queue: 4 },
  ],
  tns: [{ transport: 'tcp', queue: 5 }],
};

/** `Helper { … }` where one is asked for: a kernel without nfnetlink_cthelper refuses it (vyos.md §2.11). */
export function helperBlocks({ helper: names = [] }: SyncConfiguration): ConfBlock[] {
  if (names.length === 0) return [];
  return [
    { head: 'Helper', lines: names.flatMap((name) => (HELPERS[name] ?? []).map((each) => typeBlock(name, each))) },
  ];
}

function typeBlock(name: string, { transport, queue }: { transport: string; queue: number }): ConfBlock {
  const note = `helper '${name}'`;
  const line = (text: string): ConfLine => ({ text, note });
  return {
    head: `Type ${name} inet ${transport}`,
    lines: [
      line(`QueueNum ${queue}`),
      { head: `Policy ${name}`, lines: [line('ExpectMax 1'), line('ExpectTimeout 300')] },
    ],
  };
}

/** The names by which conntrackd knows what `expect-sync` names: it compares them with the kernel's helpers (vyos.md §2.2). */
export const KERNEL_HELPERS: Readonly<Record<string, readonly string[]>> = {
  ftp: ['ftp'],
  h323: ['ras', 'q.931', 'h.245'],
  nfs: ['rpc'],
  sip: ['sip'],
  sqlnet: ['tns'],
};
