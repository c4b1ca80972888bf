import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { type Headers, pack } from 'tar-stream';
import type { BundleItem, BundleManifest } from '../../src/model/bundle.js';
import { Failure } from '../../src/model/failure.js';

const TIME = '2026-11-22T13:28:00.123Z';

/** The one folder of a bundle that {@link manifestOf} describes. */
export const TOP = 'ctsync-r1-20261122T132800Z';

/** The answer of a command, as a manifest lists it. */
export function itemOf(name: string, content: Buffer | string, changes: Partial<BundleItem> = {}): BundleItem {
  const sha256 = createHash('sha256').update(content).digest('hex');
  const argv = ['conntrackd', '-s'];
  const asked = { kind: 'command', argv, exit_code: 0, started_at: TIME, duration_ms: 3 } as const;
  return { name, ...asked, bytes: Buffer.byteLength(content), complete: true, sha256, ...changes };
}

/** What could not be had, as a manifest lists it. */
export function missingItem(name: string): BundleItem {
  const error = { code: 'TOOL_MISSING', message: 'conntrack is not installed.' };
  const asked = { kind: 'command', started_at: TIME, duration_ms: 0 } as const;
  return { name, ...asked, argv: ['conntrack', '-L'], error, bytes: 0, complete: false };
}

/** The manifest of a bundle with these items of one node, or of two. */
export function manifestOf(items: BundleItem[], peers?: BundleItem[]): BundleManifest {
  const complete = [...items, ...(peers ?? [])].every((item) => item.complete);
  const first = {
    name: 'r1',
    host: 'r1',
    kernel: '6.1.0',
    collected_at: TIME,
    versions: { conntrackd: '1.4.7' },
    items,
  };
  const second = {
    name: 'r2',
    host: 'r2',
    collected_at: TIME,
    clock_offset_ms: -2.5,
    versions: {},
    items: peers ?? [],
  };
  return {
    schema: 'ctsync/bundle/1',
    created_at: TIME,
    tool: { name: 'ctsync', version: '0.1.0' },
    complete,
    nodes: peers === undefined ? [first] : [first, second],
  };
}

/** A member of an archive that is made by hand. */
export type MadeMember = Headers & { content?: Buffer | string };

/** A tar archive with any members at all, as tar-stream writes it. */
export async function tarOf(members: readonly MadeMember[]): Promise<Buffer> {
  const archive = pack();
  for (const { content, ...header } of members) {
    if (content === undefined) archive.entry(header).end();
    else archive.entry(header, content);
  }
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** A bundle of one item, with other members behind it. */
export function bundleOf(others: readonly MadeMember[] = [], manifest: unknown = PLAIN): Promise<Buffer> {
  return tarOf([
    { name: `${TOP}/manifest.json`, content: typeof manifest === 'string' ? manifest : JSON.stringify(manifest) },
    { name: `${TOP}/r1/s.txt`, content: CONTENT },
    ...others,
  ]);
}

/** The item of {@link bundleOf}. */
export const CONTENT = 'cache internal:\ncurrent active connections:\t           0\n';
const PLAIN = manifestOf([itemOf('s.txt', CONTENT)]);

export function zipped(archive: Buffer): Buffer {
  return gzipSync(archive, { level: 1 });
}

/** A header block with a right checksum, of which anything may have been changed. */
export function headerBlock(change: (block: Buffer) => void): Buffer {
  const block = Buffer.alloc(512);
  block.write(`${TOP}/odd`);
  block.write('0000600\0', 100);
  block.write('00000000000\0', 124);
  block.write('0', 156);
  block.write('ustar\x0000', 257, 'latin1');
  change(block);
  block.fill(' ', 148, 156);
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

/** A stream of what is there already, in pieces of at most so many bytes. */
export async function* streamOf(bytes: Buffer | string, pieceBytes = 64 * 1024): AsyncGenerator<Buffer> {
  const whole = Buffer.from(bytes);
  for (let at = 0; at < whole.length; at += pieceBytes) {
    yield await Promise.resolve(whole.subarray(at, at + pieceBytes));
  }
}

/** The failure that a promise ends in. */
export async function failureIn(promise: Promise<unknown>): Promise<Failure> {
  const error = await promise.then(
    () => new Error('it did not fail'),
    (thrown: unknown) => thrown,
  );
  if (error instanceof Failure) return error;
  throw error;
}
