import { type BundleManifest, type BundleNode, lacksNothing } from '../../model/bundle.js';
import type { Failure } from '../../model/failure.js';
import { askTool } from '../../sources/process.js';
import { now } from '../../sources/clock.js';
import type { SourceOptions } from '../../sources/options.js';
import type { Place } from '../../sources/place.js';
import type { BundleWriter } from '../archive/write.js';
import { TextCleaner } from '../clean/text-cleaner.js';
import { cleanedText } from './item.js';
import type { OnItem } from './collected.js';
import { collectNode, type Judge, lostNode } from './node.js';
import type { CollectQuestion } from './wanted.js';

/** What is wanted of a bundle. */
export interface BundleQuestion extends CollectQuestion {
  maxBytes: number;
  maxRows: number;
  /** 32 bytes, where addresses and names are to be hidden. */
  key?: Uint8Array | undefined;
  judge: Judge;
  onItem: (node: string, name: string) => void;
  /** The other node, where it could not be reached. */
  lost?: { host: string; failure: Failure } | undefined;
  /** Our own version. */
  tool: string;
}

/**
 * Collects what one node has to say, or both nodes of a pair side by side, and writes it as one bundle.
 *
 * @param nodes this node first
 * @returns the manifest
 * @throws Failure OUTPUT_FAILED, INTERRUPTED; there is no bundle then
 */
export async function collectBundle(
  nodes: readonly SourceOptions[],
  question: BundleQuestion,
  writer: BundleWriter,
): Promise<BundleManifest> {
  const created = now();
  const cleaner = await cleanerFor(nodes, question.key);
  const names = namesOf(nodes, question.key !== undefined);
  const offsets = await Promise.all(nodes.map(async (options, i) => (i === 0 ? undefined : offsetOf(options))));
  const collected = await Promise.all(
    nodes.map(async (options, i): Promise<BundleNode> => {
      const node = names[i]!;
      const { maxBytes, maxRows, key } = question;
      const keeping = { writer, node, maxBytes, maxRows, cleaner, cleansRows: key !== undefined };
      const onItem: OnItem = (name) => question.onItem(node, name);
      const found = await collectNode(question, keeping, options, { ...question, onItem });
      const offset = offsets[i];
      return {
        ...found,
        host: cleanedText(found.host, cleaner),
        ...(offset === undefined ? {} : { clock_offset_ms: offset }),
      };
    }),
  );
  const hidden = question.key !== undefined;
  const lost =
    question.lost &&
    lostNode(
      names.includes('node2') ? 'the-other' : 'node2',
      hidden ? undefined : question.lost.host,
      question.lost.failure,
      cleaner,
    );
  const manifest: BundleManifest = {
    schema: 'ctsync/bundle/1',
    created_at: created.toISOString(),
    tool: { name: 'ctsync', version: question.tool },
    complete: lost === undefined && lacksNothing(collected),
    cleaned: { ...cleaner.counts },
    nodes: lost === undefined ? collected : [...collected, lost],
  };
  await writer.finish(manifest);
  return manifest;
}

/** Users of a machine begin with this number; those below are of the system. */
const FIRST_USER = 1000;
const NOBODY = 65_534;

async function cleanerFor(nodes: readonly SourceOptions[], key: Uint8Array | undefined): Promise<TextCleaner> {
  if (key === undefined) return new TextCleaner();
  const users = await Promise.all(nodes.map(({ place }) => usersOf(place)));
  return new TextCleaner({
    key,
    hosts: nodes.flatMap(({ place }) => [place.hostName, ...reachedBy(place)]),
    users: users.flat(),
  });
}

/** The name in `user@fw2:2222`: it stands in sentences about the way there. An address is hidden as such. */
function reachedBy({ name = '' }: Place): string[] {
  const host = name.replace(/^.*@/, '').replace(/:\d+$/, '');
  return /^[\w.-]*[a-z][\w.-]*$/i.test(host) ? [host] : [];
}

async function usersOf(place: Place): Promise<string[]> {
  const read = await place.readFile('/etc/passwd');
  const lines = 'text' in read ? read.text.split('\n') : [];
  const users = lines.flatMap((line) => {
    const [name = '', , uid = ''] = line.split(':');
    return Number(uid) >= FIRST_USER && Number(uid) !== NOBODY ? [name] : [];
  });
  return place.userName === 'root' ? users : [...users, place.userName];
}

/** Folders in the archive: the hosts' own names, unless these are hidden or the same. */
function namesOf(nodes: readonly SourceOptions[], hidden: boolean): string[] {
  const names = nodes.map(({ place }) => (place.hostName.split('.')[0] ?? '').replace(/[^\w-]/g, '').slice(0, 60));
  const usable = !hidden && names.every((name) => /^\w/.test(name)) && new Set(names).size === names.length;
  return usable ? names : nodes.map((_, i) => `node${i + 1}`);
}

/** How far the clock of a node is ahead of ours, to a second or better; undefined where it does not tell. */
async function offsetOf({ place, abort }: SourceOptions): Promise<number | undefined> {
  const before = now().getTime();
  const { stdout } = await askTool(place.command({ tool: 'date', args: ['+%s%3N'], silenceMs: 10_000 }), abort);
  const there = Number(stdout.toString('latin1').trim());
  return Number.isInteger(there) && there > 1e12 ? Math.round(there - (before + now().getTime()) / 2) : undefined;
}
