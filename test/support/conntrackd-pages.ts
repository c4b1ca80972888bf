import type { DedicatedLink, LinkPage } from '../../src/model/link.js';
import type { Counter } from '../../src/model/number.js';
import type { DaemonRuntime } from '../../src/model/runtime.js';
import type {
  ActiveLinkStatistics,
  CacheStatistics,
  LinkTraffic,
  Operations,
  TableStatistics,
} from '../../src/model/statistics.js';

/** A page of the general statistics as conntrackd itself prints it (formats.md §10); `extra` has no place there. */
export function printStatistics(table: TableStatistics): string {
  const { traffic_processed: traffic, link, messages } = table;
  let page = table.caches.map(printCache).join('');
  if (traffic) page += `traffic processed:\n${u64(traffic.bytes)} Bytes      ${u64(traffic.packets)} Pckts\n\n`;
  if (link) {
    page += printActiveLink(link);
  }
  if (messages) {
    page += `message tracking:\n${u64(messages.malformed)} Malformed msgs ${u64(messages.lost)} Lost msgs\n\n`;
  }
  return page;
}

/** The link block of `-s` and `-s network`. */
export function printActiveLink(link: ActiveLinkStatistics): string {
  const peers = link.server === undefined ? '' : ` server=${link.server} client=${link.client}`;
  return `${transport(link)} traffic (active device=${link.device ?? ''})${peers}:\n${printTraffic(link)}`;
}

/** The `-s link` page as conntrackd prints it. */
export function printLinks(page: LinkPage): string {
  return page.links
    .map((link) => {
      const state = `device=${link.device ?? ''} status=${link.status} role=${link.role}`;
      return `${transport(link)} traffic ${state}:\n${printTraffic(link)}`;
    })
    .join('');
}

/** The `-s runtime` page as conntrackd prints it; a counter that is absent leaves its line out. */
export function printRuntime(page: DaemonRuntime): string {
  const { netlink, runtime } = page;
  const lines = [
    ...(page.uptime === undefined ? [] : [`daemon uptime: ${page.uptime}`]),
    '',
    'netlink stats:',
    ...counted('\tevents received:\t', netlink.events_received, u64),
    ...counted('\tevents filtered:\t', netlink.events_filtered, u64),
    ...counted('\tevents unknown type:\t\t', netlink.events_unknown_type),
    ...counted('\tcatch event failed:\t\t', netlink.catch_event_failed),
    ...counted('\tdump unknown type:\t\t', netlink.dump_unknown_type),
    ...counted('\tnetlink overrun:\t\t', netlink.overrun),
    ...counted('\tflush kernel table:\t\t', netlink.flush_kernel_table),
    ...counted('\tresync with kernel table:\t', netlink.resync_with_kernel_table),
    ...counted('\tcurrent buffer size (in bytes):\t', netlink.buffer_size),
    '',
    'runtime stats:',
    ...counted('\tchild process failed:\t\t', runtime.child_process_failed),
    ...counted('\t\tchild process segfault:\t', runtime.child_process_segfault),
    ...counted('\t\tchild process termsig:\t', runtime.child_process_termsig),
    ...counted('\tselect failed:\t\t\t', runtime.select_failed),
    ...counted('\twait failed:\t\t\t', runtime.wait_failed),
    ...counted('\tlocal read failed:\t\t', runtime.local_read_failed),
    ...counted('\tlocal unknown request:\t\t', runtime.local_unknown_request),
    '',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

/** A cache block of `-s`. */
export function printCache(cache: CacheStatistics): string {
  const title = cache.kind === 'cache' ? `cache ${cache.name}:` : `${cache.name} ${cache.kind}:`;
  const lines = [
    title,
    ...counted('current active connections:\t', cache.active),
    operations(cache.kind === 'bypass' ? 'connections new:\t\t' : 'connections created:\t\t', cache.created),
    operations('connections updated:\t\t', cache.updated),
    operations('connections destroyed:\t\t', cache.destroyed),
    '',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function operations(name: string, { total, failed }: Operations): string {
  return `${name}${u32(total)}${failed === undefined ? '' : `\tfailed:\t${u32(failed)}`}`;
}

function printTraffic({ sent, received }: { sent: LinkTraffic; received: LinkTraffic }): string {
  return (
    `${u64(sent.bytes)} Bytes sent ${u64(received.bytes)} Bytes recv\n` +
    `${u64(sent.packets)} Pckts sent ${u64(received.packets)} Pckts recv\n` +
    `${u64(sent.errors)} Error send ${u64(received.errors)} Error recv\n\n`
  );
}

function counted(name: string, counter: Counter | undefined, width = u32): string[] {
  return counter === undefined ? [] : [`${name}${width(counter)}`];
}

function transport(link: Pick<DedicatedLink, 'transport'>): string {
  return link.transport === 'multicast' ? link.transport : link.transport.toUpperCase();
}

/** A number in a column of 12. */
export const u32 = (counter: Counter): string => String(counter).padStart(12);
/** A number in a column of 20. */
export const u64 = (counter: Counter): string => String(counter).padStart(20);
