import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import type { Bundle } from '../../src/bundle/archive/bundle.js';
import { openBundle } from '../../src/bundle/archive/open.js';
import { BundleWriter } from '../../src/bundle/archive/write.js';
import { Failure } from '../../src/model/failure.js';
import { bundleOf, CONTENT, itemOf, manifestOf, streamOf, zipped } from '../support/bundles.js';

const never = new AbortController().signal;

const word = fc.stringMatching(/^[A-Za-z0-9._+=@,]{1,20}$/).filter((name) => !/^\.{1,2}$/.test(name));
const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((parts) => parts.join('/'));
const content = fc.oneof(
  fc.uint8Array({ maxLength: 2000 }).map((bytes) => Buffer.from(bytes)),
  fc
    .tuple(fc.nat(3_000_000), fc.string({ minLength: 1, maxLength: 50 }))
    .map(([size, text]) => Buffer.alloc(size, text)),
);
const items = fc.uniqueArray(fc.tuple(name, content, fc.integer({ min: 100, max: 300_000 })), {
  selector: ([path]) => path,
  maxLength: 6,
});

describe('properties: bundles', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-bundle-'));
    path = join(folder, 'bundle');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('give back every item as it came, however it came', async () => {
    await fc.assert(
      fc.asyncProperty(items, async (all) => {
        const writer = await BundleWriter.open({ path, replace: true }, never);
        await Promise.all(all.map(([item, bytes, piece]) => writer.add(`r1/${item}`, reused(bytes, piece))));
        const manifest = manifestOf(all.map(([item, bytes]) => itemOf(item, bytes)));
        await writer.finish(manifest);
        const bundle = await openBundle(path);
        expect(bundle.manifest).to.deep.equal(manifest);
        expect(bundle.problems).to.deep.equal([]);
        for (const [index, [, bytes]] of all.entries()) {
          const read = await contentOf(bundle, index);
          expect(read.equals(bytes)).to.equal(true);
        }
        await bundle.close();
      }),
      { numRuns: 30 },
    );
  });

  /** In one buffer that is used again, as captures and tools give their pieces. */
  async function* reused(bytes: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
    const buffer = Buffer.alloc(pieceBytes);
    for await (const piece of streamOf(bytes, pieceBytes)) {
      piece.copy(buffer);
      yield buffer.subarray(0, piece.length);
      buffer.fill(0);
    }
  }

  async function contentOf(bundle: Bundle, index: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of bundle.read(bundle.node()!.items[index]!)) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }

  const damage = fc.oneof(
    fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
    fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.nat(255) }),
    fc.record({ kind: fc.constant('drop' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 600 }) }),
    fc.record({
      kind: fc.constant('put' as const),
      at: fc.nat(),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 600 }),
    }),
  );
  type Damage = typeof damage extends fc.Arbitrary<infer Kind> ? Kind : never;

  function damaged(archive: Buffer, done: Damage): Buffer {
    const at = done.at % archive.length;
    const [before, after] = [archive.subarray(0, at), archive.subarray(at)];
    if (done.kind === 'cut') return before;
    if (done.kind === 'set') return Buffer.concat([before, Buffer.from([done.byte]), after.subarray(1)]);
    if (done.kind === 'drop') return Buffer.concat([before, after.subarray(done.count)]);
    return Buffer.concat([before, done.bytes, after]);
  }

  for (const packed of [true, false]) {
    it(`are refused or read where ${packed ? 'the packed' : 'the'} archive is damaged, and never give a wrong item for a right one`, async () => {
      const archive = await bundleOf();
      const whole = packed ? zipped(archive) : archive;
      await fc.assert(
        fc.asyncProperty(damage, async (done) => {
          writeFileSync(path, damaged(whole, done));
          const bundle = await openedOrRefused();
          if (bundle === undefined) return;
          for (const item of bundle.manifest.nodes.flatMap((node) => node.items)) {
            if (!bundle.isIntact(item)) expect(bundle.problems).to.not.deep.equal([]);
            else if (bundle.problems.length === 0) expect(await bundle.text(item)).to.equal(CONTENT);
          }
          await bundle.close();
        }),
        { numRuns: 300 },
      );
      // Left as it was.
      writeFileSync(path, whole);
      expect(readFileSync(path).equals(whole)).to.equal(true);
    });
  }

  it('are opened or refused with any manifest', async () => {
    const json = JSON.stringify(manifestOf([itemOf('s.txt', CONTENT)]));
    await fc.assert(
      fc.asyncProperty(damage, async (done) => {
        writeFileSync(path, await bundleOf([], damaged(Buffer.from(json), done).toString('latin1')));
        const bundle = await openedOrRefused();
        await bundle?.close();
      }),
      { numRuns: 300 },
    );
  });

  async function openedOrRefused(): Promise<Bundle | undefined> {
    try {
      return await openBundle(path);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      expect(error.code).to.equal('BAD_CAPTURE');
      expect(error.message).to.match(/^The bundle .* is refused: .*\.$/s);
      return undefined;
    }
  }
});
