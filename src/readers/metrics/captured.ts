import { join } from 'node:path';
import { Failure } from '../../model/failure.js';
import type { Follow } from '../../model/flow-stream.js';
import { exists } from '../../sources/files.js';
import type { SourceOptions } from '../../sources/options.js';
import { NOT_CAPTURED, readPage, refuseOthers } from '../captured-folder.js';
import { readConntrackStatistics } from '../conntrack-statistics.js';
import { readFlowCount } from '../flow-count.js';
import { inCapture } from '../in-capture.js';
import { memberOf } from '../statistics/captured-folder.js';
import { capturedHost } from '../status/captured.js';
import type { Surroundings } from '../status/links-around.js';
import type { Missing } from '../status/material.js';
import { statusOf } from '../status/sync-status.js';
import { type Collect, Collection } from './collection.js';
import { type MetricPage, pageMetrics, PAGES } from './daemon-pages.js';
import { commitMetrics } from './of-commits.js';
import { flowMetrics } from './of-flows.js';
import { counterMetrics, tableMetrics } from './of-kernel.js';
import { infoMetrics, transitionMetrics } from './of-pair.js';

/** What may be in a capture: `sysctl net.netfilter`, `conntrack -S`, `conntrack -L`, and the daemon's log. */
const FILES = {
  table: 'sysctl.txt',
  counters: 'conntrack-S.txt',
  flows: 'table.txt',
  commit: 'conntrackd.log',
} as const;
/** What may stand there of the host, in the words of a captured status. */
const HOST = ['conntrackd.conf', 'keepalived.conf', 'failover-state'];

const NAMES = [...Object.values(FILES), ...HOST, ...PAGES.map((page) => memberOf(page).name)];
const WANTED = `Captured metrics are a folder with any of ${NAMES.join(', ')}.`;

/**
 * Metrics from a folder of captured files: those whose files are in it. No time is among them that is ours.
 *
 * @throws Failure CAPTURE_UNREADABLE where there is no such folder, BAD_CAPTURE where none of the files is in it
 */
export async function collectCaptured(
  folder: string,
  options: SourceOptions,
  flows: Follow | undefined,
): Promise<Collection> {
  await refuseOthers(folder, 'Captured metrics', WANTED);
  const collection = new Collection();
  const ofFile = async (collector: keyof typeof FILES, collect: (from: SourceOptions) => Collect): Promise<void> => {
    const from = join(folder, FILES[collector]);
    if (await exists(from)) await collection.run(collector, collect({ ...options, from }));
  };
  await ofFile('table', (from) => async (metrics) => tableMetrics((await readFlowCount(from)).count, metrics));
  await ofFile(
    'counters',
    (from) => async (metrics) => counterMetrics((await readConntrackStatistics(from)).statistics, metrics),
  );
  if (flows) await ofFile('flows', (from) => (metrics) => flowMetrics(from, flows, metrics));
  await collectHost(collection, folder);
  await ofFile('commit', (from) => (metrics) => commitMetrics(from, metrics));
  if (collection.isEmpty) {
    throw new Failure('BAD_CAPTURE', `${folder} holds none of the files of captured metrics.`, { next: WANTED });
  }
  return collection;
}

async function collectHost(collection: Collection, folder: string): Promise<void> {
  const host = capturedHost(folder);
  for (const page of PAGES) await collectPage(collection, folder, page, host);
  const { status } = await statusOf({ ...host, general: NOT_CAPTURED, runtime: NOT_CAPTURED, links: NOT_CAPTURED });
  if (host.daemonConfig !== NOT_CAPTURED) await collection.run('config', (metrics) => infoMetrics(status, metrics));
  if (host.failoverState !== 'none')
    await collection.run('transition', (metrics) => transitionMetrics(status, metrics));
}

async function collectPage(
  collection: Collection,
  folder: string,
  page: MetricPage,
  around: Surroundings,
): Promise<void> {
  const material = readPage(folder, memberOf(page));
  if (material === NOT_CAPTURED) return;
  const failure = await collection.run(page, (metrics) => {
    if ('missing' in material) throw notReadable(folder, material);
    inCapture(material.file, memberOf(page).kind, () => pageMetrics(page, material.text, around, metrics));
  });
  // Whoever has said that has answered.
  if (page === 'runtime') collection.metrics.add('conntrackd_up', failure ? undefined : 1);
}

function notReadable(folder: string, { missing, code = 'BAD_CAPTURE', next }: Missing): Failure {
  return new Failure(code, `A page can not be read from the capture ${folder}: ${missing}.`, next ? { next } : {});
}
