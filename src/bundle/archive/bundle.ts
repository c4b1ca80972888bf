import type { BundleItem, BundleManifest, BundleNode } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import { differencesOf, type Found, isIntact, membersOf } from './differences.js';
import type { CheckedManifest } from './manifest.js';
import type { Member, Members } from './members.js';

/** No page, log or document that is read as a whole is longer; a table is read as a stream. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/**
 * An opened support bundle. All that it says, names and texts, was written by others: it is escaped where it is shown.
 * Items are those of its `manifest`, by identity.
 */
export class Bundle {
  /** The path that it was opened by, or `stdin`, for sentences. */
  readonly name: string;
  readonly manifest: BundleManifest;
  /** What is wrong with it, in sentences: altered, missing and unlisted files, and what only a newer ctsync knows. */
  readonly problems: readonly string[];
  private readonly found: Found;
  private readonly members: Members;

  constructor(name: string, { manifest, unknown }: CheckedManifest, members: Members) {
    this.name = name;
    this.manifest = manifest;
    this.members = members;
    this.found = membersOf(manifest, members);
    this.problems = differencesOf(manifest, members, unknown);
  }

  /** The node of that name, or the first one: where the bundle was made. Undefined where it has no such node. */
  node(name?: string): BundleNode | undefined {
    const { nodes } = this.manifest;
    return name === undefined ? nodes[0] : nodes.find((node) => node.name === name);
  }

  /** The answer to a command, in the sample that is asked for, or else in the first there is. */
  find(node: BundleNode, argv: readonly string[], sample?: 1 | 2): BundleItem | undefined {
    return node.items.find(
      (item) =>
        item.argv?.length === argv.length &&
        item.argv.every((argument, index) => argument === argv[index]) &&
        (sample === undefined || item.sample === sample),
    );
  }

  /** The file that stood at a path of the host. */
  findFile(node: BundleNode, path: string): BundleItem | undefined {
    return node.items.find((item) => item.kind === 'file' && item.path === path);
  }

  /** Whether an item is there as it was collected, whole or not: its bytes are those of the manifest. */
  isIntact(item: BundleItem): boolean {
    return isIntact(item, this.found.get(item));
  }

  /**
   * The bytes of an item, each piece of which stands until the next one, also where they are not those of the manifest.
   *
   * @throws Failure CAPTURE_UNREADABLE where it is not there
   */
  read(item: BundleItem): AsyncIterable<Buffer> {
    return this.memberOf(item).read();
  }

  /**
   * An item as a text.
   *
   * @param encoding latin1 keeps every byte, as parsers of pages want it
   * @throws Failure CAPTURE_UNREADABLE where it is not there, BAD_CAPTURE where it is too long
   */
  async text(item: BundleItem, encoding: 'latin1' | 'utf8' = 'latin1', longest = LONGEST_TEXT): Promise<string> {
    const member = this.memberOf(item);
    if (member.bytes > longest) {
      throw new Failure('BAD_CAPTURE', `${item.name} in ${this.name} is longer than ${longest} bytes.`);
    }
    const pieces: Buffer[] = [];
    for await (const piece of member.read()) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces).toString(encoding);
  }

  /** Nothing is read after that. */
  async close(): Promise<void> {
    await this.members.close();
  }

  private memberOf(item: BundleItem): Member {
    const member = this.found.get(item);
    if (member !== undefined) return member;
    throw new Failure('CAPTURE_UNREADABLE', `${item.name} is not in the bundle ${this.name}.`, {
      ...(item.error === undefined ? {} : { toolSays: item.error.message }),
      next: 'The manifest of the bundle says what could be collected.',
    });
  }
}
