import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { CacheDetails } from '../../model/daemon-pages.js';
import type { AcceptedFlows, NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { Counter } from '../../model/number.js';
import { distance } from '../cache-distance.js';
import { isToBeCompared } from '../comparable.js';
import { risen } from './change.js';
import { internalCache } from './internal-cache.js';
import { withoutPages } from './links.js';
import { rise } from './messages.js';
import { byPages, type Judged, unjudged } from './rule.js';

const CACHE_PAGE = 'conntrackd -s cache';
const RUNTIME_PAGE = 'conntrackd -s runtime';

/** What the daemon takes where its configuration does not say (formats.md §12). */
const USUAL_HASH_LIMIT = 262_144;

/** conntrackd's caches: do they hold what they should? */
export const CACHE_RULES = byPages([
  { code: 'CTS-401', name: 'netlink-overrun', severity: 'warning', judge: overrun },
  { code: 'CTS-402', name: 'filter-lets-nothing-through', severity: 'critical', judge: nothingPasses },
  { code: 'CTS-403', name: 'internal-cache-full', severity: 'critical', judge: internalFull },
  { code: 'CTS-404', name: 'cache-failures', severity: 'warning', judge: cacheFailures },
  { code: 'CTS-405', name: 'cache-misses', severity: 'information', judge: misses },
  { code: 'CTS-406', name: 'internal-cache-far-from-kernel', severity: 'warning', judge: farFromKernel },
]);

function overrun(node: NodeObservation): readonly Judged[] {
  return rise(
    node,
    (sample) => sample.pages.runtime?.netlink.overrun,
    'runtime',
    (value, before) => ({
      message:
        'The kernel had events for conntrackd that it did not take in time: its internal cache lacks them until it reads the table anew.',
      evidence: [{ what: 'netlink overrun', value, before, from: RUNTIME_PAGE }],
      next: 'Raise NetlinkBufferSize and NetlinkBufferSizeMaxGrowth, and leave NetlinkOverrunResync on.',
    }),
  );
}

function overrunRose(before: NodeSample | undefined, now: NodeSample): boolean {
  return risen(before?.pages.runtime?.netlink.overrun, now.pages.runtime?.netlink.overrun) > 0n;
}

/** As few events may be the noise of a quiet machine. */
const MANY_EVENTS = 100;

/**
 * A filter that accepts named things only, and none of so many events was one of them. Where a filter ignores named things,
 * a node that is not in use may rightly see nothing else.
 */
function nothingPasses(node: NodeObservation): readonly Judged[] {
  const { conf, now, roles } = node;
  const netlink = now.pages.runtime?.netlink;
  if (netlink === undefined) return withoutPages(node, 'runtime');
  const filter = conf?.general.filter;
  const accepting = [filter?.protocols, filter?.addresses, filter?.states].some((part) => part?.policy === 'accept');
  const { events_received: received, events_filtered: filtered } = netlink;
  const created = internalCache(now)?.created.total;
  if (!accepting || received === undefined || created === undefined) return [];
  if (filtered !== received || received < MANY_EVENTS || created > 0) return [];
  if (roles === undefined) return unjudged(node, 'roles');
  if (!roles.some(({ role }) => role === 'master')) return [];
  return [
    {
      message:
        'This node is master, and the filter of conntrackd has let through none of its flows: nothing is synchronised.',
      evidence: [
        { what: 'events received', value: received, from: RUNTIME_PAGE },
        { what: 'events filtered', value: filtered, from: RUNTIME_PAGE },
      ],
      next: `Correct General { Filter … } in ${node.confFile}: it has to accept what goes through this firewall.`,
    },
  ];
}

function internalFull(node: NodeObservation): readonly Judged[] {
  const { conf, now, before } = node;
  const cache = internalCache(now);
  if (cache === undefined) return withoutPages(node, 'cache');
  if (cache.kind !== 'cache') return [];
  const refused = risen(before && internalCache(before)?.created.no_space, cache.created.no_space);
  if (refused === 0n && !isFull(cache, conf)) return [];
  return [
    {
      message: 'The internal cache of conntrackd is full: new flows are not synchronised.',
      evidence: [
        { what: 'objects in the internal cache', value: objectsIn(cache), from: CACHE_PAGE },
        { what: 'HashLimit', value: limitOf(conf), from: node.confFile },
        ...(cache.created.no_space === undefined
          ? []
          : [{ what: 'no space left in cache', value: cache.created.no_space, from: CACHE_PAGE }]),
      ],
      next: 'Raise HashLimit above the limit of the kernel (sysctl net.netfilter.nf_conntrack_max) on both nodes, and restart conntrackd.',
    },
  ];
}

function isFull(cache: CacheDetails, conf: ConntrackdConf | undefined): boolean {
  return objectsIn(cache) >= limitOf(conf);
}

function objectsIn({ total, active }: CacheDetails): Counter {
  return total ?? active ?? 0;
}

function limitOf(conf: ConntrackdConf | undefined): number {
  return conf?.general.hash_limit ?? USUAL_HASH_LIMIT;
}

const FAILURES = ['no_memory', 'no_space'] as const;

function cacheFailures(node: NodeObservation): readonly Judged[] {
  return eachCache(node, (cache, earlier) =>
    FAILURES.filter((reason) => risen(earlier.created[reason], cache.created[reason]) > 0n)
      // A full internal cache is a finding of its own.
      .filter((reason) => !(reason === 'no_space' && cache.name === 'internal'))
      .map((reason) => ({
        subject: cache.name,
        message: `conntrackd could not put flows into its ${cache.name} cache.`,
        evidence: [
          {
            what: reason === 'no_memory' ? 'no memory available' : 'no space left in cache',
            value: cache.created[reason]!,
            before: earlier.created[reason]!,
            from: CACHE_PAGE,
          },
        ],
        next:
          reason === 'no_memory'
            ? 'Look at the memory of the machine.'
            : 'Raise HashLimit on both nodes, and restart conntrackd.',
      })),
  );
}

function misses(node: NodeObservation): readonly Judged[] {
  return eachCache(node, (cache, earlier) =>
    (['updated', 'destroyed'] as const)
      .filter((operation) => risen(earlier[operation].not_found, cache[operation].not_found) > 0n)
      .map((operation) => ({
        subject: cache.name,
        message: `Flows were ${operation} that the ${cache.name} cache does not have; that is usual after a restart, a flush or a commit.`,
        evidence: [
          {
            what: 'entry not found',
            value: cache[operation].not_found!,
            before: earlier[operation].not_found!,
            from: CACHE_PAGE,
          },
        ],
        next: 'Nothing, unless it goes on: then have the peer send all its flows again (conntrackd -n).',
      })),
  );
}

/** Judged cache by cache, where both samples have it. */
function eachCache(
  node: NodeObservation,
  judge: (cache: CacheDetails, earlier: CacheDetails) => readonly Judged[],
): readonly Judged[] {
  const { before, now } = node;
  if (now.pages.cache === undefined) return withoutPages(node, 'cache');
  if (before?.pages.cache === undefined) return unjudged(node, 'before');
  const was = before.pages.cache.caches;
  return now.pages.cache.caches.flatMap((cache) => {
    const earlier = was.find(({ name, kind }) => name === cache.name && kind === cache.kind);
    return earlier === undefined ? [] : judge(cache, earlier);
  });
}

function farFromKernel(node: NodeObservation): readonly Judged[] {
  const { accepted, conf, now, before } = node;
  const cache = internalCache(now);
  if (cache === undefined) return withoutPages(node, 'cache');
  if (!isToBeCompared(node)) return [];
  if (accepted === undefined) return notCompared(node);
  const side = distance(accepted);
  // Findings of their own, which say why it lacks them.
  if (side === 'fewer' && (isFull(cache, conf) || overrunRose(before, now))) return [];
  return side === undefined ? [] : [side === 'fewer' ? tooFew(accepted) : tooMany(accepted, conf)];
}

/** What was asked for and can't be told is no part that may be missing in silence. */
function notCompared(node: NodeObservation): readonly Judged[] {
  const reasons = unjudged(node, 'accepted');
  if (!node.comparisonAsked) return reasons;
  return reasons.map(({ unknown }) => ({
    severity: 'unknown' as const,
    message: `The internal cache was not compared with the kernel's table: ${unknown}.`,
    evidence: [],
    next: 'See to that, or leave --compare-cache out.',
  }));
}

function tooFew({ internal, kernel }: AcceptedFlows): Judged {
  return {
    message: `The internal cache has ${internal} flows, and the kernel ${kernel} that it should hold: the peer does not know them all.`,
    evidence: [
      { what: 'flows in the internal cache', value: internal, from: 'conntrackd -i' },
      { what: 'flows that the filter lets through', value: kernel, from: 'conntrack -L' },
    ],
    next: 'Have conntrackd read the kernel anew (conntrackd -R), then send all to the peer (conntrackd -B).',
  };
}

/** What has ended outlives `conntrackd -R`, here as at the peer. */
function tooMany({ internal, possible }: AcceptedFlows, conf: ConntrackdConf | undefined): Judged {
  const states = conf?.general.filter?.states === undefined ? '' : ` ${STATES}`;
  return {
    message: `The internal cache has ${internal} flows, and the kernel only ${possible} that may be in it: the peer keeps flows that have ended.`,
    evidence: [
      { what: 'flows in the internal cache', value: internal, from: 'conntrackd -i' },
      { what: 'flows that the filter may have let through', value: possible, from: 'conntrack -L' },
    ],
    next: `Here, conntrackd -f internal, then -R; on the peer, conntrackd -f external, then -n.${states}`,
  };
}

const STATES = 'Let the filter take the states in which TCP flows end, such as TIME_WAIT and CLOSE, too.';
