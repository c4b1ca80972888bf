import ipaddr from 'ipaddr.js';
import { Failure, type FailureCode, type FailureReport } from '../../model/failure.js';
import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { DaemonPageName } from '../../model/daemon-pages.js';
import type { NodeObservation, NodeSample, UdpSocket } from '../../model/node-observation.js';
import { parseUdpSockets } from '../../parsers/udp-sockets.js';
import type { SourceOptions } from '../../sources/options.js';
import { daemonPage } from '../../sources/queries.js';
import { readFlowCounters } from '../conntrack-statistics.js';
import { askDaemon } from '../daemon.js';
import { namedLinks } from '../status/links.js';
import { parsePage } from '../statistics/pages.js';
import { kernelNumber } from '../kernel-number.js';
import { readProc } from '../proc.js';

/** A sample of this node, and why what it lacks could not be read. */
export interface Taken {
  sample: NodeSample;
  unread: Record<string, string>;
  /** Why the daemon, which was there before, is not any more. */
  daemonFailure?: FailureReport;
}

/** The pages that rules ask for; those behind the first two only where the daemon synchronises. */
const PAGES: readonly DaemonPageName[] = ['main', 'runtime', 'network', 'cache', 'link', 'queue'];
const OF_ANY_MODE = 2;

/** After these there is nobody to be asked for another page. */
export const GONE: readonly FailureCode[] = ['DAEMON_UNREACHABLE', 'TIMEOUT'];

/**
 * Reads once what a node is judged by: one page of the daemon after the other, since it answers one client at a time.
 *
 * @param answers whether the daemon is asked at all
 * @param known pages that were read a moment ago, and need not be asked for again
 */
export async function takeSample(
  { conf, interfaces }: Pick<NodeObservation, 'conf' | 'interfaces'>,
  answers: boolean,
  options: SourceOptions,
  known: NodeSample['pages'] = {},
): Promise<Taken> {
  const taken: Taken = { sample: { at: momentOf(options.place), pages: { ...known } }, unread: {} };
  // The kernel is asked beside the daemon.
  await Promise.all([
    answers ? readPages(taken, conf, options) : undefined,
    noting(taken, 'tracking', async () => {
      taken.sample.tracking = await readFlowCounters(options);
    }),
  ]);
  const { pages } = taken.sample;
  if (pages.link) pages.link = { ...pages.link, links: namedLinks(pages.link.links, conf, interfaces) };
  const flows = await kernelNumber('count', options.place);
  if (flows === undefined)
    taken.unread['flows'] = options.place.recorded ? NOT_KEPT : 'connection tracking is not loaded';
  else taken.sample.flows = flows;
  if (conf?.sync) {
    const sockets = await receivingSockets(conf, options);
    if (sockets === undefined) taken.unread['sockets'] = NOT_KEPT;
    else taken.sample.sockets = sockets;
  }
  return taken;
}

/** 0 where there is no other sample, and never will be. */
function momentOf({ readings, clock }: SourceOptions['place']): number {
  return readings === 1 ? 0 : clock.sinceBoot();
}

async function readPages(taken: Taken, conf: ConntrackdConf | undefined, options: SourceOptions): Promise<void> {
  const { query } = options;
  const syncs = conf === undefined || conf.sync !== undefined;
  const { sample } = taken;
  const names = (syncs ? PAGES : PAGES.slice(0, OF_ANY_MODE)).filter((name) => !(name in sample.pages));
  const asking = { ...options, asked: names.map((name) => daemonPage(name, query)) };
  for (const name of names) {
    const failure = await noting(taken, name, async () => {
      Object.assign(sample.pages, parsePage(name, await askDaemon(daemonPage(name, query), asking)));
    });
    if (failure === undefined || failure.code === 'NOT_IN_BUNDLE') continue;
    if (name !== 'main' && !GONE.includes(failure.code)) continue;
    taken.daemonFailure = failure.report();
    return;
  }
  // The page of the resend queue lists every message that is in it: the number alone is here.
  const resendQueue = sample.pages.queue?.queues.find(({ name }) => name === 'rsqueue');
  if (resendQueue) sample.unacknowledged = resendQueue.elements;
}

/** Reads a part; that it fails never keeps the rest from being read. Gives the failure. */
async function noting({ unread }: Taken, part: string, read: () => Promise<void>): Promise<Failure | undefined> {
  try {
    await read();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
    unread[part] = error.message.replace(/\.$/, '');
    return error;
  }
}

const NOT_KEPT = 'it was not recorded';

const ANY_ADDRESS = ['0.0.0.0', '0:0:0:0:0:0:0:0'];

/**
 * The UDP sockets of the dedicated links, by address and port; empty where these are TCP connections. Undefined where a
 * record does not hold the sockets at all.
 */
async function receivingSockets({ sync }: ConntrackdConf, { place }: SourceOptions): Promise<UdpSocket[] | undefined> {
  const links = sync?.links ?? [];
  const ports = new Set(links.map(({ group, port }) => group ?? port));
  const addresses = new Set([...ANY_ADDRESS, ...links.flatMap(({ address }) => inFull(address))]);
  const pages = await Promise.all(['net/udp', 'net/udp6'].map((page) => readProc(page, place)));
  if (place.recorded && pages.every((page) => page === undefined)) return undefined;
  return pages
    .flatMap((page) => parseUdpSockets(page ?? ''))
    .filter(({ address, port }) => ports.has(port) && addresses.has(address));
}

/** As {@link parseUdpSockets} writes it. */
function inFull(address: string | undefined): string[] {
  return address !== undefined && ipaddr.isValid(address) ? [ipaddr.parse(address).toNormalizedString()] : [];
}
