import type { RuntimeRates } from '../../model/daemon-rates.js';
import type { Counter } from '../../model/number.js';
import type { DaemonRuntime } from '../../model/runtime.js';
import { escapeControl } from '../escape.js';
import { type Block, column, counter, extraBlock, indented, named, type Row } from './rows.js';

/** By their names in the model; how wide the daemon's column is, and by how many tabs it indents the line. */
const NETLINK: readonly (readonly [keyof DaemonRuntime['netlink'], string, 12 | 20])[] = [
  ['events_received', 'events received', 20],
  ['events_filtered', 'events filtered', 20],
  ['events_unknown_type', 'events unknown type', 12],
  ['catch_event_failed', 'catch event failed', 12],
  ['dump_unknown_type', 'dump unknown type', 12],
  ['overrun', 'netlink overrun', 12],
  ['flush_kernel_table', 'flush kernel table', 12],
  ['resync_with_kernel_table', 'resync with kernel table', 12],
  ['buffer_size', 'current buffer size (in bytes)', 12],
];

const RUNTIME: readonly (readonly [keyof DaemonRuntime['runtime'], string, 1 | 2])[] = [
  ['child_process_failed', 'child process failed', 1],
  ['child_process_segfault', 'child process segfault', 2],
  ['child_process_termsig', 'child process termsig', 2],
  ['select_failed', 'select failed', 1],
  ['wait_failed', 'wait failed', 1],
  ['local_read_failed', 'local read failed', 1],
  ['local_unknown_request', 'local unknown request', 1],
];

/** The `-s runtime` page. */
export function runtimeBlocks(page: DaemonRuntime, rates: RuntimeRates | undefined): Block[] {
  const { uptime, netlink, runtime, extra } = page;
  const netlinkRates: Record<string, number | undefined> = { ...rates?.netlink };
  return [
    ...(uptime === undefined ? [] : [{ title: `daemon uptime: ${escapeControl(uptime)}`, rows: [] }]),
    {
      title: 'netlink stats:',
      rows: NETLINK.flatMap(([key, name, width]) => row(key, name, 1, netlink[key], netlinkRates[key], width)),
    },
    {
      title: 'runtime stats:',
      rows: RUNTIME.flatMap(([key, name, tabs]) => row(key, name, tabs, runtime[key], rates?.runtime[key], 12)),
    },
    ...extraBlock(extra),
  ];
}

function row(
  key: string,
  name: string,
  tabs: 1 | 2,
  value: Counter | undefined,
  rate: number | undefined,
  width: 12 | 20,
): Row[] {
  if (value === undefined) return [];
  const words = indented(name, tabs);
  const figure = key === 'buffer_size' ? { name: words, value } : counter(words, value, rate);
  return [{ text: named(name, tabs) + column(value, width), figures: [figure] }];
}
