import type {
  CacheDetails,
  CachePage,
  NetworkPage,
  ProcessPage,
  QueuePage,
  ResendQueue,
} from '../../src/model/daemon-pages.js';
import { printActiveLink, printCache, u32, u64 } from './conntrackd-pages.js';

/** The `-s cache` page as conntrackd prints it (formats.md §10). */
export function printCachePage({ caches }: CachePage): string {
  return caches.map((cache) => (cache.kind === 'cache' ? printDetails(cache) : printCache(cache))).join('');
}

function printDetails({ name, active = 0, total = 0, created, updated, destroyed }: CacheDetails): string {
  const pair = (ok: typeof active, failed: typeof active | undefined): string => `${u32(ok)}/${u32(failed ?? 0)}`;
  return (
    `cache:${name}\tactive objects:\t\t${u32(active)}\n` +
    `\tactive/total entries:\t\t${pair(active, total)}\n` +
    `\tcreation OK/failed:\t\t${pair(created.total, created.failed)}\n` +
    `\t\tno memory available:\t${u32(created.no_memory ?? 0)}\n` +
    `\t\tno space left in cache:\t${u32(created.no_space ?? 0)}\n` +
    `\tupdate OK/failed:\t\t${pair(updated.total, updated.failed)}\n` +
    `\t\tentry not found:\t${u32(updated.not_found ?? 0)}\n` +
    `\tdeletion created/failed:\t${pair(destroyed.total, destroyed.failed)}\n` +
    `\t\tentry not found:\t${u32(destroyed.not_found ?? 0)}\n\n`
  );
}

/** The `-s network` page as conntrackd prints it. */
export function printNetworkPage({ received, sent, sequence, link }: NetworkPage): string {
  return (
    'network statistics:\n\trecv:\n' +
    `\t\tMalformed messages:\t${u64(received.malformed)}\n` +
    `\t\tWrong protocol version:\t${u64(received.wrong_version)}\n` +
    `\t\tMalformed header:\t${u64(received.malformed_header)}\n` +
    `\t\tMalformed payload:\t${u64(received.malformed_payload)}\n` +
    `\t\tBad message type:\t${u64(received.bad_type)}\n` +
    `\t\tTruncated message:\t${u64(received.truncated)}\n` +
    `\t\tBad message size:\t${u64(received.bad_size)}\n` +
    `\tsend:\n\t\tMalformed messages:\t${u64(sent.malformed)}\n\n` +
    'sequence tracking statistics:\n\trecv:\n' +
    `\t\tPackets lost:\t\t${u64(sequence.lost)}\n` +
    `\t\tPackets before:\t\t${u64(sequence.before)}\n\n${printActiveLink(link)}`
  );
}

/** The `-s queue` page as conntrackd prints it. */
export function printQueuePage({ allocated_nodes: nodes, queues }: QueuePage): string {
  const blocks = queues.map(
    ({ name, elements, limit, no_space: full }) =>
      `queue ${name}:\ncurrent elements:\t\t${u32(elements)}\nmaximum elements:\t\t${u32(limit)}\nnot enough space errors:\t${u32(full)}\n\n`,
  );
  return `allocated queue nodes:\t\t${u32(nodes)}\n\n${blocks.join('')}`;
}

/** The `-s rsqueue` page as conntrackd prints it. */
export function printResendQueue({ length, messages }: ResendQueue): string {
  const lines = messages.map(
    ({ kind, seq, flags }) => `${kind} -> seq:${seq}${flags === undefined ? '' : ` flags:${flags}`}\n`,
  );
  return `resent queue (len=${length})\n${lines.join('')}`;
}

/** The `-s process` page as conntrackd prints it. */
export function printProcessPage({ children }: ProcessPage): string {
  return children.map(({ pid, type }) => `PID=${pid} type=${type}\n`).join('');
}
