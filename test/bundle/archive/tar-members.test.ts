import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { tarMembers } from '../../../src/bundle/archive/tar-members.js';
import { headerBlock, streamOf, tarOf } from '../../support/bundles.js';

const CONTENTS: Record<string, string> = {
  'top/manifest.json': '{}',
  'top/empty': '',
  'top/block': 'b'.repeat(512),
  'top/odd': 'o'.repeat(1234),
  [`top/${'deep/'.repeat(15)}${'long'.repeat(20)}`]: 'behind a name that no field of a header holds\n',
  'top/größe': 'a name in UTF-8\n',
};

/** Path, kind and content of every member, in order. */
async function read(archive: Buffer, pieceBytes?: number): Promise<[string, string, string][]> {
  const found: [string, string, string][] = [];
  for await (const { path, kind, content } of tarMembers(streamOf(archive, pieceBytes))) {
    const pieces: Buffer[] = [];
    for await (const piece of content) pieces.push(Buffer.from(piece));
    found.push([path, kind, Buffer.concat(pieces).toString()]);
  }
  return found;
}

function refusal(archive: Buffer): Promise<string> {
  return read(archive).then(
    () => 'it was read',
    (error: unknown) => {
      expect(error).to.have.property('name', 'Refused');
      return (error as Error).message;
    },
  );
}

const END = Buffer.alloc(1024);

