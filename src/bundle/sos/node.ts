import { createHash } from 'node:crypto';
import type { BundleItem, BundleNode } from '../../model/bundle.js';
import type { HostFacts } from '../../model/host-facts.js';
import { unmerged } from '../../parsers/merged-output.js';
import { complaintOf } from '../../parsers/tool-messages.js';
import type { Member } from '../archive/members.js';
import { quoted, Refused } from '../archive/refused.js';
import { isCutByReport, withoutTornLine } from './cut-answer.js';
import { DAEMON_CONFIG, TABLE_WORDS } from './places.js';

/** What a message may be long: a table that begins with one is longer. */
const LONGEST_MESSAGE = 4096;

/** A node of a report while it is put together: items as a bundle has them, and what they hold. */
export class ReportNode {
  readonly members = new Map<string, Member>();
  private readonly items: BundleItem[] = [];
  private readonly facts: HostFacts['facts'] = [];
  private readonly head: Omit<BundleNode, 'items' | 'versions'>;

  constructor(head: Omit<BundleNode, 'items' | 'versions'>) {
    this.head = head;
  }

  node(): BundleNode {
    const document: HostFacts = { schema: 'ctsync/host-facts/1', is_root: true, user: 'root', facts: this.facts };
    this.add({ name: 'host/facts.json', kind: 'document' }, textMember(JSON.stringify(document)));
    return { ...this.head, versions: {}, items: this.items };
  }

  /** A page of conntrackd, or the counters: what a tool wrote to stderr stands in the same file. */
  async page(argv: string[], member: Member): Promise<void> {
    const item = { name: argv.join('_').replaceAll('/', '.'), kind: 'command', argv } as const;
    if (isCutByReport(member)) return this.addMissing(item, 'DUMP_INCOMPLETE', 'sos has kept only the end of it.');
    if (member.bytes > LONGEST_TEXT) return this.addMissing(item, 'BAD_CAPTURE', 'It is too long to be one.');
    const { stdout, stderr } = unmerged(await textOf(member));
    const failed = stdout === '' && complaintOf(stderr) !== undefined;
    this.add({ ...item, exit_code: failed ? 1 : 0, stderr }, textMember(stdout));
  }

  /** The kernel's table, of both families: it may be large, and is left as it is. */
  async table(member: Member): Promise<boolean> {
    const item = { name: 'kernel/table', kind: 'command' as const, argv: [...TABLE_WORDS] };
    const { stdout, stderr } = member.bytes > LONGEST_MESSAGE ? ROWS : unmerged(await textOf(member));
    const failed = stdout === '' && complaintOf(stderr) !== undefined;
    if (failed) this.add({ ...item, exit_code: 1, stderr }, textMember(''));
    else this.add({ ...item, exit_code: 0 }, isCutByReport(member) ? withoutTornLine(member) : member);
    return !failed;
  }

  /** A file of the host, as it stood there. */
  file(path: string, member: Member, name = `files${path}`): void {
    this.add({ name, kind: 'file', path }, member);
  }

  /** A file of the host that another answer tells. */
  told(path: string, text: string): void {
    this.file(path, textMember(text));
  }

  /** That a file was there, whatever it held. */
  saw(path: string): void {
    const answer = { kind: 'file', readable: true, usable: false };
    this.facts.push({ question: 'look', of: [path], answer });
  }

  /** Where conntrackd's configuration would be; the report does not hold it. */
  lacksDaemonConfig(): void {
    const item = { name: 'config/conntrackd.conf', kind: 'file', path: DAEMON_CONFIG } as const;
    this.addMissing(item, 'NOT_IN_BUNDLE', 'It is not in the report.');
  }

  private add(item: Omit<BundleItem, keyof Collected>, member: Member): void {
    const { bytes, sha256 } = member;
    this.items.push({ ...item, ...this.collected(), bytes, sha256, complete: true });
    this.members.set(item.name, member);
  }

  private addMissing(item: Omit<BundleItem, keyof Collected>, code: string, message: string): void {
    this.items.push({ ...item, ...this.collected(), bytes: 0, complete: false, error: { code, message } });
  }

  private collected(): Pick<BundleItem, 'started_at' | 'duration_ms'> {
    return { started_at: this.head.collected_at, duration_ms: 0 };
  }
}

type Collected = Pick<BundleItem, 'started_at' | 'duration_ms' | 'bytes' | 'complete' | 'sha256' | 'error'>;

const ROWS = { stdout: 'rows', stderr: '' };

/** No page, and nothing that is read as a whole, is longer. */
const LONGEST_TEXT = 16 * 1024 * 1024;

/** A small file of a report, decoded as latin1: device names may hold any byte. @throws Refused where it is not small */
export async function textOf(member: Member): Promise<string> {
  if (member.bytes > LONGEST_TEXT) throw new Refused(`its file ${quoted(member.path)} is too long`);
  const pieces: Buffer[] = [];
  for await (const piece of member.read()) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString('latin1');
}

function textMember(text: string): Member {
  const content = Buffer.from(text, 'latin1');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const read = async function* (): AsyncGenerator<Buffer> {
    if (content.length > 0) yield await Promise.resolve(content);
  };
  return { path: '', bytes: content.length, sha256, read };
}
