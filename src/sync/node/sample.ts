import { Failure } from '../../model/failure.js';
import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { NodeSample, UdpSocket } from '../../model/node-observation.js';
import { parseCachePage } from '../../parsers/cache-page.js';
import { parseLinks } from '../../parsers/links.js';
import { parseNetworkPage } from '../../parsers/network-page.js';
import { parseQueuePage } from '../../parsers/queue-page.js';
import { parseResendQueue } from '../../parsers/resend-queue.js';
import { parseRuntime } from '../../parsers/runtime.js';
import { parseTableStatistics } from '../../parsers/statistics.js';
import { parseUdpSockets } from '../../parsers/udp-sockets.js';
import type { SourceOptions } from '../../sources/options.js';
import { readProc } from '../../sources/processes.js';
import { pageOf } from '../../sources/queries.js';
import { readConntrackStatistics } from '../../readers/conntrack-statistics.js';
import { askDaemon } from '../../readers/daemon.js';
import { kernelNumber } from './kernel.js';

/** A sample of this node, and why what it lacks could not be read. */
export interface Taken {
  sample: NodeSample;
  unread: Record<string, string>;
}

/** The pages that rules ask for, each with its parser; those without links only where the daemon synchronises. */
const PAGES = {
  main: parseTableStatistics,
  runtime: parseRuntime,
  network: parseNetworkPage,
  cache: parseCachePage,
  link: parseLinks,
  queue: parseQueuePage,
} as const;

type PageName = keyof typeof PAGES;
const ALWAYS: readonly PageName[] = ['main', 'runtime'];

/**
 * Reads once what a node is judged by: one page of the daemon after the other, since it answers one client at a time.
 *
 * @param answers whether the daemon is asked at all
 */
export async function takeSample(
  conf: ConntrackdConf | undefined,
  answers: boolean,
  options: SourceOptions,
): Promise<Taken> {
  const taken: Taken = { sample: { at: sinceStart(), pages: {} }, unread: {} };
  if (answers) await readPages(taken, conf, options);
  await noting(taken, 'tracking', async () => {
    const { statistics } = await readConntrackStatistics(options);
    taken.sample.tracking = statistics.total;
  });
  const flows = kernelNumber('count');
  if (flows === undefined) taken.unread['flows'] = 'connection tracking is not loaded';
  else taken.sample.flows = flows;
  if (conf?.sync) taken.sample.sockets = await receivingSockets(conf);
  return taken;
}

/** Milliseconds of the clock that runs from the start of the machine: other processes have the same. */
function sinceStart(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}

async function readPages(taken: Taken, conf: ConntrackdConf | undefined, options: SourceOptions): Promise<void> {
  const { query } = options;
  const syncs = conf === undefined || conf.sync !== undefined;
  const names = (Object.keys(PAGES) as PageName[]).filter((name) => syncs || ALWAYS.includes(name));
  const asking = { ...options, asked: names.map((name) => pageOf(name, query)) };
  const { sample } = taken;
  for (const name of names) {
    await noting(taken, name, async () => {
      const page = PAGES[name](await askDaemon(pageOf(name, query), asking));
      Object.assign(sample.pages, { [name]: page });
    });
  }
  if ((conf?.sync?.mode ?? 'ftfw') !== 'ftfw' || !syncs) return;
  await noting(taken, 'rsqueue', async () => {
    sample.unacknowledged = parseResendQueue(await askDaemon(pageOf('rsqueue', query), asking)).length;
  });
}

/** Reads a part; that it fails never keeps the rest from being read. */
async function noting({ unread }: Taken, part: string, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
    unread[part] = error.message.replace(/\.$/, '');
  }
}

/** The UDP sockets on the ports of the dedicated links; empty where these are TCP connections. */
async function receivingSockets({ sync }: ConntrackdConf): Promise<UdpSocket[]> {
  const ports = new Set(sync?.links.map(({ group, port }) => group ?? port));
  const pages = await Promise.all(['net/udp', 'net/udp6'].map((page) => readProc(page)));
  return pages.flatMap((page) => parseUdpSockets(page ?? '')).filter(({ port }) => ports.has(port));
}