describe('bundle/archive/tar-members', () => {
  const files = Object.entries(CONTENTS).map(([path, content]) => [path, 'file', content]);

  it('reads what tar-stream packs, however it comes', async () => {
    const archive = await tarOf(Object.entries(CONTENTS).map(([name, content]) => ({ name, content })));
    for (const pieceBytes of [1, 511, 512, 513, 65_536]) {
      expect(await read(archive, pieceBytes), `${pieceBytes}`).to.deep.equal(files);
    }
  });

  for (const format of ['gnu', 'pax', 'ustar']) {
    it(`reads what tar packs in the format ${format}, with its folders`, async () => {
      const root = mkdtempSync(join(tmpdir(), 'ctsync-tar-'));
      try {
        for (const [path, content] of Object.entries(CONTENTS)) {
          mkdirSync(join(root, path, '..'), { recursive: true });
          writeFileSync(join(root, path), content);
        }
        for (const [folder, names] of [
          [root, 'top'],
          [join(root, 'top'), '.'],
        ] as const) {
          const archive = execFileSync('tar', ['-c', `--format=${format}`, '-C', folder, names]);
          const found = (await read(archive)).filter(([, kind]) => kind === 'file').sort();
          const top = names === '.' ? /^top\// : /^$/;
          expect(found).to.deep.equal(files.map(([path, ...rest]) => [path!.replace(top, ''), ...rest]).sort());
        }
      } finally {
        rmSync(root, { recursive: true });
      }
    });
  }

  it('passes over what nobody reads', async () => {
    const archive = await tarOf(Object.entries(CONTENTS).map(([name, content]) => ({ name, content })));
    const paths: string[] = [];
    for await (const { path, content } of tarMembers(streamOf(archive, 100))) {
      paths.push(path);
      if (path === 'top/odd') for await (const piece of content) if (piece.length > 0) break;
    }
    expect(paths).to.deep.equal(Object.keys(CONTENTS));
  });

  it('refuses an archive that is cut anywhere', async () => {
    const archive = await tarOf([
      { name: 'a', content: 'a'.repeat(600) },
      { name: 'b', content: '\0'.repeat(2048) },
    ]);
    for (let length = 0; length < archive.length; length += 128) {
      expect(await refusal(archive.subarray(0, length)), `${length}`).to.match(/^it is cut off/);
    }
  });

  it('refuses what follows the end: other readers would not see it', async () => {
    const archive = await tarOf([{ name: 'a', content: 'a' }]);
    const behind = 'something follows the end of its archive';
    expect(await read(Buffer.concat([archive, Buffer.alloc(10_240)]))).to.have.length(1);
    for (const more of [archive, Buffer.from('x'), Buffer.alloc(2 * 1024 * 1024)]) {
      expect(await refusal(Buffer.concat([archive, more]))).to.equal(behind);
    }
    const [header, content] = [archive.subarray(0, 512), archive.subarray(512, 1024)];
    expect(await refusal(Buffer.concat([header, content, Buffer.alloc(512), archive]))).to.equal(behind);
  });

  const odd: [string, (block: Buffer) => void, string][] = [
    ['a hard link', (block) => block.write('1', 156), 'its member ctsync-r1-20261122T132800Z/odd is a hard link'],
    ['an old long link', (block) => block.write('K', 156), 'its member ctsync-r1-20261122T132800Z/odd is a link'],
    ['a sparse file', (block) => block.write('S', 156), 'its member ctsync-r1-20261122T132800Z/odd is a sparse file'],
    [
      'another kind',
      (block) => block.write('Z', 156),
      'its member ctsync-r1-20261122T132800Z/odd is of an unknown kind',
    ],
    [
      'a size that is none',
      (block) => block.write('9x', 124),
      "its member ctsync-r1-20261122T132800Z/odd has a size that can't be read",
    ],
    [
      'a size below nothing',
      (block) => block.fill(0xff, 124, 136),
      "its member ctsync-r1-20261122T132800Z/odd has a size that can't be read",
    ],
    [
      'a size beyond counting',
      (block) => block.fill(0xff, 125, 136).writeUInt8(0x80, 124),
      "its member ctsync-r1-20261122T132800Z/odd has a size that can't be read",
    ],
    [
      'a folder with a content',
      (block) => block.write('00000000001\0'.padEnd(32) + '5', 124),
      'its member ctsync-r1-20261122T132800Z/odd is a folder with a content',
    ],
    ['no magic', (block) => block.write('tar', 257), 'what should be a header of its archive is none'],
    [
      'no UTF-8',
      (block) => block.writeUInt8(0xff, 0),
      'the name of its member ÿtsync-r1-20261122T132800Z/odd is no UTF-8',
    ],
    [
      'a very long extension',
      (block) => block.write('00004000000\0' + ' '.repeat(20) + 'x', 124),
      'an extended header of its archive is too long',
    ],
  ];
  for (const [what, change, message] of odd) {
    it(`refuses ${what}`, async () => {
      expect(await refusal(Buffer.concat([headerBlock(change), END]))).to.equal(message);
    });
  }

  it('refuses a header with a wrong checksum', async () => {
    const archive = await tarOf([{ name: 'a', content: 'a' }]);
    archive.writeUInt8(0x62, 0);
    expect(await refusal(archive)).to.equal('a header of its archive has a wrong checksum');
  });

  describe('extended headers', () => {
    const member = headerBlock(() => undefined);
    function extended(letter: string, text: string): Buffer {
      const size = Buffer.byteLength(text);
      const header = headerBlock((block) => {
        block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
        block.write(letter, 156);
      });
      const content = Buffer.alloc(Math.ceil(size / 512) * 512);
      content.write(text);
      return Buffer.concat([header, content]);
    }

    it('may name the next member, and what they say beside that is passed over', async () => {
      const archive = Buffer.concat([extended('x', '14 path=other\n17 mtime=1.23456\n'), member, member, END]);
      expect((await read(archive)).map(([path]) => path)).to.deep.equal(['other', 'ctsync-r1-20261122T132800Z/odd']);
      const global = Buffer.concat([extended('g', '14 comment=abc\n'.replace('14', '15')), member, END]);
      expect(await read(global)).to.have.length(1);
    });

    const refused: [string, Buffer, string][] = [
      ['sparse files', extended('x', '22 GNU.sparse.major=1\n'), 'one of its members is a sparse file'],
      ['one name for all', extended('g', '14 path=other\n'), 'all of its members have the same name'],
      ['a size that is none', extended('x', '11 size=-1\n'), 'one of its members has the size -1'],
      ['a length below nothing', extended('x', '-9 path=other\n'), 'an extended header of its archive is damaged'],
      ['a length beyond the end', extended('x', '99 path=other\n'), 'an extended header of its archive is damaged'],
      ['no length', extended('x', 'path=other\n'), 'an extended header of its archive is damaged'],
      ['no value', extended('x', '9 path-1\n'), 'an extended header of its archive is damaged'],
      ['no end of a line', extended('x', '14 path=other!'), 'an extended header of its archive is damaged'],
      [
        'more than a member needs',
        Buffer.concat(Array<Buffer>(6).fill(extended('x', ''))),
        'its archive has too many extended headers before a member',
      ],
      [
        'nothing behind them',
        Buffer.concat([extended('x', ''), Buffer.alloc(512)]),
        'an extended header of its archive has no member behind it',
      ],
    ];
    for (const [what, header, message] of refused) {
      it(`are refused with ${what}`, async () => {
        expect(await refusal(Buffer.concat([header, member, END]))).to.equal(message);
      });
    }

    it('are refused where they give a folder a content', async () => {
      const folder = headerBlock((block) => block.write('5', 156));
      const message = 'its member ctsync-r1-20261122T132800Z/odd is a folder with a content';
      expect(await refusal(Buffer.concat([extended('x', '10 size=5\n'), folder, END]))).to.equal(message);
    });
  });
});
