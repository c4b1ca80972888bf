import type { BundleItem } from '../../model/bundle.js';
import type { Failure } from '../../model/failure.js';
import type { TextCleaner } from '../clean/text-cleaner.js';
import { now } from '../../sources/clock.js';
import type { SourceOptions } from '../../sources/options.js';
import { nameOfFile } from './host-files.js';
import { cleanedText, errorOf, failureFrom, keep, type Keeping, unasked } from './item.js';
import type { Wanted } from './wanted.js';

/** What is told while it is collected. */
export type OnItem = (name: string) => void;

/** What could not be had, whatever it would have been. */
export function lostItem(name: string, failure: Failure, cleaner: TextCleaner): BundleItem {
  return {
    name,
    kind: 'document',
    error: errorOf(failure, cleaner),
    started_at: now().toISOString(),
    duration_ms: 0,
    bytes: 0,
    complete: false,
  };
}

/** What was collected of a node so far. */
export class Collected {
  readonly items: BundleItem[] = [];
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

  /** What is not asked for, and why. */
  leave(wanted: readonly Wanted[], because: Failure): void {
    const { cleaner } = this.keeping;
    this.items.push(...wanted.map((each) => unasked(each, because, because.message, cleaner)));
  }

  /** That nothing more could be had, and why. */
  lose(name: string, because: Failure): void {
    this.items.push(lostItem(name, because, this.keeping.cleaner));
  }

  /** A document of ours. */
  async document(name: string, make: () => Promise<string>): Promise<void> {
    this.onItem(name);
    await this.keepText(name, make, {});
  }

  /** A file of the host that was read already. */
  async file(path: string, bytes: Buffer): Promise<void> {
    const cleaned = cleanedText(path, this.keeping.cleaner);
    const name = nameOfFile(cleaned, new Set(this.items.map((item) => item.name)));
    await this.keepText(name, () => Promise.resolve(bytes), { path: cleaned });
  }

  private async keepText(name: string, make: () => Promise<string | Buffer>, from: { path?: string }): Promise<void> {
    const { writer, node, cleaner } = this.keeping;
    const started = now();
    const text = async function* (): AsyncGenerator<Buffer> {
      yield Buffer.from(await make());
    };
    // What views need to be shown again is small, and of no use in part.
    const stored = await writer.add(`${node}/${name}`, cleaner.clean(text()));
    const failed = stored.ended === undefined ? undefined : errorOf(failureFrom(stored.ended), cleaner);
    this.items.push({
      name,
      kind: 'path' in from ? 'file' : 'document',
      ...from,
      ...(failed ? { error: failed } : {}),
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
      const why = 'Not asked for: conntrackd had not answered before.';
      this.items.push(unasked(wanted, this.silent, why, this.keeping.cleaner));
      return;
    }
    this.onItem(wanted.name);
    const { item, failure } = await keep(wanted, this.keeping, this.options);
    this.items.push(item);
    // One that is not there says so at once.
    if (wanted.ofDaemon && failure?.code === 'TIMEOUT') this.silent = failure;
  }
}
