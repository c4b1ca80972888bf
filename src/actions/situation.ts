import type { FlowsAtStake } from '../model/action.js';
import type { SyncConf } from '../model/conntrackd-conf.js';
import { Failure } from '../model/failure.js';
import type { CacheStatistics } from '../model/statistics.js';
import { parseConntrackdConf } from '../parsers/conntrackd-conf.js';
import { parseTableStatistics } from '../parsers/statistics.js';
import { controlSocket } from '../readers/control-socket.js';
import { socketOwner } from '../readers/daemon-process.js';
import { askDaemon } from '../readers/daemon.js';
import { readFlowCount } from '../readers/flow-count.js';
import { readNodeRole, type RoleReading } from '../readers/node-role.js';
import type { SourceOptions } from '../sources/options.js';
import { generalStatistics, runtimeStatistics } from '../sources/queries.js';
import { refuseDuringCommit, refuseUntold } from './refusals.js';

/** What there is before an action. */
export interface Situation extends RoleReading {
  atStake: FlowsAtStake;
  /** conntrackd's caches, as it keeps them now; absent where the daemon was not asked. */
  caches?: CacheStatistics[];
  /** What the configuration says of synchronisation; absent in statistics mode. */
  sync?: SyncConf;
}

/**
 * What there is before an action that asks the daemon.
 *
 * @throws Failure where it does not answer; ACTION_REFUSED while it commits
 */
export async function daemonSituation(
  keepalivedConfig: string | undefined,
  options: SourceOptions,
): Promise<Situation & { caches: CacheStatistics[] }> {
  const caches = await cachesOf(options);
  await refuseDuringCommit(options);
  const role = await readNodeRole(keepalivedConfig, options);
  const sync = await syncOf(options);
  return { ...role, caches, atStake: activeIn(caches), ...(sync === undefined ? {} : { sync }) };
}

/**
 * What there is before an action on the kernel's table. One that is to synchronise it has to run: one that is down or hangs
 * would not tell the peer of the flows that end, and one that commits just now is filling it.
 *
 * @throws Failure ACTION_REFUSED, DAEMON_UNREACHABLE; where the daemon hangs; CONFIG_INVALID; as {@link readFlowCount}
 */
export async function kernelSituation(
  keepalivedConfig: string | undefined,
  options: SourceOptions,
): Promise<Situation & { daemon: boolean }> {
  const owner = await daemonOwner(options);
  const daemon = owner !== undefined;
  // Who may not see it may not ask it either, and looks only.
  if (daemon && owner !== 'unseen') await askDaemon(runtimeStatistics(options.query), options);
  if (daemon) await refuseDuringCommit(options);
  else if (await syncOf(options)) refuseUntold();
  const role = await readNodeRole(keepalivedConfig, options);
  return { ...role, atStake: await inKernel(options), daemon };
}

async function daemonOwner(options: SourceOptions): ReturnType<typeof socketOwner> {
  const { path } = await controlSocket(options);
  return path === undefined ? undefined : socketOwner(path, options.place);
}

async function cachesOf(options: SourceOptions): Promise<CacheStatistics[]> {
  return parseTableStatistics(await askDaemon(generalStatistics(options.query), options)).caches;
}

/** How many flows conntrackd's caches hold now. */
export async function inCaches(options: SourceOptions): Promise<FlowsAtStake> {
  return activeIn(await cachesOf(options));
}

/** How many flows and expectations the kernel holds now. */
export async function inKernel(options: SourceOptions): Promise<FlowsAtStake> {
  const { count, tracking } = await readFlowCount(options);
  if (tracking === 'not_loaded') {
    throw new Failure('ACTION_REFUSED', 'Connection tracking is not loaded: there is nothing to empty.', {
      next: 'Nothing was touched.',
    });
  }
  const { flows, expected: { expectations } = {} } = count;
  return { kernel: flows, ...(expectations === undefined ? {} : { expectations }) };
}

function activeIn(caches: readonly CacheStatistics[]): FlowsAtStake {
  const [internal, external] = ['internal', 'external'].map(
    (name) => caches.find((cache) => cache.name === name)?.active,
  );
  return { ...(internal === undefined ? {} : { internal }), ...(external === undefined ? {} : { external }) };
}

async function syncOf({ place, query }: SourceOptions): Promise<SyncConf | undefined> {
  const read = await place.readFile(query.daemonConfig);
  return 'text' in read ? parseConntrackdConf(read.text, query.daemonConfig).sync : undefined;
}
