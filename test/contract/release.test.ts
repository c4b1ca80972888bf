import { cp, mkdtemp, readdir, realpath, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { run } from '../lab/run.js';
import type { Outcome } from '../lab/run.js';
import { ctsync, fixture, NEUTRAL } from '../support/ctsync.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TABLE = ['show', 'conntrack', 'table', 'ipv4', '--from', fixture('documentation/table.txt')];

describe('contract: the release', () => {
  let folder: string;
  let compiled: string;
  before(async () => {
    folder = await realpath(await mkdtemp(join(tmpdir(), 'ctsync-release-')));
    for (const part of ['bin', 'dist', 'package.json', 'oclif.manifest.json'])
      await cp(join(ROOT, part), join(folder, part), { recursive: true });
    const names = await readdir(join(folder, 'dist'));
    compiled = join(
      folder,
      'dist',
      names.find((name) => name.endsWith('.compiled'))!,
    );
  });
  after(() => rm(folder, { recursive: true, force: true }));

  function started(): Promise<Outcome> {
    return run([process.execPath, join(folder, 'bin/run.js'), ...TABLE], { env: NEUTRAL });
  }

  async function takesCompiled(): Promise<string> {
    const ask = `console.log(require(${JSON.stringify(join(folder, 'bin/load.cjs'))}).codeCache.taken)`;
    return (await run([process.execPath, '-e', ask], { env: NEUTRAL })).stdout.trim();
  }

  it('starts with what was compiled when it was built', async () => {
    expect(await takesCompiled()).to.equal('true');
  });

  it('needs nothing beside it, and answers the same from another folder', async () => {
    expect(await started()).to.deep.equal(await ctsync(TABLE));
  });

  const damages: [name: string, damage: () => Promise<void>][] = [
    ['cut off', () => truncate(compiled, 100_000)],
    ['garbage', () => writeFile(compiled, 'no code'.repeat(1000))],
    ['empty', () => truncate(compiled, 0)],
    ['missing', () => rm(compiled)],
  ];
  for (const [name, damage] of damages)
    it(`is compiled again where that is ${name}`, async () => {
      await damage();
      expect(await takesCompiled()).to.equal('false');
      expect(await started()).to.deep.equal(await ctsync(TABLE));
    });

  it('that is not there is missed in a sentence', async () => {
    await rm(join(folder, 'dist'), { recursive: true });
    const { stdout, stderr, code } = await started();
    expect({ stdout, stderr, code }).to.deep.equal({
      stdout: '',
      stderr: `Error: ${join(folder, 'dist/ctsync.cjs')} is missing.\n  next:    In a clone, run "npm run build" first.\n`,
      code: 1,
    });
  });
});
