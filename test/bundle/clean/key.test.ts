import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { newKey, readKey, writeKey } from '../../../src/bundle/clean/key.js';
import { Failure } from '../../../src/model/failure.js';

describe('the key of a cleaning', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-key-'));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  function keyFile(text: string, mode = 0o600): string {
    const path = join(folder, 'key');
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  }

  function failure(act: () => unknown): string {
    try {
      act();
    } catch (error) {
      if (error instanceof Failure) return `${error.code}: ${error.message.replaceAll(folder, 'DIR')}`;
      throw error;
    }
    throw new Error('no failure');
  }

  it('is new each time, and is read as it was written', () => {
    const key = newKey();
    expect(key).to.have.length(32);
    expect(key.equals(newKey())).to.equal(false);
    const path = join(folder, 'new');
    const umask = process.umask(0);
    writeKey(path, key);
    process.umask(umask);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(readFileSync(path, 'utf8')).to.equal(`${key.toString('hex')}\n`);
    expect(readKey(path).equals(key)).to.equal(true);
  });

  it('is never written over what stands there, and through no link', () => {
    const path = keyFile('older');
    expect(failure(() => writeKey(path, newKey()))).to.equal(
      'OUTPUT_FAILED: The key was not written to DIR/key: something stands there already, and may be the key of older bundles.',
    );
    expect(readFileSync(path, 'utf8')).to.equal('older');
    const link = join(folder, 'link');
    symlinkSync(join(folder, 'elsewhere'), link);
    expect(failure(() => writeKey(link, newKey()))).to.match(/^OUTPUT_FAILED: /);
    expect(existsSync(join(folder, 'elsewhere'))).to.equal(false);
    expect(failure(() => writeKey(join(folder, 'no', 'key'), newKey()))).to.equal(
      'OUTPUT_FAILED: The key was not written to DIR/no/key: its folder does not exist.',
    );
  });

  it('is refused where others can read it', () => {
    expect(failure(() => readKey(keyFile(newKey().toString('hex'), 0o640)))).to.equal(
      'CONFIG_INVALID: The key file DIR/key is open to other users (mode 0640).',
    );
  });

  it('is refused where it is none, and what it says is not told', () => {
    for (const text of [
      '',
      'a secret that is no key',
      'ab'.repeat(31),
      'ab'.repeat(33),
      `${'ab'.repeat(32)}\n${'ab'.repeat(32)}`,
    ]) {
      expect(failure(() => readKey(keyFile(text)))).to.equal(
        'CONFIG_INVALID: The key file DIR/key is not 64 hexadecimal digits.',
      );
    }
    expect(readKey(keyFile(` ${'AB'.repeat(32)}\r\n`))).to.have.length(32);
  });

  it('is refused where it can not be read', () => {
    expect(failure(() => readKey(join(folder, 'none')))).to.equal(
      'CONFIG_UNREADABLE: The key file DIR/none does not exist.',
    );
    expect(failure(() => readKey(folder))).to.equal('CONFIG_UNREADABLE: The key file DIR is a folder.');
    expect(failure(() => readKey('/dev/zero'))).to.equal(
      'CONFIG_UNREADABLE: The key file /dev/zero is not a regular file.',
    );
  });
});
