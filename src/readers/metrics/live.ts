import type { Follow } from '../../model/flow-stream.js';
import type { SourceOptions } from '../../sources/options.js';
import { daemonPage } from '../../sources/queries.js';
import { readConntrackStatistics } from '../conntrack-statistics.js';
import { askDaemon } from '../daemon.js';
import { readFlowCount } from '../flow-count.js';
import { isLasting } from '../statistics/live.js';
import { hostMaterial } from '../status/live.js';
import type { HostMaterial } from '../status/material.js';
import { statusOf } from '../status/sync-status.js';
import { Collection } from './collection.js';
import { pageMetrics, PAGES } from './daemon-pages.js';
import { flowMetrics } from './of-flows.js';
import { counterMetrics, tableMetrics } from './of-kernel.js';
import { infoMetrics, roleMetrics, transitionMetrics } from './of-pair.js';

/**
 * Reads the metrics of this host. The kernel, the daemon and the rest are asked at the same time; every flow is looked at
 * only where that is wanted, and once nothing else runs.
 *
 * @throws Failure INTERRUPTED
 */
export async function collectLive(
  keepalivedConfig: string | undefined,
  options: SourceOptions,
  flows: Follow | undefined,
): Promise<Collection> {
  const collection = new Collection(new Date());
  const host = hostMaterial(keepalivedConfig, options);
  await Promise.all([
    collectKernel(collection, options),
    collectDaemon(collection, options, host),
    collectNode(collection, host),
  ]);
  if (flows) await collection.run('flows', (metrics) => flowMetrics(options, flows, metrics));
  return collection;
}

async function collectKernel(collection: Collection, options: SourceOptions): Promise<void> {
  await collection.run('table', async (metrics) => tableMetrics((await readFlowCount(options)).count, metrics));
  await collection.run('counters', async (metrics) => {
    const { statistics, failure } = await readConntrackStatistics(options);
    if (failure) throw failure;
    counterMetrics(statistics, metrics);
  });
}

/**
 * One page after the other: the daemon answers one client at a time. One that hangs, or that is not there, is not asked
 * again.
 */
async function collectDaemon(
  collection: Collection,
  options: SourceOptions,
  host: Promise<HostMaterial>,
): Promise<void> {
  const asking = { ...options, asked: PAGES.map((page) => daemonPage(page, options.query)) };
  let answers = false;
  let lost = false;
  for (const page of PAGES) {
    if (lost) {
      collection.skip(page);
      continue;
    }
    const failure = await collection.run(page, async (metrics) => {
      const text = await askDaemon(daemonPage(page, options.query), asking);
      answers ||= text !== '';
      pageMetrics(page, text, await host, metrics);
    });
    lost = failure !== undefined && isLasting(failure);
  }
  collection.metrics.add('conntrackd_up', answers && !lost ? 1 : 0);
}

async function collectNode(collection: Collection, host: Promise<HostMaterial>): Promise<void> {
  const status = host.then((material) => statusOf({ ...material, ...NO_PAGES }));
  await collection.run('config', async (metrics) => infoMetrics(await status, metrics));
  await collection.run('role', async (metrics) => roleMetrics(await status, metrics));
  await collection.run('transition', async (metrics) => transitionMetrics(await status, metrics));
}

const ELSEWHERE = { missing: 'read by another collector' };
/** The daemon's pages are collectors of their own, and no failures of this status. */
const NO_PAGES = { general: ELSEWHERE, runtime: ELSEWHERE, links: ELSEWHERE };
