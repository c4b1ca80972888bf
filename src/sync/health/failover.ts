import type { LogEvent, LogEventType, LogRecord } from '../../model/daemon-log.js';
import type { Evidence } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { risen } from './change.js';
import { heardPackets, modeOf, withoutPages } from './links.js';
import { type Judged, type Rule, unjudged } from './rule.js';

const LOG = "conntrackd's log";

/** What failovers and resyncs have left in the log. */
export const FAILOVER_RULES: readonly Rule[] = [
  { code: 'CTS-601', name: 'master-without-commit', severity: 'critical', judge: withoutCommit },
  { code: 'CTS-602', name: 'commit-failed', severity: 'warning', judge: commitFailed },
  { code: 'CTS-603', name: 'commit-slow', severity: 'warning', judge: commitSlow },
  { code: 'CTS-604', name: 'resync-loop', severity: 'warning', judge: resyncLoop },
  { code: 'CTS-605', name: 'restarted-without-resync', severity: 'warning', byPages: true, judge: withoutResync },
];

/** The log has whole seconds, and the hook writes its record before it asks for the commit. */
const BEFORE_MS = 2000;
/** So long keepalived and its hook may take for a transition, until the hook asks for the commit. */
export const PATIENCE_MS = 10_000;

function withoutCommit(node: NodeObservation): readonly Judged[] {
  const { conf, transition, log, logSince, readAt } = node;
  if (conf === undefined) return unjudged(node, 'conf');
  if (!keepsExternal(node)) return [];
  if (transition === undefined) return withoutRecord(node);
  if (transition.state !== 'MASTER') return [];
  if (transition.at === undefined) return [{ unknown: 'the record does not say beyond doubt when it was' }];
  if (log === undefined || readAt === undefined) return unjudged(node, 'log');
  const at = Date.parse(transition.at);
  if (readAt.getTime() - at < PATIENCE_MS) return [{ unknown: 'the transition was only a moment ago' }];
  if (logSince === undefined || logSince > at) return [{ unknown: 'the log begins after the transition' }];
  if (since(log, at - BEFORE_MS).some(({ event }) => event !== undefined && COMMITS.has(event.type))) return [];
  return [
    {
      message:
        'This node became master, and the flows of the peer were not committed to the kernel: their connections are cut.',
      evidence: [
        { what: 'last transition', value: `MASTER at ${transition.at}`, from: 'failover-state' },
        { what: 'commits since then', value: 0, from: LOG },
      ],
      next: 'Commit them now if the connections still matter: conntrackd -c. Then mend the notify_master script of keepalived.',
    },
  ];
}

/** That there is none is an answer; that it can't be read is not. */
export function withoutRecord(node: NodeObservation): readonly Judged[] {
  return node.unread['transition'] === undefined ? [] : unjudged(node, 'transition');
}

/** What is refused because another sync group's commit is at work is committed by that one: it takes the whole cache. */
const COMMITS: ReadonlySet<LogEventType> = new Set(['commit_started', 'commit_refused']);

function commitFailed(node: NodeObservation): readonly Judged[] {
  return ofLastCommit(node, 'commit_failed', ({ flows = 0, expectations = 0 }, record) =>
    flows + expectations === 0
      ? undefined
      : {
          message: `${flows + expectations} ${flows > 0 ? 'flows' : 'expectations'} of the last commit could not be put into the kernel.`,
          evidence: [logged(record)],
          next: 'Look in the log for the objects and the reason (ctsync show log conntrack-sync); a table that is full is the usual one.',
        },
  );
}

const SLOW_SECONDS = 5;

function commitSlow(node: NodeObservation): readonly Judged[] {
  return ofLastCommit(node, 'commit_took', ({ seconds = 0 }, record) =>
    seconds <= SLOW_SECONDS
      ? undefined
      : {
          message: `The last commit took ${seconds.toFixed(1)} s, in which connections may have been cut.`,
          evidence: [logged(record)],
          next: 'Look at the load of the machine, at the number of flows, and at the size of the hash table.',
        },
  );
}

/** Judges what the log says of the last commit. */
function ofLastCommit(
  node: NodeObservation,
  type: LogEventType,
  judge: (event: LogEvent, record: LogRecord) => Judged | undefined,
): readonly Judged[] {
  const { conf, log } = node;
  if (conf === undefined) return unjudged(node, 'conf');
  if (!keepsExternal(node)) return [];
  if (log === undefined) return unjudged(node, 'log');
  const begun = log.findLastIndex(({ event }) => event?.type === 'commit_started');
  return log.slice(Math.max(begun, 0)).flatMap((record) => {
    const judged = record.event?.type === type ? judge(record.event, record) : undefined;
    return judged === undefined ? [] : [judged];
  });
}

