import type { BundleItem, BundleNode, BundleVersions } from '../../model/bundle.js';
import type { Failure } from '../../model/failure.js';
import { waitBetween } from '../../readers/between-readings.js';
import { placeOfLog } from '../../readers/daemon-log/place.js';
import { isLasting } from '../../readers/statistics/live.js';
import { readProc } from '../../readers/proc.js';
import { now } from '../../sources/clock.js';
import type { SourceOptions } from '../../sources/options.js';
import { keep, type Keeping, unasked } from './item.js';
import { type CollectQuestion, countersOf, logFile, onceFrom, type Wanted } from './wanted.js';

/** What rises slowly is seen only across so long. */
const BETWEEN_MS = 10_000;

/** What is told while it is collected. */
export type OnItem = (name: string) => void;

/** What a node is judged by, as a JSON document. */
export type Judge = (options: SourceOptions) => Promise<string>;

/**
 * Collects all that a node has to say. What can't be had is listed with its reason, and keeps nothing else from being had; a
 * conntrackd that hangs costs its deadline once.
 *
 * @throws Failure OUTPUT_FAILED, INTERRUPTED
 */
export async function collectNode(
  question: CollectQuestion,
  keeping: Keeping,
  options: SourceOptions,
  { judge, onItem, tool }: { judge: Judge; onItem: OnItem; tool: string },
): Promise<BundleNode> {
  const { place } = options;
  const began = now();
  const boot = await readProc('sys/kernel/random/boot_id', place);
  const node = new Collected(keeping, options, onItem);
  await node.all(countersOf(options, 1));
  const counted = performance.now();
  await node.all([...onceFrom(options, question), ...(await logs(options))]);
  await node.document('findings.json', () => judge(options));
  const rest = Math.max(BETWEEN_MS - (performance.now() - counted), 0);
  await waitBetween(rest, options.abort, () => () => undefined);
  await node.all(countersOf(options, 2));
  return {
    name: keeping.node,
    host: place.hostName,
    kernel: place.kernelRelease,
    ...(boot === undefined ? {} : { boot_id: boot.trim() }),
    collected_at: began.toISOString(),
    versions: { ctsync: tool, ...node.versions },
    items: node.items,
  };
}

/** conntrackd's own log, where it has one. */
async function logs(options: SourceOptions): Promise<Wanted[]> {
  const found = await placeOfLog('daemon', options).catch(() => undefined);
  return found?.path === undefined ? [] : [logFile(found.path)];
}

class Collected {
  readonly items: BundleItem[] = [];
  readonly versions: BundleVersions = {};
  private readonly keeping: Keeping;
  private readonly options: SourceOptions;
  private readonly onItem: OnItem;
  /** Why conntrackd is not asked any more. */
  private silent: Failure | undefined;

  constructor(keeping: Keeping, options: SourceOptions, onItem: OnItem) {
    this.keeping = keeping;
    this.options = options;
    this.onItem = onItem;
  }

  async all(wanted: readonly Wanted[]): Promise<void> {
    for (const each of wanted) await this.one(each);
  }

  /** A document of ours. */
  async document(name: string, make: () => Promise<string>): Promise<void> {
    this.onItem(name);
    const { writer, node, cleaner, maxBytes } = this.keeping;
    const started = now();
    const text = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(await make());
    };
    const stored = await writer.add(`${node}/${name}`, cleaner.clean(text()), maxBytes);
    const failed = stored.ended === undefined ? undefined : (stored.ended as Error);
    this.items.push({
      name,
      kind: 'document',
      ...(failed ? { error: { code: 'INTERNAL', message: failed.message } } : {}),
      started_at: started.toISOString(),
      duration_ms: Math.max(now().getTime() - started.getTime(), 0),
      bytes: stored.bytes,
      complete: failed === undefined && stored.truncated !== true,
      ...(stored.truncated ? { truncated: true } : {}),
      sha256: stored.sha256,
    });
  }

  private async one(wanted: Wanted): Promise<void> {
    if (wanted.ofDaemon && this.silent) {
      this.items.push(unasked(wanted, this.silent));
      return;
    }
    this.onItem(wanted.name);
    const { item, failure } = await keep(wanted, this.keeping, this.options);
    this.items.push(item);
    if (wanted.ofDaemon && failure && isLasting(failure)) this.silent = failure;
  }
}
