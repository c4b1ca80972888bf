import type { BundleNode, BundleVersions } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import { waitBetween } from '../../readers/between-readings.js';
import { readProc } from '../../readers/proc.js';
import { NOT_LOADED, trackingLoaded } from '../../readers/tracking-loaded.js';
import { now } from '../../sources/clock.js';
import type { SourceOptions } from '../../sources/options.js';
import type { TextCleaner } from '../clean/text-cleaner.js';
import { Collected, lostItem, type OnItem } from './collected.js';
import type { Keeping } from './item.js';
import { wantedOnce } from './once.js';
import { RecordingPlace } from './recording-place.js';
import { survey, versionsAt } from './survey.js';
import { type CollectQuestion, countersOf, loadsTracking, type Wanted } from './wanted.js';

/** What rises slowly is seen only across so long. */
const BETWEEN_MS = 10_000;

const BOOT_ID = /^[\w-]{1,64}\s*$/;
/** What another host says of itself is not to spoil the manifest. */
const LONGEST_WORD = 250;

/** What a node is judged by, as a JSON document. */
export type Judge = (options: SourceOptions) => Promise<string>;

/** What is done with a node beside keeping what it says. */
export interface Collecting {
  judge: Judge;
  onItem: OnItem;
  /** Our own version. */
  tool: string;
}

/**
 * Collects all that a node has to say. What can't be had is listed with its reason, and keeps nothing else from being had; a
 * conntrackd that hangs costs its deadline once.
 *
 * @throws Failure OUTPUT_FAILED, INTERRUPTED
 */
export async function collectNode(
  question: CollectQuestion,
  keeping: Keeping,
  source: SourceOptions,
  { judge, onItem, tool }: Collecting,
): Promise<BundleNode> {
  const place = new RecordingPlace(source.place);
  const options = { ...source, place };
  const began = now();
  const node = new Collected(keeping, options, onItem);
  const boot = await readProc('sys/kernel/random/boot_id', place).catch(unlessOfHost);
  const versions: BundleVersions = {};
  try {
    const tracks = await trackingLoaded(place);
    await allOf(node, countersOf(options, 1), tracks);
    const counted = performance.now();
    await allOf(node, await wantedOnce(question, options), tracks);
    await node.document('findings.json', () => judge(options));
    await survey(options);
    Object.assign(versions, await versionsAt(options));
    const rest = Math.max(BETWEEN_MS - (performance.now() - counted), 0);
    await waitBetween(rest, options, () => () => undefined);
    await allOf(node, countersOf(options, 2), tracks);
  } catch (error) {
    // A host that can't be reached any more leaves what it has said until then.
    if (!isOfHost(error)) throw error;
    node.lose('the-rest', error);
  }
  await keepRecorded(node, place);
  return {
    name: keeping.node,
    host: place.hostName.slice(0, LONGEST_WORD),
    kernel: place.kernelRelease.slice(0, LONGEST_WORD),
    ...(boot !== undefined && BOOT_ID.test(boot) ? { boot_id: boot.trim() } : {}),
    collected_at: began.toISOString(),
    versions: { ctsync: tool, ...versions },
    items: node.items,
  };
}

/**
 * A node that could not even be reached.
 *
 * @param host as the operator named it; undefined where names are to be hidden
 */
export function lostNode(name: string, host: string | undefined, failure: Failure, cleaner: TextCleaner): BundleNode {
  const told = host === undefined ? new Failure(failure.code, 'The other node can not be reached with ssh.') : failure;
  return {
    name,
    host: (host ?? name).slice(0, LONGEST_WORD),
    collected_at: now().toISOString(),
    versions: {},
    items: [lostItem('the-whole', told, cleaner)],
  };
}

function unlessOfHost(error: unknown): undefined {
  if (!isOfHost(error)) throw error;
  return undefined;
}

/** Failures of the way to a host, and not of ours. */
function isOfHost(error: unknown): error is Failure {
  return error instanceof Failure && !['INTERRUPTED', 'OUTPUT_FAILED', 'INTERNAL'].includes(error.code);
}

/** Where connection tracking is not loaded, conntrack would load it: looking changes nothing. */
async function allOf(node: Collected, wanted: readonly Wanted[], tracks: boolean): Promise<void> {
  await node.all(wanted.filter((each) => tracks || !loadsTracking(each)));
  if (!tracks) node.leave(wanted.filter(loadsTracking), new Failure('TOOL_FAILED', NOT_LOADED));
}

/** The files that views of the node read, and what else they asked. */
async function keepRecorded(node: Collected, place: RecordingPlace): Promise<void> {
  const paths = new Set(node.items.flatMap(({ path, sha256 }) => (sha256 === undefined ? [] : (path ?? []))));
  for (const [path, bytes] of place.texts) if (!paths.has(path)) await node.file(path, bytes);
  await node.document('host/facts.json', () => Promise.resolve(`${JSON.stringify(place.document(), null, 1)}\n`));
}