/** For each sync group that has conntrackd told of its transitions: a failover may be one of all of them. */
const LOOP_TIMES = 6;
const LOOP_MS = 300_000;

function resyncLoop(node: NodeObservation): readonly Judged[] {
  const { conf, log, readAt, mechanism } = node;
  if (conf === undefined) return unjudged(node, 'conf');
  if (conf.sync === undefined) return [];
  if (log === undefined || readAt === undefined) return unjudged(node, 'log');
  const loopTimes = LOOP_TIMES * Math.max(1, mechanism?.sync_groups.length ?? 1);
  const recent = since(log, readAt.getTime() - LOOP_MS);
  return RESYNCS.flatMap(({ isOne, done, next }) => {
    const loop = recent.filter(({ event }) => event !== undefined && isOne(event));
    const [first] = loop;
    if (first === undefined || loop.length < loopTimes) return [];
    const message = `${done} ${loop.length} times in five minutes.`;
    return [{ message, evidence: [logged(first), logged(loop.at(-1)!)], next }];
  });
}

/** Each kind is counted by itself: a single failover and the way back leave two or three of every kind. */
const RESYNCS: readonly { isOne: (event: LogEvent) => boolean; done: string; next: string }[] = [
  {
    isOne: ({ type, table }) => type === 'kernel_resync' && table !== 'expectations',
    done: "conntrackd has read the kernel's table anew",
    next: 'Look what asks for it: netlink overruns (CTS-401), a keepalived that changes its state again and again, a script.',
  },
  {
    isOne: ({ type, by }) => type === 'resync_requested' && by === 'this_node',
    done: 'conntrackd has asked the peer for all its flows',
    next: 'Look what asks for it: a keepalived that changes its state again and again, a script.',
  },
  {
    isOne: ({ type, by }) => type === 'resync_requested' && by !== 'this_node',
    done: 'The peer has asked for all flows of this node',
    next: 'Look on the peer what asks for it: a keepalived that changes its state again and again, a script.',
  },
];

/** Its start is told up to two seconds too early, and its first line comes a moment later. */
const FIRST_LINE_MS = 5000;

/** A daemon that has just begun may still be asked for a resync. */
const YOUNG_MS = 30_000;

function withoutResync(node: NodeObservation): readonly Judged[] {
  const { conf, roles, runningSince, log, logSince, before, now, readAt } = node;
  if (conf === undefined) return unjudged(node, 'conf');
  const mode = modeOf(node);
  if (mode === undefined || mode === 'alarm' || !keepsExternal(node) || conf.sync?.startup_resync) return [];
  const external = now.pages.cache?.caches.find(({ name }) => name === 'external');
  if (external === undefined) return withoutPages(node, 'cache');
  if (external.active !== 0 || external.created.total !== 0) return [];
  if (roles === undefined) return unjudged(node, 'roles');
  // The master of one group is to take over the others, too.
  if (roles.every(({ role }) => role === 'master')) return [];
  if (runningSince === undefined) return unjudged(node, 'runningSince');
  if (log === undefined || readAt === undefined) return unjudged(node, 'log');
  if (before === undefined) return unjudged(node, 'before');
  const arrived = risen(heardPackets(before), heardPackets(now));
  if (arrived === 0n || readAt.getTime() - runningSince.getTime() < YOUNG_MS) return [];
  const asked = since(log, runningSince.getTime() - BEFORE_MS).some(
    ({ event }) => event?.type === 'resync_requested' && event.by === 'this_node',
  );
  if (asked) return [];
  if (logSince === undefined || logSince > runningSince.getTime() + FIRST_LINE_MS)
    return [{ unknown: 'the log begins after the start of the daemon' }];
  return [
    {
      message:
        'conntrackd was started and has not asked the peer for its flows: the external cache is empty, and a failover would lose them.',
      evidence: [
        { what: 'start of conntrackd', value: runningSince.toISOString(), from: '/proc' },
        { what: 'flows in the external cache', value: 0, from: 'conntrackd -s cache' },
        { what: 'StartupResync', value: false, from: node.confFile },
      ],
      next: 'Ask the peer now: conntrackd -n. StartupResync On does so at every start.',
    },
  ];
}

/** Whether flows of the peer are kept until a commit; in the kernel at once they need none. */
function keepsExternal({ conf, now }: NodeObservation): boolean {
  if (conf?.sync === undefined || conf.sync.disable_external_cache === true) return false;
  return now.pages.main?.caches.find(({ name }) => name === 'external')?.kind !== 'inject';
}

function since(log: readonly LogRecord[], time: number): readonly LogRecord[] {
  return log.filter(({ at }) => at !== undefined && Date.parse(at) >= time);
}

function logged({ at, at_text: text, message }: LogRecord): Evidence {
  return { what: at ?? text ?? 'at an unknown time', value: message, from: LOG };
}
