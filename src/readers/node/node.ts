import type { DaemonSign } from '../../model/daemon-sign.js';
import { Failure, type FailureReport } from '../../model/failure.js';
import type { Health } from '../../model/health.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { SyncStatus } from '../../model/sync-status.js';
import type { SourceOptions } from '../../sources/options.js';
import { healthOf } from '../../sync/health.js';
import { waitBetween, type Waiting } from '../between-readings.js';
import type { NodeBasis } from '../status/basis.js';
import type { StatusQuestion } from '../status/live.js';
import { readSyncStatus } from '../status/sync-status.js';
import { kernelNumber } from '../kernel-number.js';
import { processSign } from '../process-sign.js';
import { comparedWithin } from './compared-node.js';
import { type Compared, compareCache, type Comparing } from './comparison.js';
import { otherConntrackds } from './strangers.js';
import { recentLog } from './recent-log.js';
import { GONE, takeSample, type Taken } from './sample.js';
import { untilConfirmed } from './until-confirmed.js';

/** Milliseconds between the two samples that rates are judged by, where nobody says otherwise. */
export const SAMPLE_MS = 3000;

/** Whether a node is looked at twice, and how that is followed. */
export interface Sampling {
  /** Milliseconds between the samples; absent where one is enough. */
  wait?: number;
  /** Not waited where the daemon is down or hangs: what a second sample could tell makes that no worse. */
  unlessGone?: boolean;
  /** Shows that it is waited. */
  waiting: Waiting;
}

/** How a node is asked for. */
export interface NodeQuestion extends StatusQuestion {
  sampling: Sampling;
  comparing: Comparing;
}

/** What a node is and does, and how it is judged. */
export interface NodeReading {
  status: SyncStatus;
  health: Health;
  /** By what. */
  node: NodeObservation;
}

/** This node, live or from a folder of captured files. */
export async function readNode(
  { sampling, comparing, ...question }: NodeQuestion,
  options: SourceOptions,
): Promise<NodeReading> {
  if (options.from !== undefined && comparing.when === 'asked') {
    throw new Failure('USAGE', '--compare-cache asks for dumps, and a folder of captured files has none.', {
      next: 'Leave it out, or give a support bundle.',
    });
  }
  const { status, basis } = await readSyncStatus(question, options);
  const node = options.from === undefined ? await observe(basis, sampling, comparing, options) : captured(basis);
  return { status, health: healthOf(node), node };
}

/** The kernel's table alone, whatever conntrackd does. */
export async function observeKernel(sampling: Sampling, options: SourceOptions): Promise<NodeObservation> {
  const sample = (): Promise<Taken> => takeSample({}, false, options);
  const compare = (): Promise<Compared> => Promise.resolve({});
  return sampled(
    { confFile: '', unread: {}, ...(await kernelFacts(options)) },
    { pages: {}, sample, compare },
    sampling,
    options,
  );
}

/** This node by pages that its daemon has given already: one sample, without a further question to it. */
export async function observeOnce(
  basis: NodeBasis,
  pages: NodeSample['pages'],
  options: SourceOptions,
): Promise<NodeObservation> {
  const flows = await kernelNumber('count', options.place);
  const sample = { at: options.place.clock.sinceBoot(), pages, ...(flows === undefined ? {} : { flows }) };
  return observed(await knownOf(basis, options), { sample, unread: {} }, ONE_SAMPLE);
}

async function observe(
  basis: NodeBasis,
  sampling: Sampling,
  comparing: Comparing,
  options: SourceOptions,
): Promise<NodeObservation> {
  const known = {
    ...(await knownOf(basis, options)),
    ...(comparing.when === 'asked' ? { comparisonAsked: true as const } : {}),
  };
  const answers = known.daemonFailure === undefined;
  const sample = (pages?: NodeSample['pages']): Promise<Taken> => takeSample(basis, answers, options, pages);
  const compare = ({ sample: first }: Taken): Promise<Compared> =>
    compareCache({ ...known, now: first }, comparing, sampling.waiting, options);
  // Asked for on either side of the samples: a restart between a sign and its sample is then seen, too.
  const sign = (): Promise<Pick<DaemonSign, 'process'>> =>
    sampling.wait === undefined ? Promise.resolve({}) : processSign(options);
  const signBefore = await sign();
  const node = await sampled(known, { pages: basis.pages, sample, compare }, sampling, options);
  return comparedWithin(node, signBefore, await sign());
}

/** What is read once, whatever is sampled. */
async function knownOf(basis: NodeBasis, options: SourceOptions): Promise<Known> {
  const { pages: _, daemon: __, ...told } = basis;
  const daemonFailure = failureOf(basis) ?? unrecordedDaemon(basis, options);
  const readAt = options.place.clock.now();
  const { reason, ...log } = await recentLog(told, readAt, options);
  const { unread, ...host } = await hostFacts(basis, options);
  return {
    ...told,
    unread: { ...told.unread, ...unread, ...(reason === undefined ? {} : { log: reason }) },
    readAt,
    ...log,
    ...(await kernelFacts(options)),
    ...host,
    ...(daemonFailure ? { daemonFailure } : {}),
  };
}

