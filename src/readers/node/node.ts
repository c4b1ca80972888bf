import type { FailureReport } from '../../model/failure.js';
import type { Health } from '../../model/health.js';
import type { NodeObservation, NodeSample } from '../../model/node-observation.js';
import type { SyncStatus } from '../../model/sync-status.js';
import { now, sinceBoot } from '../../sources/clock.js';
import { lastChange } from '../../sources/files.js';
import type { SourceOptions } from '../../sources/options.js';
import { healthOf } from '../../sync/health.js';
import { heardPackets, modeOf, SILENCE_MS } from '../../sync/health/links.js';
import { waitBetween, type Waiting } from '../between-readings.js';
import type { NodeBasis } from '../status/basis.js';
import { readSyncStatus } from '../status/sync-status.js';
import { kernelNumber } from '../kernel-number.js';
import { otherConntrackds } from './strangers.js';
import { recentLog } from './recent-log.js';
import { GONE, takeSample, type Taken } from './sample.js';

/** Whether a node is looked at twice, and how that is followed. */
export interface Sampling {
  /** Milliseconds between the samples; absent where one is enough. */
  wait?: number;
  /** Not waited where the daemon is down or hangs: what a second sample could tell makes that no worse. */
  unlessGone?: boolean;
  /** A sample that was taken earlier, since the machine was started: then one more is enough. */
  before?: NodeSample;
  /** Shows that it is waited. */
  waiting: Waiting;
}

/** How a node is asked for. */
export interface NodeQuestion {
  keepalivedConfig: string | undefined;
  sampling: Sampling;
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
  { keepalivedConfig, sampling }: NodeQuestion,
  options: SourceOptions,
): Promise<NodeReading> {
  const { status, basis } = await readSyncStatus(keepalivedConfig, options);
  const node = options.from === undefined ? await observe(basis, sampling, options) : captured(basis);
  return { status, health: healthOf(node), node };
}

/** The kernel's table alone, whatever conntrackd does. */
export async function observeKernel(sampling: Sampling, options: SourceOptions): Promise<NodeObservation> {
  const sample = (): Promise<Taken> => takeSample({}, false, options);
  return sampled({ confFile: '', unread: {}, ...kernelFacts() }, sample, sampling, options);
}

/** This node by pages that its daemon has given already: one sample, without a further question to it. */
export async function observeOnce(
  basis: NodeBasis,
  pages: NodeSample['pages'],
  options: SourceOptions,
): Promise<NodeObservation> {
  const flows = kernelNumber('count');
  const sample = { at: sinceBoot(), pages, ...(flows === undefined ? {} : { flows }) };
  return observed(await knownOf(basis, options), { sample, unread: {} }, ONE_SAMPLE);
}

async function observe(basis: NodeBasis, sampling: Sampling, options: SourceOptions): Promise<NodeObservation> {
  const known = await knownOf(basis, options);
  const answers = known.daemonFailure === undefined;
  const sample = (): Promise<Taken> =>
    takeSample(basis, answers, options, sampling.wait === undefined ? basis.pages : {});
  return sampled(known, sample, sampling, options);
}

/** What is read once, whatever is sampled. */
async function knownOf(basis: NodeBasis, options: SourceOptions): Promise<Known> {
  const { pages: _, daemon: __, ...told } = basis;
  const daemonFailure = failureOf(basis);
  const readAt = now();
  const { reason, ...log } = await recentLog(told, readAt, options);
  return {
    ...told,
    unread: { ...told.unread, ...(reason === undefined ? {} : { log: reason }) },
    readAt,
    ...log,
    ...kernelFacts(),
    ...hostFacts(basis),
    ...(daemonFailure ? { daemonFailure } : {}),
  };
}

/** A node by what was captured of it: one sample, and nothing of the host. */
function captured({ pages, daemon: _, ...told }: NodeBasis): NodeObservation {
  const unread = { ...NOT_CAPTURED, ...told.unread };
  return observed({ ...told, unread }, { sample: { at: 0, pages }, unread: {} }, 'a capture is one sample');
}

/** Takes as many samples as are wanted, and a last one where the peer has been silent for less than that tells. */
async function sampled(
  known: Known,
  sample: () => Promise<Taken>,
  sampling: Sampling,
  options: SourceOptions,
): Promise<NodeObservation> {
  const first = await sample();
  const failure = known.daemonFailure ?? first.daemonFailure;
  const enough = sampling.unlessGone && failure !== undefined && GONE.includes(failure.code);
  if (sampling.wait === undefined || enough) return observed(known, first, sampling.before ?? ONE_SAMPLE);
  await waitBetween(sampling.wait, options.abort, sampling.waiting);
  const second = await sample();
  const rest = silentSoFar(known, first.sample, second.sample);
  if (rest <= 0) return observed(known, second, first.sample);
  await waitBetween(rest, options.abort, sampling.waiting);
  return observed(known, await sample(), first.sample);
}

const ONE_SAMPLE = 'one sample is no rate';
const NOT_IN_CAPTURE = 'not in the capture';
const NOT_CAPTURED = Object.fromEntries(
  [
    'cache',
    'network',
    'queue',
    'sockets',
    'tracking',
    'flows',
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
    unread: { accepted: NOT_COMPARED, ...known.unread, ...unread, ...why },
  };
}

const NOT_COMPARED = 'the cache and the table are not read for a status';

function failureOf({ daemon }: NodeBasis): FailureReport | undefined {
  if (daemon?.code === undefined) return undefined;
  const { code, missing, next } = daemon;
  return { code, message: `${missing}.`, ...(next === undefined ? {} : { next }) };
}

function kernelFacts(): Pick<NodeObservation, 'limit' | 'accounting' | 'timestamps'> {
  const limit = kernelNumber('max');
  const accounting = kernelNumber('acct');
  const timestamps = kernelNumber('timestamp');
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(accounting === undefined ? {} : { accounting: accounting !== 0 }),
    ...(timestamps === undefined ? {} : { timestamps: timestamps !== 0 }),
  };
}

function hostFacts({ confFile }: NodeBasis): Pick<NodeObservation, 'confChanged' | 'strangers'> {
  const confChanged = lastChange(confFile);
  return { ...(confChanged ? { confChanged } : {}), strangers: otherConntrackds() };
}

/** How long the peer must still be waited for before its silence means something; 0 where it has been heard. */
function silentSoFar(known: Known, before: NodeSample, now: NodeSample): number {
  const [was, is] = [heardPackets(before), heardPackets(now)];
  if (was === undefined || is === undefined || was !== is || modeOf(known) === 'alarm') return 0;
  return SILENCE_MS - (now.at - before.at);
}
