import type { Follow } from '../../model/flow-stream.js';
import type { SourceOptions } from '../../sources/options.js';
import { daemonPage } from '../../sources/queries.js';
import { readConntrackStatistics } from '../conntrack-statistics.js';
import { askDaemon } from '../daemon.js';
import { readFlowCount } from '../flow-count.js';
import { isLasting } from '../statistics/live.js';
import { configurationOf } from '../status/links-around.js';
import { hostMaterial } from '../status/live.js';
import { type HostMaterial, missingFor } from '../status/material.js';
import { statusOf } from '../status/sync-status.js';
import { Collection } from './collection.js';
import { pageMetrics, PAGES } from './daemon-pages.js';
import { checkMetrics, type DaemonAnswers } from './of-check.js';
import { commitMetrics, logsCommits } from './of-commits.js';
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
  const now = options.place.clock.now();
  const collection = new Collection(Number.isNaN(now.getTime()) ? undefined : now);
  const host = hostMaterial({ keepalivedConfig, version: true }, options);
  const [answers] = await Promise.all([
    collectDaemon(collection, options, host),
    collectKernel(collection, options),
    collectNode(collection, options, host),
  ]);
  await collection.run('check', async (metrics) => checkMetrics(await host, answers, options, metrics));
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
): Promise<DaemonAnswers> {
  const asking = { ...options, asked: PAGES.map((page) => daemonPage(page, options.query)) };
  const answers: DaemonAnswers = {};
  let lost = false;
  let asked = false;
  for (const page of PAGES) {
    if (lost) {
      collection.skip(page);
      continue;
    }
    const failure = await collection.run(page, async (metrics) => {
      const command = daemonPage(page, options.query);
      const text = await askDaemon(command, asking);
      answers[page] = { text, file: command.args.join(' ') };
      pageMetrics(page, text, await host, metrics);
    });
    if (failure) answers[page] ??= missingFor(failure);
    asked ||= failure?.code !== 'NOT_IN_BUNDLE';
    lost = failure !== undefined && isLasting(failure);
  }
  const answered = Object.values(answers).some((answer) => 'text' in answer && answer.text !== '');
  // A record that holds none of its pages does not say that it was down.
  if (asked) collection.metrics.add('conntrackd_up', answered && !lost ? 1 : 0);
  return answers;
}

async function collectNode(collection: Collection, options: SourceOptions, host: Promise<HostMaterial>): Promise<void> {
  const status = host.then(async (material) => (await statusOf({ ...material, ...NO_PAGES })).status);
  await collection.run('config', async (metrics) => infoMetrics(await status, metrics));
  await collection.run('role', async (metrics) => roleMetrics(await status, metrics));
  await collection.run('transition', async (metrics) => transitionMetrics(await status, metrics));
  await collectCommits(collection, options, await host);
}

/** Where the configuration can't be read, its own collector says why. */
async function collectCommits(collection: Collection, options: SourceOptions, host: HostMaterial): Promise<void> {
  const conf = configurationOf(host);
  if (conf === undefined) collection.skip('commit');
  else
    await collection.run('commit', async (metrics) => {
      if (logsCommits(conf)) await commitMetrics(options, metrics);
    });
}

const ELSEWHERE = { missing: 'read by another collector' };
/** The daemon's pages are collectors of their own, and no failures of this status. */
const NO_PAGES = { general: ELSEWHERE, runtime: ELSEWHERE, links: ELSEWHERE };
