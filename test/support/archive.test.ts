import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { readArchive } from './archive.js';

const MAKE = fileURLToPath(new URL('make-archive.mjs', import.meta.url));

describe('support/archive', () => {
  let folder: string;
  let archive: string;
  const members = new Map([
    ['a-empty', Buffer.alloc(0)],
    ['b-without-a-line-end', Buffer.from('one\ntwo')],
    ['c-any-bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
    ['d-like-a-member', Buffer.from('--- x 3\nabc\n# note\n')],
    ['e-line-ends', Buffer.from('\n\n\r\n')],
  ]);

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-archive-'));
    archive = join(folder, 'archive');
    for (const [name, bytes] of members) writeFileSync(join(folder, name), bytes);
    const names = [...members.keys()].reverse().join('\n');
    execFileSync(process.execPath, [MAKE, archive, folder, 'two lines\nof note'], { input: names });
  });

  after(() => rmSync(folder, { recursive: true }));

  it('gives every file back byte for byte, in the order of the names', () => {
    expect([...readArchive(archive)]).to.deep.equal([...members]);
    expect(readFileSync(archive, 'latin1')).to.match(/^# two lines\n# of note\n--- a-empty 0\n\n--- b/);
  });

  it('refuses an archive that was edited', () => {
    const edited = join(folder, 'edited');
    writeFileSync(edited, readFileSync(archive, 'latin1').replace('one\ntwo', 'one\ntwenty'), 'latin1');
    expect(() => readArchive(edited)).to.throw('b-without-a-line-end is not 7 bytes long');
    writeFileSync(edited, 'no archive\n');
    expect(() => readArchive(edited)).to.throw('no member begins at byte 0');
  });
});
