import type { DaemonRuntime } from '../model/runtime.js';
import { type LineForm, PageBlock } from './page-block.js';
import { cutShort, notThisPage, refuseTornBlock } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';

const QUERY = 'conntrackd -s runtime';
const WHEN_EMPTY = 'conntrackd ended the connection before it answered';

const NETLINK: readonly LineForm[] = [
  runtimeLine('events_received', 'events received'),
  runtimeLine('events_filtered', 'events filtered'),
  runtimeLine('events_unknown_type', 'events unknown type'),
  runtimeLine('catch_event_failed', 'catch event failed'),
  runtimeLine('dump_unknown_type', 'dump unknown type'),
  runtimeLine('overrun', 'netlink overrun'),
  runtimeLine('flush_kernel_table', 'flush kernel table'),
  runtimeLine('resync_with_kernel_table', 'resync with kernel table'),
  runtimeLine('buffer_size', 'current buffer size \\(in bytes\\)'),
];

const RUNTIME: readonly LineForm[] = [
  runtimeLine('child_process_failed', 'child process failed'),
  runtimeLine('child_process_segfault', 'child process segfault'),
  runtimeLine('child_process_termsig', 'child process termsig'),
  runtimeLine('select_failed', 'select failed'),
  runtimeLine('wait_failed', 'wait failed'),
  runtimeLine('local_read_failed', 'local read failed'),
  runtimeLine('local_unknown_request', 'local unknown request'),
];

function runtimeLine(counter: keyof DaemonRuntime['netlink'] | keyof DaemonRuntime['runtime'], name: string): LineForm {
  return { name, pattern: new RegExp(`^\\s*${name}\\s*:\\s*(?<${counter}>\\d+)\\s*$`) };
}

/**
 * conntrackd's `-s runtime` page. Its counters stand alone, so a page that is not whole is read as far as it goes: what
 * has not come is absent, and a last line without its line end, whose number may be cut, is in `extra`.
 *
 * @param text The page as printed, decoded as latin1.
 * @throws Failure `BAD_ANSWER` if the text is empty or holds nothing of such a page.
 */
export function parseRuntime(text: string): DaemonRuntime {
  return runtimeOf(readPage(text));
}

function readPage(text: string): RuntimePage {
  const { whole, unfinished } = lastLineApart(text);
  const page = readLines(linesOfPage(whole));
  if (page.uptime === undefined && isEmpty(page.netlink) && isEmpty(page.runtime)) {
    throw notThisPage(QUERY, text, WHEN_EMPTY);
  }
  return { ...page, extra: [...page.extra, ...unfinished] };
}

function isEmpty(block: PageBlock): boolean {
  return [...block.entries()].length === 0;
}

function runtimeOf({ uptime, netlink, runtime, extra }: RuntimePage): DaemonRuntime {
  return {
    ...uptimeOf(uptime),
    netlink: Object.fromEntries(netlink.entries()),
    runtime: Object.fromEntries(runtime.entries()),
    ...(extra.length > 0 && { extra }),
  };
}

/** By these a dump of a cache is judged; every version of conntrackd has them. */
const CHILDREN = ['child_process_failed', 'child_process_segfault', 'child_process_termsig'] as const;

/**
 * As {@link parseRuntime}, for who needs the page to its end.
 *
 * @throws Failure `BAD_ANSWER` also where a part of it is missing
 */
export function parseWholeRuntime(text: string): DaemonRuntime {
  const page = parseRuntime(text);
  if (page.uptime === undefined || CHILDREN.some((name) => page.runtime[name] === undefined))
    throw cutShort(QUERY, 'counters are missing');
  return page;
}

/**
 * As {@link parseRuntime}, for who shows the page.
 *
 * @throws Failure `BAD_ANSWER` also where any line of it is missing
 */
export function parseRuntimePage(text: string): DaemonRuntime {
  const page = readPage(text);
  if (page.uptime === undefined) throw cutShort(QUERY, 'its line "daemon uptime" is missing');
  for (const block of [page.netlink, page.runtime]) refuseTornBlock(QUERY, block);
  return runtimeOf(page);
}

interface RuntimePage {
  uptime?: string;
  netlink: PageBlock;
  runtime: PageBlock;
  extra: string[];
}

function readLines(lines: readonly string[]): RuntimePage {
  const page: RuntimePage = {
    netlink: new PageBlock('netlink stats', NETLINK),
    runtime: new PageBlock('runtime stats', RUNTIME),
    extra: [],
  };
  let current: PageBlock | undefined;
  for (const line of lines) {
    const uptime = UPTIME_LINE.exec(line)?.[1];
    if (isBlank(line)) current = undefined;
    else if (line.trimEnd() === 'netlink stats:') current = page.netlink;
    else if (line.trimEnd() === 'runtime stats:') current = page.runtime;
    else if (uptime !== undefined && page.uptime === undefined) page.uptime = uptime.trimEnd();
    else if (!current?.take(line)) page.extra.push(line);
  }
  return page;
}

const UPTIME_LINE = /^daemon uptime:\s*(\S.*)$/s;
const UPTIME = /^(?:(\d{1,9}) days? )?(?:(\d{1,2}) h )?(\d{1,2}) min$/;

function uptimeOf(uptime: string | undefined): Pick<DaemonRuntime, 'uptime' | 'uptime_seconds'> {
  if (uptime === undefined) return {};
  const parts = UPTIME.exec(uptime);
  if (parts === null) return { uptime };
  const [, days = '0', hours = '0', minutes = '0'] = parts;
  return { uptime, uptime_seconds: Number(days) * 86400 + Number(hours) * 3600 + Number(minutes) * 60 };
}

function lastLineApart(text: string): { whole: string; unfinished: string[] } {
  const end = text.lastIndexOf('\n') + 1;
  const last = text.slice(end);
  return { whole: text.slice(0, end), unfinished: isBlank(last) ? [] : [last] };
}
