import type { LogEvent } from '../../model/daemon-log.js';

/** Messages without a figure (formats.md §11). */
const FIXED: ReadonlyMap<string, LogEvent> = new Map<string, LogEvent>([
  ['committing all external caches', { type: 'commit_started', table: 'all' }],
  ['committing conntrack cache', { type: 'commit_started', table: 'flows' }],
  ['committing expectation cache', { type: 'commit_started', table: 'expectations' }],
  ['commit already in progress, skipping', { type: 'commit_refused' }],
  ['ignoring flush command, commit still in progress', { type: 'flush_refused' }],
  ['resync requested', { type: 'resync_requested', by: 'this_node' }],
  ['resync requested by other node', { type: 'resync_requested', by: 'other_node' }],
  ['sending bulk update', { type: 'bulk_update' }],
  ['resync with master conntrack table', { type: 'kernel_resync', table: 'flows' }],
  ['resync with master expect table', { type: 'kernel_resync', table: 'expectations' }],
  ['resync is unsupported in this mode', { type: 'resync_unsupported' }],
  ['flushing caches', { type: 'cache_flush', cache: 'all' }],
  ['flushing internal cache', { type: 'cache_flush', cache: 'internal' }],
  ['flushing external cache', { type: 'cache_flush', cache: 'external' }],
  ['flushing kernel conntrack table', { type: 'kernel_flush', table: 'flows' }],
  ['flushing kernel conntrack table (scheduled)', { type: 'kernel_flush', table: 'flows', scheduled: true }],
  ['flushing kernel expect table', { type: 'kernel_flush', table: 'expectations' }],
  ['no dedicated links available!', { type: 'link_none' }],
  ['initialization completed', { type: 'initialized' }],
  ['initialization failed', { type: 'initialization_failed' }],
  ['-- starting in daemon mode --', { type: 'started', mode: 'daemon' }],
  ['-- starting in console mode --', { type: 'started', mode: 'console' }],
  ['---- shutdown received ----', { type: 'shutdown' }],
]);

/** As digits that a number keeps exactly: conntrackd prints 32 bits, of seconds a little more. */
const N = String.raw`(\d{1,10})`;
const BUFFER = 'netlink event socket buffer size';
const CHILD = String.raw`child process \(pid=${N}\)`;
const CRASH_SIGNAL = 11;

type Figures = readonly string[];

/** Messages with figures or names in them: what stands before those, and how each is read. */
const WITH_FIGURES: readonly (readonly [beginning: string, RegExp, (figures: Figures) => LogEvent])[] = [
  ['Committed ', whole(`Committed ${N} new entries`), ([n]) => ({ type: 'committed', flows: Number(n) })],
  ['Committed ', whole(`Committed ${N} new expectations`), ([n]) => ({ type: 'committed', expectations: Number(n) })],
  ['', whole(`${N} entries can't be committed`), ([n]) => ({ type: 'commit_failed', flows: Number(n) })],
  ['', whole(`${N} expectations can't be committed`), ([n]) => ({ type: 'commit_failed', expectations: Number(n) })],
  [
    'commit has taken ',
    whole(String.raw`commit has taken (\d{1,9}\.\d{6}) seconds`),
    ([s]) => ({ type: 'commit_took', seconds: Number(s) }),
  ],
  ['commit-', whole(`commit-(?:create|destroy): (.+)`), ([reason = '']) => ({ type: 'commit_object_failed', reason })],
  [
    'could not ',
    whole(`could not (?:add new|update|delete|destroy) (?:ct|exp) entry(?:, [\\w ]+)?: (.+)`),
    ([reason = '']) => ({ type: 'injection_failed', reason }),
  ],
  [
    'flushing ',
    whole(`flushing conntrack table in ${N} secs`),
    ([n]) => ({ type: 'kernel_flush_scheduled', table: 'flows', seconds: Number(n) }),
  ],
  ['device ', whole("device `(.+)' becomes dedicated link"), ([device = '']) => ({ type: 'link_active', device })],
  [BUFFER, whole(`${BUFFER} has been set to ${N} bytes`), ([n]) => ({ type: 'netlink_buffer_set', bytes: Number(n) })],
  [
    BUFFER,
    whole(`${BUFFER} has been doubled to ${N} bytes`),
    ([n]) => ({ type: 'netlink_buffer_doubled', bytes: Number(n) }),
  ],
  [BUFFER, new RegExp(`^${BUFFER} cannot be doubled further `), () => ({ type: 'netlink_buffer_limit' })],
  [
    'child ',
    whole(String.raw`${CHILD} has aborted, received termination signal \((\d{1,3})\)`),
    ([child, signal]) => ({ type: 'child_aborted', child: Number(child), signal: Number(signal) }),
  ],
  [
    'child ',
    whole(String.raw`${CHILD} has aborted, received signal SIGSEGV \(crashed\)`),
    ([child]) => ({ type: 'child_aborted', child: Number(child), signal: CRASH_SIGNAL }),
  ],
];

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

/** What a message means; undefined where it is none that ctsync knows, word for word. */
export function eventOf(message: string): LogEvent | undefined {
  const fixed = FIXED.get(message);
  if (fixed) return { ...fixed };
  for (const [beginning, pattern, read] of WITH_FIGURES) {
    if (!message.startsWith(beginning)) continue;
    const [matched, ...figures] = pattern.exec(message) ?? [];
    if (matched !== undefined) return read(figures);
  }
  return undefined;
}
