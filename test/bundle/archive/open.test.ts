import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import type { Bundle } from '../../../src/bundle/archive/bundle.js';
import { openBundle, type OpenOptions } from '../../../src/bundle/archive/open.js';
import { limitsFor, USUAL_LIMITS } from '../../../src/bundle/archive/limits.js';
import { isBundle } from '../../../src/bundle/archive/sniff.js';
import { unpack } from '../../../src/bundle/archive/unpack.js';
import { unzipped } from '../../../src/bundle/archive/unzipped.js';
import type { Failure } from '../../../src/model/failure.js';
import {
  bundleOf,
  CONTENT,
  failureIn,
  headerBlock,
  itemOf,
  type MadeMember,
  manifestOf,
  missingItem,
  streamOf,
  tarOf,
  TOP,
  zipped,
} from '../../support/bundles.js';

describe('bundle/archive/open', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-bundle-'));
    // No name says what it is.
    path = join(folder, 'bundle.txt');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function opened(archive: Buffer, use: (bundle: Bundle) => Promise<void> | void): Promise<void> {
    writeFileSync(path, archive);
    await used(await openBundle(path), use);
  }

  async function used(bundle: Bundle, use: (bundle: Bundle) => Promise<void> | void): Promise<void> {
    try {
      await use(bundle);
    } finally {
      await bundle.close();
    }
  }

  function refused(archive: Buffer, options?: OpenOptions): Promise<Failure> {
    writeFileSync(path, archive);
    return failureIn(openBundle(path, options));
  }

  /** Why a bundle was refused, without the words that all of them begin with. */
  async function reason(archive: Buffer): Promise<string> {
    const { code, message, next } = await refused(archive);
    expect(code).to.equal('BAD_CAPTURE');
    expect(next).to.match(/^[A-Z].*\.$/);
    return message.replace(`The bundle ${path} is refused: `, '');
  }

  /** Unpacks an archive as somebody does it by hand. @returns the folder with the manifest */
  function unpacked(archive: Buffer): string {
    execFileSync('tar', ['-x', '-C', folder], { input: archive });
    return join(folder, TOP);
  }

  it('opens an archive, packed or not, and the folder that it was unpacked into', async () => {
    const archive = await bundleOf();
    const check = async (bundle: Bundle): Promise<void> => {
      expect(bundle.problems).to.deep.equal([]);
      expect(bundle.manifest.nodes).to.have.length(1);
      const [item] = bundle.node()!.items;
      expect(await bundle.text(item!)).to.equal(CONTENT);
      expect(bundle.isIntact(item!)).to.equal(true);
    };
    await opened(archive, check);
    await opened(zipped(archive), check);
    await used(await openBundle(unpacked(archive)), check);
    symlinkSync(join(folder, TOP), join(folder, 'link'));
    await used(await openBundle(join(folder, 'link')), check);
  });

  it('opens what was packed again with tar, in any order and with folders', async () => {
    const top = unpacked(await bundleOf());
    for (const [of, names] of [
      [folder, [TOP]],
      [folder, [`${TOP}/r1`, `${TOP}/manifest.json`]],
      [top, ['.']],
      [top, ['r1', 'manifest.json']],
    ] as const) {
      const archive = execFileSync('tar', ['-cz', '-C', of, ...names]);
      await opened(archive, ({ problems }) => void expect(problems).to.deep.equal([]));
    }
  });

  it('finds nodes, answers and files', async () => {
    const items = [
      itemOf('a.txt', 'a', { argv: ['conntrackd', '-s'], sample: 1 }),
      itemOf('b.txt', 'b', { argv: ['conntrackd', '-s'], sample: 2 }),
      itemOf('c.txt', 'é', { kind: 'file', path: '/etc/hosts' }),
      missingItem('d.txt'),
    ].map(({ argv, ...item }) => (item.kind === 'file' ? item : { ...item, ...(argv && { argv }) }));
    const contents = { 'a.txt': 'a', 'b.txt': 'b', 'c.txt': 'é' };
    const members = Object.entries(contents).map(([name, content]) => ({ name: `r1/${name}`, content }));
    const manifest = JSON.stringify(manifestOf(items, []));
    await opened(await tarOf([{ name: 'manifest.json', content: manifest }, ...members]), async (bundle) => {
      expect(bundle.problems).to.deep.equal([]);
      expect(bundle.node()).to.equal(bundle.node('r1'));
      expect(bundle.node('r2')).to.include({ clock_offset_ms: -2.5 });
      expect(bundle.node('r3')).to.equal(undefined);
      const node = bundle.node()!;
      expect(bundle.find(node, ['conntrackd', '-s'])?.name).to.equal('a.txt');
      expect(bundle.find(node, ['conntrackd', '-s'], 2)?.name).to.equal('b.txt');
      expect(bundle.find(node, ['conntrackd'])).to.equal(undefined);
      const file = bundle.findFile(node, '/etc/hosts')!;
      expect(await bundle.text(file, 'utf8')).to.equal('é');
      expect(await bundle.text(file)).to.equal('Ã©');
      expect(await failureIn(bundle.text(file, 'utf8', 1))).to.include({ code: 'BAD_CAPTURE' });
      expect((await failureIn(bundle.text(node.items[3]!))).report()).to.deep.equal({
        code: 'CAPTURE_UNREADABLE',
        message: `d.txt is not in the bundle ${path}.`,
        tool_says: 'conntrack is not installed.',
        next: 'The manifest of the bundle says what could be collected.',
      });
    });
  });

  describe('tells, and opens all the same', () => {
    const told = async (archive: Buffer, ...problems: string[]): Promise<void> => {
      await opened(archive, (bundle) => void expect(bundle.problems).to.deep.equal(problems));
    };

    it('a file that was altered, at its length or in its letters', async () => {
      const manifest = manifestOf([itemOf('s.txt', CONTENT.replace('0', '1'))]);
      const archive = await bundleOf([], manifest);
      await told(archive, 'r1/s.txt is not what was collected: its SHA-256 is another one.');
      await opened(archive, async (bundle) => {
        const [item] = bundle.node()!.items;
        expect(bundle.isIntact(item!)).to.equal(false);
        expect(await bundle.text(item!)).to.equal(CONTENT);
      });
      const shorter = await bundleOf([], manifestOf([itemOf('s.txt', 'cache')]));
      await told(shorter, `r1/s.txt has ${CONTENT.length} bytes, but 5 were collected.`);
    });

    it('a file that is missing, one that is not listed, and one that could not be had', async () => {
      const missing = await bundleOf([], manifestOf([itemOf('s.txt', CONTENT), itemOf('t.txt', 'gone')]));
      await told(missing, 'r1/t.txt is missing, but the manifest lists it.');
      const unlisted = await bundleOf([{ name: `${TOP}/r1/more.txt`, content: 'more' }]);
      await told(unlisted, 'r1/more.txt is there, but the manifest does not list it.');
      const had = await bundleOf([], manifestOf([missingItem('s.txt')]));
      await told(had, 'r1/s.txt is there, but the manifest says that it could not be had.');
    });

    it('a manifest that says it is complete and lists what is not', async () => {
      const manifest = {
        ...manifestOf([itemOf('s.txt', CONTENT, { complete: false, reason: 'cut' })]),
        complete: true,
      };
      await told(await bundleOf([], manifest), 'The manifest says that all of it is complete, and lists what is not.');
    });

    it('what only a newer ctsync knows', async () => {
      const [node] = manifestOf([{ ...itemOf('s.txt', CONTENT), colour: 'red' } as never]).nodes;
      const manifest = { ...manifestOf([]), nodes: [node], weather: { rain: true } };
      const json = JSON.stringify(manifest).replace('{', '{"__proto__":{"polluted":true},"constructor":1,');
      const names = 'nodes[0].items[0].colour, __proto__, constructor, weather';
      await told(await bundleOf([], json), `The manifest tells what this version of ctsync does not know: ${names}.`);
      expect({}).to.not.have.property('polluted');
    });
  });

  describe('refuses', () => {
    const odd: [string, MadeMember, string][] = [
      ['an absolute path', { name: '/etc/passwd' }, '/etc/passwd has an absolute path'],
      ['a way out', { name: `${TOP}/../../x` }, `${TOP}/../../x has a path that leads out of the bundle`],
      ['a way out at the end', { name: `${TOP}/r1/..` }, `${TOP}/r1/.. has a path that leads out of the bundle`],
      ['a backslash', { name: `${TOP}\\x` }, `${TOP}\\x has a backslash in its name`],
      ['an empty part', { name: `${TOP}//x` }, `${TOP}//x has an empty part in its path`],
      ['a part of one dot', { name: `${TOP}/./x` }, `${TOP}/./x has an empty part in its path`],
      ['a control character', { name: `${TOP}/\x1b[2J` }, `${TOP}/\x1b[2J has a control character in its name`],
      ['a line break', { name: `${TOP}/a\nb` }, `${TOP}/a\nb has a control character in its name`],
      ['C1', { name: `${TOP}/a\u009bb` }, `${TOP}/a\u009bb has a control character in its name`],
      [
        'NUL',
        { name: 'ignored', pax: { path: `${TOP}/a\0b` } } as never,
        `${TOP}/a\0b has a control character in its name`,
      ],
      ['no name', { name: '' }, ' has no name'],
      ['a long name', { name: 'n'.repeat(600) }, `${'n'.repeat(120)}… has a name that is too long`],
      ['a deep path', { name: `${TOP}/${'d/'.repeat(20)}x` }, `${TOP}/${'d/'.repeat(20)}x lies in too many folders`],
      [
        'a symbolic link',
        { name: `${TOP}/l`, type: 'symlink', linkname: '/etc/passwd' },
        `${TOP}/l is a symbolic link`,
      ],
      ['a hard link', { name: `${TOP}/l`, type: 'link', linkname: `${TOP}/r1/s.txt` }, `${TOP}/l is a hard link`],
      ['a device', { name: `${TOP}/d`, type: 'character-device', devmajor: 1, devminor: 5 }, `${TOP}/d is a device`],
      ['a disk', { name: `${TOP}/d`, type: 'block-device' }, `${TOP}/d is a device`],
      ['a FIFO', { name: `${TOP}/f`, type: 'fifo' }, `${TOP}/f is a FIFO`],
      ['a file of another kind', { name: `${TOP}/c`, type: 'contiguous-file' }, `${TOP}/c is of an unknown kind`],
      ['the same twice', { name: `${TOP}/r1/s.txt`, content: 'other' }, `${TOP}/r1/s.txt is there twice`],
      ['a folder where a file is', { name: `${TOP}/r1/s.txt/`, type: 'directory' }, `${TOP}/r1/s.txt is there twice`],
      ['what lies outside', { name: 'other/x', content: 'x' }, `other/x lies outside of the folder ${TOP}/`],
    ];
    for (const [what, member, words] of odd) {
      it(`a member with ${what}`, async () => {
        // An empty name would be found again in no header.
        const archive = await bundleOf([
          { content: member.type === undefined ? 'x' : undefined, ...member } as MadeMember,
        ]);
        expect(await reason(archive)).to.equal(`its member ${words}.`);
        expect(await reason(zipped(archive))).to.equal(`its member ${words}.`);
      });
    }

    it('what is no archive, and an archive that is no bundle', async () => {
      const none = 'it is no tar archive, packed with gzip or not.';
      for (const bytes of ['', 'x', CONTENT, '\0'.repeat(4096)])
        expect(await reason(Buffer.from(bytes))).to.equal(none);
      const empty = 'there is no manifest.json in it.';
      for (const members of [[{ name: 'a/b', content: '' }], [{ name: 'a/b/manifest.json', content: '{}' }]]) {
        expect(await reason(zipped(await tarOf(members)))).to.equal(empty);
      }
      expect(await reason(zipped(Buffer.from(CONTENT)))).to.match(/^it is cut off/);
    });

    it('what is cut off, damaged, or has something behind it', async () => {
      const archive = zipped(await bundleOf());
      const cut = 'it is cut off: the end of what is packed is missing.';
      for (const length of [20, archive.length >> 1, archive.length - 1]) {
        expect(await reason(archive.subarray(0, length))).to.equal(cut);
      }
      const altered = Buffer.from(archive);
      altered.writeUInt8(altered.readUInt8(altered.length - 6) ^ 1, altered.length - 6);
      expect(await reason(altered)).to.equal('what is packed is damaged (incorrect data check).');
      for (const [behind, words] of [
        ['garbage', 'what is packed is damaged (incorrect header check).'],
        ['\0\0\0garbage', 'something follows the end of what is packed.'],
        ['\0', 'something follows the end of what is packed.'],
      ] as const) {
        expect(await reason(Buffer.concat([archive, Buffer.from(behind)]))).to.equal(words);
      }
      expect(await reason(Buffer.concat([archive, archive]))).to.equal('something follows the end of its archive.');
    });

    it('what is larger than the limits, and says how to raise them', async () => {
      const archive = zipped(await bundleOf([{ name: `${TOP}/r1/x`, content: 'x'.repeat(5000) }]));
      for (const [limits, words] of [
        [{ bytes: 5000 }, 'it unpacks to more than 5000 bytes'],
        [{ members: 2 }, 'it has more than 2 members'],
        [{ manifestBytes: 10 }, 'its manifest has more than 10 bytes'],
      ] as const) {
        const raise = 'Allow more with --max.';
        const failure = await refused(archive, { limits, raise });
        expect(failure.report()).to.deep.equal({
          code: 'BAD_CAPTURE',
          message: `The bundle ${path} is refused: ${words}.`,
          next: raise,
        });
      }
    });

    it('a bomb, long before it is unpacked', async () => {
      const size = 100 * 1024 * 1024;
      const header = headerBlock((block) => block.write(`${size.toString(8).padStart(11, '0')}\0`, 124));
      const bomb = zipped(Buffer.concat([header, Buffer.alloc(size + 1024)]));
      expect(await reason(bomb)).to.equal('it unpacks to more than 200 times its size, as a decompression bomb does.');
      // What it says itself is enough, where it is honest.
      const { message } = await refused(bomb, { limits: { bytes: size - 1 } });
      expect(message).to.contain(`it unpacks to more than ${size - 1} bytes.`);
      await opened(
        zipped(await bundleOf([{ name: `${TOP}/r1/zeros`, content: Buffer.alloc(1 << 25) }])),
        ({ problems }) => {
          expect(problems).to.deep.equal(['r1/zeros is there, but the manifest does not list it.']);
        },
      );
    });

    it('neither of them where an operator allows as much', async () => {
      const size = 70 * 1024 * 1024;
      const zeros = zipped(await bundleOf([{ name: `${TOP}/r1/zeros`, content: Buffer.alloc(size) }]));
      expect(await reason(zeros)).to.contain('as a decompression bomb does');
      expect((await refused(zeros, { maxUnpacked: size })).message).to.contain(`more than ${size} bytes`);
      const bundle = await openBundle(path, { maxUnpacked: size + 4096 });
      await used(bundle, ({ problems }) => {
        expect(problems).to.have.length(1);
      });
    });

    it('no more members or manifest where less is allowed, and more of them in proportion', () => {
      const { bytes, members, manifestBytes } = USUAL_LIMITS;
      expect(limitsFor(bytes / 2)).to.include({ bytes: bytes / 2, members, manifestBytes });
      expect(limitsFor(2 * bytes)).to.include({ members: 2 * members, manifestBytes: 2 * manifestBytes });
      expect(limitsFor(Number.MAX_SAFE_INTEGER).manifestBytes).to.be.below(2 ** 29);
    });

    it('a folder with links, FIFOs or sockets in it, and none of them is followed', async () => {
      const top = unpacked(await bundleOf());
      const odd: [() => unknown, string][] = [
        [() => symlinkSync('/etc/passwd', join(top, 'r1', 'l')), 'its file r1/l is a symbolic link.'],
        [() => symlinkSync('/etc', join(top, 'r1', 'l')), 'its file r1/l is a symbolic link.'],
        [() => execFileSync('mkfifo', [join(top, 'r1', 'l')]), 'its file r1/l is a FIFO.'],
        [() => writeFileSync(join(top, 'r1', 'a\nb'), ''), 'its file r1/a\nb has a control character in its name.'],
      ];
      for (const [make, words] of odd) {
        make();
        const { code, message } = await failureIn(openBundle(top));
        expect({ code, message }).to.deep.equal({
          code: 'BAD_CAPTURE',
          message: `The bundle ${top} is refused: ${words}`,
        });
        for (const name of ['l', 'a\nb']) rmSync(join(top, 'r1', name), { force: true });
      }
      const server = createServer().listen(join(top, 'r1', 'l'));
      await new Promise((resolve) => server.once('listening', resolve));
      expect((await failureIn(openBundle(top))).message).to.contain('is a socket');
      await new Promise((resolve) => server.close(resolve));
      rmSync(join(top, 'manifest.json'));
      symlinkSync(path, join(top, 'manifest.json'));
      expect((await failureIn(openBundle(top))).message).to.contain('manifest.json is a symbolic link');
    });

    it('a folder that holds too much, or no manifest', async () => {
      const top = unpacked(await bundleOf());
      expect((await failureIn(openBundle(dirname(top)))).message).to.contain('there is no manifest.json in it');
      truncateSync(join(top, 'r1', 's.txt'), 2 ** 40);
      expect((await failureIn(openBundle(top))).message).to.contain('holds more than 4294967296 bytes');
      expect((await failureIn(openBundle(top, { limits: { members: 2 } }))).message).to.contain('more than 2 files');
    });

    it('a folder whose file has become a link since, or lies behind one', async () => {
      const top = unpacked(await bundleOf());
      const bundle = await openBundle(top);
      const [item] = bundle.node()!.items;
      mkdirSync(join(folder, 'other'));
      writeFileSync(join(folder, 'other', 's.txt'), 'of somebody else');
      rmSync(join(top, 'r1'), { recursive: true });
      symlinkSync(join(folder, 'other'), join(top, 'r1'));
      const { code, message } = await failureIn(bundle.text(item!));
      expect(code).to.equal('CAPTURE_UNREADABLE');
      expect(message).to.equal(`The file ${top}/r1/s.txt of the bundle is a link by now, or leads through one.`);
      await bundle.close();
    });
  });

  it('says what is wrong with the path', async () => {
    const { code, message } = await failureIn(openBundle(path));
    expect(code).to.equal('CAPTURE_UNREADABLE');
    expect(message).to.contain(`${path} does not exist`);
  });

  it('ends at once where it is told to', async () => {
    for (const at of [path, unpacked(await bundleOf())]) {
      writeFileSync(path, await bundleOf());
      expect(await failureIn(openBundle(at, { abort: AbortSignal.abort() }))).to.include({ code: 'INTERRUPTED' });
    }
  });

  it('tells by a look what is worth to be opened', async () => {
    const archive = await bundleOf();
    for (const [content, worth] of [
      [archive, true],
      [zipped(archive), true],
      [Buffer.from(CONTENT), false],
      [Buffer.alloc(0), false],
    ] as const) {
      writeFileSync(path, content);
      expect(isBundle(path)).to.equal(worth);
    }
    const top = unpacked(archive);
    execFileSync('mkfifo', [join(folder, 'fifo')]);
    expect([top, folder, join(folder, 'fifo'), '/nosuch', '/dev/zero'].map(isBundle)).to.deep.equal([
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  it('leaves a FIFO to whoever reads it: its writer loses nothing', async () => {
    const fifo = join(folder, 'fifo');
    execFileSync('mkfifo', [fifo]);
    const writer = execFile('sh', ['-c', `echo all of it > "${fifo}"`]);
    // Until it has been opened for writing, which waits for a reader.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(isBundle(fifo)).to.equal(false);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(writer.exitCode).to.equal(null);
    expect(execFileSync('cat', [fifo], { timeout: 10_000 }).toString()).to.equal('all of it\n');
  });

  it('takes a stream as it comes, in the smallest pieces', async () => {
    const archive = zipped(await bundleOf());
    const members = await unpack(unzipped(streamOf(archive, 1), USUAL_LIMITS), USUAL_LIMITS);
    expect([...members.files.keys()]).to.deep.equal(['manifest.json', 'r1/s.txt']);
    await members.close();
  });
});
