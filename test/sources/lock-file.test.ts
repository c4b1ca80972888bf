import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { whileLocked } from '../../src/sources/lock-file.js';

describe('sources/lock-file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-lock-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const locked = (work: () => void, abort = new AbortController().signal) =>
    whileLocked(join(folder, 'state'), abort, work);

  it('does the work under a lock of that name, and leaves none, also where the work fails', async () => {
    const seen: string[][] = [];
    await locked(() => seen.push(readdirSync(folder)));
    expect(seen).to.deep.equal([['.state.lock']]);
    const error = await locked(() => {
      throw new Error('full');
    }).catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error').with.property('message', 'full');
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('waits until the lock is gone, and goes on where it stays', async () => {
    writeFileSync(join(folder, '.state.lock'), '');
    let done = false;
    await locked(() => (done = true));
    expect(done).to.equal(true);
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it('does the work where no lock can be made: it says itself what is wrong', async () => {
    let done = false;
    await whileLocked(join(folder, 'nosuch', 'state'), new AbortController().signal, () => (done = true));
    expect(done).to.equal(true);
  });

  it('ends at once where it is told to while it waits', async () => {
    writeFileSync(join(folder, '.state.lock'), '');
    const error = await locked(() => expect.fail('it was told to end'), AbortSignal.abort()).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.an('error').with.property('name', 'AbortError');
  });
});
