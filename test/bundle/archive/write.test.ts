import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openBundle } from '../../../src/bundle/archive/open.js';
import { BundleWriter } from '../../../src/bundle/archive/write.js';
import type { BundleManifest } from '../../../src/model/bundle.js';
import { failureIn, itemOf, manifestOf, missingItem, streamOf, TOP } from '../../support/bundles.js';
import { documentOf } from '../../support/documents.js';
import { missingTools } from '../../support/missing-tools.js';
import { skipFor } from '../../support/skip.js';

const SCRIPT = fileURLToPath(new URL('../../support/write-bundle.mjs', import.meta.url));
const NODE = [process.execPath, '--import', 'tsx', SCRIPT];

describe('bundle/archive/write', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-bundle-'));
    path = join(folder, 'bundle.tar.gz');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const never = new AbortController().signal;
  const begin = (replace = false, abort = never): Promise<BundleWriter> => BundleWriter.open({ path, replace }, abort);
  const left = (): string[] => readdirSync(folder);

  async function write(contents: Record<string, string>, replace = false): Promise<BundleManifest> {
    const writer = await begin(replace);
    for (const [name, content] of Object.entries(contents)) await writer.add(`r1/${name}`, streamOf(content));
    const items = Object.entries(contents).map(([name, content]) => itemOf(name, content));
    const manifest = manifestOf([...items, missingItem('table.txt')]);
    await writer.finish(manifest);
    return manifest;
  }

  it('writes the manifest first and then the items in its order, for nobody but us', async () => {
    const before = process.umask(0);
    const manifest = await write({ 'b.txt': 'b\n', 'a/empty.txt': '' }).finally(() => process.umask(before));
    expect(statSync(path).mode & 0o7777).to.equal(0o600);
    expect(left()).to.deep.equal(['bundle.tar.gz']);
    const listed = execFileSync('tar', ['tvzf', path, '--utc', '--full-time'], { encoding: 'utf8' });
    expect(listed.trimEnd().split('\n')).to.have.length(3);
    for (const line of listed.trimEnd().split('\n')) {
      expect(line).to.match(/^-rw------- 0\/0 +\d+ 2026-11-22 13:28:00 /);
    }
    expect(listed.match(/\S+$/gm)).to.deep.equal([`${TOP}/manifest.json`, `${TOP}/r1/b.txt`, `${TOP}/r1/a/empty.txt`]);
    const text = execFileSync('tar', ['xOzf', path, `${TOP}/manifest.json`], { encoding: 'utf8' });
    expect(documentOf(text)).to.deep.equal(manifest);
    expect(text).to.match(/^\{\n {2}"schema": "ctsync\/bundle\/1",\n/);
  });

  it('writes the same bytes for the same items', async () => {
    await write({ 'a.txt': 'a\n', 'b.txt': 'b\n' });
    const first = readFileSync(path);
    await write({ 'a.txt': 'a\n', 'b.txt': 'b\n' }, true);
    expect(readFileSync(path).equals(first)).to.equal(true);
  });

  it('takes several items in at once', async () => {
    const contents = Array.from({ length: 5 }, (_, index) => Buffer.alloc(300_000, String(index)));
    const writer = await begin();
    await Promise.all(contents.map((content, index) => writer.add(`r1/${index}.txt`, streamOf(content, 1000 + index))));
    await writer.finish(manifestOf(contents.map((content, index) => itemOf(`${index}.txt`, content))));
    const bundle = await openBundle(path);
    expect(bundle.problems).to.deep.equal([]);
    await bundle.close();
  });

  it('cuts an item at its limit, and ends what gives it', async () => {
    let ended = false;
    async function* endless(): AsyncGenerator<Buffer> {
      try {
        for (;;) yield await Promise.resolve(Buffer.from('0123456789'));
      } finally {
        ended = true;
      }
    }
    const writer = await begin();
    const { sha256, ...stored } = await writer.add('r1/endless.txt', endless(), 25);
    expect(stored).to.deep.equal({ bytes: 25, truncated: true });
    expect(sha256).to.equal(itemOf('', '0123456789012345678901234').sha256);
    expect(ended).to.equal(true);
    expect(await writer.add('r1/exact.txt', streamOf('0123456789'), 10)).to.not.have.property('truncated');
    await writer.discard();
  });

  it('keeps what came before a tool failed', async () => {
    const error = new Error('it crashed');
    async function* failing(): AsyncGenerator<Buffer> {
      yield await Promise.resolve(Buffer.from('half'));
      throw error;
    }
    const writer = await begin();
    const stored = await writer.add('r1/half.txt', failing());
    expect(stored).to.include({ bytes: 4, ended: error });
    const reason = { complete: false, reason: 'It crashed.' };
    await writer.finish(manifestOf([itemOf('half.txt', 'half', reason)]));
    const bundle = await openBundle(path);
    expect(await bundle.text(bundle.node()!.items[0]!)).to.equal('half');
    await bundle.close();
  });

  it('refuses a manifest that is not that of the items, and one that could not be opened', async () => {
    const wrong: [BundleManifest, RegExp][] = [
      [manifestOf([itemOf('a.txt', 'other')]), /^The manifest does not say of r1\/a\.txt what was kept\.$/],
      [manifestOf([]), /^The manifest does not say/],
      [manifestOf([itemOf('../a.txt', 'a')]), /^The bundle could not be opened again: .*nodes\[0\]\.items\[0\]\.name/],
    ];
    for (const [manifest, message] of wrong) {
      const writer = await begin();
      await writer.add('r1/a.txt', streamOf('a'));
      expect(await failureIn(writer.finish(manifest)))
        .to.include({ code: 'INTERNAL' })
        .with.property('message')
        .that.matches(message);
    }
    const writer = await begin();
    for (const name of ['r1/../a', '/a', 'r1/a b', 'r1/a\n', 'r1/-a']) {
      expect(await failureIn(writer.add(name, streamOf('')))).to.include({ code: 'INTERNAL' });
    }
    await writer.discard();
    expect(left()).to.deep.equal([]);
  });

  describe('the output', () => {
    it('is not replaced unless that is said', async () => {
      writeFileSync(path, 'mine');
      const failure = await failureIn(begin());
      expect(failure.report()).to.deep.equal({
        code: 'OUTPUT_FAILED',
        message: `The bundle was not written: ${path} is there already.`,
        next: 'Name another file, or remove that one.',
      });
      expect(readFileSync(path, 'utf8')).to.equal('mine');
      await write({ 'a.txt': 'a' }, true);
      expect(readFileSync(path, 'utf8')).to.not.equal('mine');
      expect(left()).to.deep.equal(['bundle.tar.gz']);
    });

    it('is not replaced either where it came while we collected', async () => {
      const writer = await begin();
      writeFileSync(path, 'mine');
      expect(await failureIn(writer.finish(manifestOf([])))).to.include({ code: 'OUTPUT_FAILED' });
      expect(readFileSync(path, 'utf8')).to.equal('mine');
      expect(left()).to.deep.equal(['bundle.tar.gz']);
    });

    it('is never written through a link, nor in the place of a link or a folder', async () => {
      const target = join(folder, 'target');
      writeFileSync(target, 'theirs');
      for (const [make, what] of [
        [() => symlinkSync(target, path), 'a symbolic link'],
        [() => symlinkSync(join(folder, 'nosuch'), path), 'a symbolic link'],
        [() => mkdirSync(path), 'a folder'],
      ] as const) {
        make();
        const { message } = await failureIn(begin(true));
        expect(message).to.equal(`The bundle was not written: ${path} is ${what}.`);
        rmSync(path, { recursive: true });
      }
      const writer = await begin(true);
      symlinkSync(target, path);
      expect(await failureIn(writer.finish(manifestOf([])))).to.include({ code: 'OUTPUT_FAILED' });
      expect(readFileSync(target, 'utf8')).to.equal('theirs');
    });

    it('can only be where there is a folder', async () => {
      path = join(folder, 'nosuch', 'bundle.tar.gz');
      const { message } = await failureIn(begin());
      expect(message).to.equal(`The bundle was not written to ${path}: its folder does not exist.`);
    });

    it('may be a sink, whose errors are its own', async () => {
      const pieces: Uint8Array[] = [];
      const write = (bytes: Uint8Array): Promise<void> => Promise.resolve(void pieces.push(Uint8Array.from(bytes)));
      const writer = await BundleWriter.open({ sink: { write } }, never);
      await writer.add('r1/a.txt', streamOf('a'));
      await writer.finish(manifestOf([itemOf('a.txt', 'a')]));
      writeFileSync(path, Buffer.concat(pieces));
      const bundle = await openBundle(path);
      expect(bundle.problems).to.deep.equal([]);
      await bundle.close();

      const gone = new Error('nobody reads');
      const broken = await BundleWriter.open({ sink: { write: () => Promise.reject(gone) } }, never);
      expect(await broken.finish(manifestOf([])).catch((error: unknown) => error)).to.equal(gone);
    });
  });

  describe('where it ends before its time', () => {
    it('leaves nothing when it is told to end while it takes in, or while it writes', async () => {
      const abort = new AbortController();
      const writer = await begin(false, abort.signal);
      async function* telling(): AsyncGenerator<Buffer> {
        yield await Promise.resolve(Buffer.from('a'));
        abort.abort();
      }
      expect(await failureIn(writer.add('r1/a.txt', telling()))).to.include({ code: 'INTERRUPTED' });
      await writer.discard();
      expect(left()).to.deep.equal([]);

      const later = new AbortController();
      const other = await begin(false, later.signal);
      await other.add('r1/a.txt', streamOf('a'));
      const finished = other.finish(manifestOf([itemOf('a.txt', 'a')]));
      later.abort();
      expect(await failureIn(finished)).to.include({ code: 'INTERRUPTED' });
      expect(left()).to.deep.equal([]);
    });

    it('leaves nothing when it is discarded', async () => {
      const writer = await begin();
      await writer.add('r1/a.txt', streamOf('a'));
      await writer.discard();
      await writer.discard();
      expect(left()).to.deep.equal([]);
    });

    it('leaves nothing on a full disk, whether it takes in or writes then', function () {
      skipFor(this, process.getuid?.() === 0 ? missingTools('a small disk needs', ['unshare', 'mount']) : 'needs root');
      // 300,000 bytes fit once, and not twice.
      for (const [bytes, size] of [
        [2_000_000, '1m'],
        [300_000, '500k'],
      ] as const) {
        const script = `mount -t tmpfs -o size=${size} tmpfs "$1"; shift; "$@"; ls -A "$0"`;
        const argv = ['--mount', 'bash', '-c', script, folder, folder, ...NODE, path, String(bytes)];
        const { stdout } = spawnSync('unshare', argv, { encoding: 'utf8' });
        const reason = 'no space is left on the device';
        expect(stdout).to.equal(`OUTPUT_FAILED The bundle was not written to ${path}: ${reason}.\n`);
      }
    });

    it('leaves nothing where it is not waited for; killed, it leaves what the next run removes, and nobody before', async () => {
      const ended = await waiting();
      ended.kill('SIGTERM');
      expect(await once(ended, 'exit')).to.deep.equal([143, null]);
      expect(left()).to.deep.equal([]);

      const killed = await waiting();
      const [part] = left();
      expect(part).to.match(/^\.ctsync-\d+-\d+-[0-9a-f]+-[0-9a-z]+\.part$/);
      expect(statSync(join(folder, part!)).mode & 0o7777).to.equal(0o600);

      await (await begin()).discard();
      expect(left(), 'while it is at work').to.deep.equal([part]);

      killed.kill('SIGKILL');
      await once(killed, 'exit');
      expect(left()).to.deep.equal([part]);
      writeFileSync(join(folder, '.ctsync-1-2-3-4.party'), 'of somebody else');
      symlinkSync('/etc/passwd', join(folder, '.ctsync-999999-1-0-a.part'));
      await write({ 'a.txt': 'a' });
      const others = ['.ctsync-1-2-3-4.party', '.ctsync-999999-1-0-a.part'];
      expect(left()).to.have.members(['bundle.tar.gz', ...others]);
      expect(existsSync('/etc/passwd')).to.equal(true);
    });

    /** One that is in the middle of its archive. */
    async function waiting(): Promise<ReturnType<typeof spawn>> {
      const child = spawn(NODE[0]!, [...NODE.slice(1), path, '200000', 'wait'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for await (const line of child.stdout) if (String(line).includes('ready')) break;
      return child;
    }
  });
});