/** A node by what was captured of it: one sample, and nothing of the host. */
function captured({ pages, daemon: _, ...told }: NodeBasis): NodeObservation {
  const unread = { ...NOT_CAPTURED, ...told.unread };
  return observed({ ...told, unread }, { sample: { at: 0, pages }, unread: {} }, 'a capture is one sample');
}

/** What is read of a node at one moment, and what takes longer. */
interface Look {
  /** Pages that were read a moment ago: where one sample is enough, they need not be asked for again. */
  pages: NodeSample['pages'];
  sample: (pages?: NodeSample['pages']) => Promise<Taken>;
  compare: (first: Taken) => Promise<Compared>;
}

/** Takes as many samples as are wanted. The cache is compared while it is waited for the second one. */
async function sampled(
  node: Known,
  { pages, sample, compare }: Look,
  { wait, unlessGone, waiting }: Sampling,
  options: SourceOptions,
): Promise<NodeObservation> {
  const { clock, readings } = options.place;
  const isOne = wait === undefined || readings === 1;
  const first = await sample(isOne ? pages : {});
  const began = clock.sinceBoot();
  const { reason, ...compared } = await compare(first);
  const unread = { ...node.unread, ...(reason === undefined ? {} : { accepted: reason }) };
  const known = { ...node, ...compared, unread };
  const waitFor = (time: number): Promise<void> => waitBetween(time, options, waiting);
  const failure = known.daemonFailure ?? first.daemonFailure;
  const enough = unlessGone && failure !== undefined && GONE.includes(failure.code);
  if (isOne || enough) return observed(known, first, readings === 1 ? READ_ONCE : ONE_SAMPLE);
  await waitFor(Math.max(wait - (clock.sinceBoot() - began), 0));
  const seen = { node: observed(known, await sample(), first.sample) };
  const again = async ({ node: { now: between } }: typeof seen): Promise<typeof seen> => ({
    node: observed({ ...known, between }, await sample(), first.sample),
  });
  return (await untilConfirmed(seen, again, waitFor)).node;
}

const ONE_SAMPLE = 'one sample is no rate';
const READ_ONCE = 'its counters were read once, and one sample is no rate';
const NOT_IN_CAPTURE = 'not in the capture';
const NOT_CAPTURED = Object.fromEntries(
  [
    'cache',
    'network',
    'queue',
    'sockets',
    'tracking',
    'flows',
    'accepted',
    'confChanged',
    'strangers',
    'accounting',
    'timestamps',
    'log',
  ].map((field) => [field, NOT_IN_CAPTURE]),
);

type Known = Omit<NodeObservation, 'before' | 'now'>;

/** @param before the earlier sample, or why there is none */
function observed(
  known: Known,
  { sample, unread, daemonFailure }: Taken,
  before: NodeSample | string,
): NodeObservation {
  const why = typeof before === 'string' ? { before } : {};
  return {
    ...known,
    ...(daemonFailure ? { daemonFailure } : {}),
    now: sample,
    ...(typeof before === 'string' ? {} : { before }),
    unread: { ...known.unread, ...unread, ...why },
  };
}

function failureOf({ daemon }: NodeBasis): FailureReport | undefined {
  if (daemon?.code === undefined) return undefined;
  const { code, missing, next, toolSays } = daemon;
  return {
    code,
    message: `${missing}.`,
    ...(toolSays === undefined ? {} : { tool_says: toolSays }),
    ...(next === undefined ? {} : { next }),
  };
}

/** A record without any page of conntrackd says neither that it is well nor that it is not. */
function unrecordedDaemon({ pages }: NodeBasis, { place }: SourceOptions): FailureReport | undefined {
  if (!place.recorded || Object.keys(pages).length > 0) return undefined;
  return {
    code: 'NOT_IN_BUNDLE',
    message: `${place.name} says nothing of conntrackd.`,
    next: 'Look at it on the host itself.',
  };
}

async function kernelFacts({
  place,
}: SourceOptions): Promise<Pick<NodeObservation, 'limit' | 'accounting' | 'timestamps'>> {
  const [limit, accounting, timestamps] = await Promise.all([
    kernelNumber('max', place),
    kernelNumber('acct', place),
    kernelNumber('timestamp', place),
  ]);
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(accounting === undefined ? {} : { accounting: accounting !== 0 }),
    ...(timestamps === undefined ? {} : { timestamps: timestamps !== 0 }),
  };
}

async function hostFacts(
  { confFile }: NodeBasis,
  { place }: SourceOptions,
): Promise<Pick<NodeObservation, 'confChanged' | 'strangers'> & { unread: Record<string, string> }> {
  const unread: Record<string, string> = {};
  /** A record need not say anything of it. */
  const unlessUntold = (part: string) => (error: unknown) => {
    if (!(error instanceof Failure) || error.code !== 'NOT_IN_BUNDLE') throw error;
    unread[part] = error.message.replace(/\.$/, '');
  };
  const [conf, strangers] = await Promise.all([
    place.look(confFile).catch(unlessUntold('confChanged')),
    otherConntrackds(place).catch(unlessUntold('strangers')),
  ]);
  return {
    ...(conf && 'written' in conf ? { confChanged: conf.written } : {}),
    ...(strangers ? { strangers } : {}),
    unread,
  };
}
