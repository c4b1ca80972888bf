import type { BundleItem, BundleNode } from '../../model/bundle.js';
import { isAbsent } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import type { Bundle } from '../archive/bundle.js';

/** The text of an item that can be believed. */
export interface ItemText {
  item: BundleItem;
  text: string;
  /** Whether it is all of the answer. */
  whole: boolean;
}

/**
 * What a bundle holds of one node. An item that was altered since is not handed out. Of what was asked for it is remembered what
 * was not whole or could not be had, and in sentences what can't be used although it is there.
 */
export class NodeContents {
  readonly bundle: Bundle;
  readonly node: BundleNode;
  private readonly told = new Set<string>();
  private readonly partly = new Set<BundleItem>();

  constructor(bundle: Bundle, node: BundleNode) {
    this.bundle = bundle;
    this.node = node;
  }

  /** Why something could not be used that is there, in sentences. */
  get lacks(): string[] {
    return [...this.told];
  }

  /** What is not whole, or not there at all, by the manifest itself. What a host does not have is not among it. */
  get partial(): BundleItem[] {
    return [...this.partly];
  }

  /** Notes one more reason. */
  lack(sentence: string): void {
    this.told.add(sentence);
  }

  /** An item that is there as it was collected, whole or not; undefined where it could not be had. */
  intact(name: string): BundleItem | undefined {
    const item = this.node.items.find((each) => each.name === name);
    if (item === undefined) return undefined;
    if (!item.complete && !isAbsent(item)) this.partly.add(item);
    if (this.bundle.isIntact(item)) return item;
    if (item.sha256 !== undefined) this.lack(`${this.node.name}/${name} is not what was collected, and left out.`);
    return undefined;
  }

  /**
   * The text of an item, latin1 where no other encoding is asked for; undefined where there is none, and where the host has no
   * such thing.
   *
   * @throws what is no Failure, and INTERRUPTED
   */
  async text(name: string, encoding: 'latin1' | 'utf8' = 'latin1'): Promise<ItemText | undefined> {
    const item = this.intact(name);
    if (item === undefined || (item.bytes === 0 && isAbsent(item))) return undefined;
    const text = await this.attempt(() => this.bundle.text(item, encoding));
    return text === undefined ? undefined : { item, text, whole: item.complete };
  }

  /**
   * Does what may fail because of what the bundle holds; undefined, with its sentence, where it does.
   *
   * @throws what is no Failure, and INTERRUPTED
   */
  async attempt<T>(work: () => T | Promise<T>, name?: string): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
      this.lack(name === undefined ? error.message : `${this.node.name}/${name}: ${error.message}`);
      return undefined;
    }
  }
}
