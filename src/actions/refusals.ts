import { Failure } from '../model/failure.js';
import type { NodeRole } from '../model/action.js';
import type { CacheStatistics } from '../model/statistics.js';
import { commitInProgress } from '../readers/commit-in-progress.js';
import { daemonFailure } from '../readers/daemon-failure.js';
import { succeeded } from '../readers/tool-failure.js';
import type { SourceOptions } from '../sources/options.js';
import { askTool } from '../sources/process.js';
import { runtimeStatistics } from '../sources/queries.js';
import type { Situation } from './situation.js';

const UNTOUCHED = 'Nothing was touched.';

/** @throws Failure ACTION_REFUSED while conntrackd commits; as {@link commitInProgress} */
export async function refuseDuringCommit(options: SourceOptions): Promise<void> {
  if (!(await commitInProgress(options))) return;
  throw refused(
    'A commit of the external cache (conntrackd -c) is in progress.',
    `Wait until it has ended: "ctsync show log conntrack-sync" tells. ${UNTOUCHED}`,
  );
}

/** @throws Failure DAEMON_UNREACHABLE: the peer of a daemon that does not run is told of nothing */
export function refuseUntold(): never {
  throw new Failure(
    'DAEMON_UNREACHABLE',
    'conntrackd is configured to synchronise and does not run: the peer would keep all flows, and a failover bring them back.',
    { next: `Start conntrackd first, or empty the kernel's table alone with "conntrack -F". ${UNTOUCHED}` },
  );
}

/**
 * conntrackd's client reads the whole file before it asks, as a new daemon would: its mistakes are found while the old one runs.
 *
 * @throws Failure CONFIG_INVALID, CONFIG_UNREADABLE
 */
export async function refuseMistakes(options: SourceOptions): Promise<void> {
  const answer = await askTool(runtimeStatistics(options.query), options.abort);
  if (!succeeded(answer)) throw await daemonFailure(answer, options);
}

/** @throws Failure ACTION_REFUSED where conntrackd synchronises nothing */
export function refuseStatisticsMode({ caches = [] }: Situation): void {
  if (!caches.some(({ name }) => name === 'stats')) return;
  throw refused('conntrackd runs in statistics mode, and synchronises nothing.', UNTOUCHED);
}

/** @throws Failure ACTION_REFUSED in ALARM mode, where conntrackd ignores such a request without a word (formats.md §8) */
export function refuseAlarmMode({ sync }: Situation, what: string): void {
  if (sync?.mode !== 'alarm') return;
  throw refused(`conntrackd runs in ALARM mode, in which it ignores ${what}.`, UNTOUCHED);
}

/** @throws Failure ACTION_REFUSED where that cache is not kept */
export function refuseWithoutCache(name: 'internal' | 'external', situation: Situation, next: string): void {
  if (kindOf(name, situation) === 'cache') return;
  const option = name === 'internal' ? 'DisableInternalCache' : 'DisableExternalCache';
  throw refused(`conntrackd keeps no ${name} cache (${option}).`, next);
}

/** How conntrackd keeps the flows of this node, or of the other one. */
export function kindOf(name: 'internal' | 'external', { caches = [] }: Situation): CacheStatistics['kind'] | undefined {
  return caches.find((cache) => cache.name === name)?.kind;
}

/** @throws Failure ACTION_REFUSED on any node but the master of all groups */
export function refuseUnlessMaster(situation: Situation): void {
  if (situation.role === 'master') return;
  const why = 'only the master may send its flows to the peer (-B)';
  throw refused(`${roleSentence(situation)}, and ${why}.`, `${wayToTell(situation)}${UNTOUCHED}`);
}

/**
 * A node without virtual addresses has in its kernel what the master has injected there: what it would send of that, the
 * master would delete and make anew (formats.md §16.21).
 *
 * @throws Failure ACTION_REFUSED
 */
export function refuseInjectedBackup(situation: Situation): void {
  const { role } = situation;
  if (kindOf('external', situation) !== 'inject' || role === 'master' || role === 'mixed') return;
  const why = 'without an external cache (DisableExternalCache) its internal cache holds the flows of the master';
  throw refused(`${roleSentence(situation)}: ${why}.`, `${wayToTell(situation)}${UNTOUCHED}`);
}

const ROLES: Readonly<Record<Exclude<NodeRole, 'unknown'>, string>> = {
  master: 'This node is master',
  backup: 'This node is backup',
  mixed: 'This node is not master of every group',
};

function roleSentence({ role, unknown }: Situation): string {
  return role === 'unknown' ? `Whether this node is master is not known (${unknown ?? 'no group'})` : ROLES[role];
}

function wayToTell({ role }: Situation): string {
  return role === 'unknown' ? "Name keepalived's configuration: --keepalived-config FILE. " : '';
}

function refused(message: string, next: string): Failure {
  return new Failure('ACTION_REFUSED', message, { next });
}
