import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { followLog } from '../../src/sources/followed-log.js';
import { LogFile } from '../../src/sources/log-file.js';
import { waitFor } from '../lab/wait.js';

describe('sources/followed-log', () => {
  let folder: string;
  let path: string;
  let abort: AbortController;
  let seen: string[];
  let following: Promise<void>;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-follow-'));
    path = join(folder, 'log');
    abort = new AbortController();
    seen = [];
  });
  afterEach(async () => {
    abort.abort();
    await following;
    rmSync(folder, { recursive: true });
  });

  async function follow(): Promise<void> {
    const file = await LogFile.open(path).catch(() => undefined);
    const begun = file && { file, position: file.size };
    following = (async () => {
      for await (const piece of followLog(path, begun, abort.signal)) {
        seen.push(typeof piece === 'string' ? piece : piece.toString());
      }
    })();
  }

  const sees = (...pieces: string[]) =>
    waitFor(() => JSON.stringify(seen) === JSON.stringify(pieces), { what: `${pieces.join()}, not ${seen.join()}` });

  it('gives what is written, and ends when it is told to', async () => {
    writeFileSync(path, 'before\n');
    await follow();
    appendFileSync(path, 'one\n');
    await sees('one\n');
    appendFileSync(path, 'two\n');
    await sees('one\n', 'two\n');
    abort.abort();
    await following;
  });

  it('waits for a file that is not there yet, and reads it from its beginning', async () => {
    await follow();
    writeFileSync(path, 'first\n');
    await sees('first\n');
    appendFileSync(path, 'second\n');
    await sees('first\n', 'second\n');
  });

  it('goes on in the file that takes the place of a renamed one, with the last words of that', async () => {
    writeFileSync(path, '');
    await follow();
    appendFileSync(path, 'old\n');
    await sees('old\n');
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'late\n');
    writeFileSync(path, 'new\n');
    await waitFor(() => seen.includes('new\n'));
    expect(seen).to.deep.equal(['old\n', 'late\n', 'replaced', 'new\n']);
  });

  it('goes on in a renamed file while there is no other one', async () => {
    writeFileSync(path, '');
    await follow();
    renameSync(path, `${path}.1`);
    appendFileSync(`${path}.1`, 'still here\n');
    await sees('still here\n');
  });

  it('goes on from the beginning of a file that was emptied', async () => {
    writeFileSync(path, 'a long line that stood here before\n');
    await follow();
    truncateSync(path);
    appendFileSync(path, 'short\n');
    await sees('emptied', 'short\n');
  });

  it('goes on after the file was removed and made again', async () => {
    writeFileSync(path, 'x\n');
    await follow();
    rmSync(path);
    writeFileSync(path, 'again\n');
    await sees('replaced', 'again\n');
  });
});
