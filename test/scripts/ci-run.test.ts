import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { ended, launch } from '../lab/run.js';
import { waitFor } from '../lab/wait.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CHECKS = 9;

/** Two tests that pass, and one that waits until the file `go` is there, and says so in a file of that name. */
const TESTS = (waiting: string): string => `import { existsSync, writeFileSync } from 'node:fs';
it('passes', () => {});
it('passes, too', () => {});
it('waits', async () => {
  writeFileSync('${waiting}', '');
  while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
});
`;

describe('scripts: .ci/run', () => {
  let tree: string;
  /** The run itself and the tests are the real ones; each check is one that passes at once. */
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'ctsync-ci-'));
    for (const folder of ['.ci', 'scripts', 'test/lab', 'tmp', 'node_modules/.bin']) {
      mkdirSync(join(tree, folder), { recursive: true });
    }
    for (const path of ['.ci/run', 'scripts/test.mjs', 'scripts/test', '.mocharc.json', 'package.json']) {
      cpSync(join(ROOT, path), join(tree, path), { recursive: true });
    }
    for (const name of ['mocha', 'tsx'])
      symlinkSync(join(ROOT, 'node_modules', name), join(tree, 'node_modules', name));
    for (const name of ['eslint', 'prettier', 'tsc', 'depcruise', 'knip']) {
      const file = join(tree, 'node_modules/.bin', name);
      writeFileSync(file, '#!/bin/sh\n');
      chmodSync(file, 0o755);
    }
    for (const name of ['grammar', 'schemas', 'coverage']) writeFileSync(join(tree, `scripts/${name}.mjs`), '');
    writeFileSync(join(tree, 'scripts/setup.mjs'), 'export async function setUp() {}\n');
    writeFileSync(join(tree, 'test/some.test.ts'), TESTS('waiting'));
  });
  afterEach(() => rmSync(tree, { recursive: true }));

  /** In a group of its own, as on a terminal. */
  function start(): { child: ChildProcess; lines: () => string[] } {
    let printed = '';
    const env = { ...process.env, TMPDIR: join(tree, 'tmp') };
    const child = launch([join(tree, '.ci/run')], { detached: true, stdio: ['ignore', 'pipe', 'pipe'], env });
    child.stdout!.on('data', (text) => (printed += String(text)));
    return { child, lines: () => printed.trimEnd().split('\n') };
  }
  const isWaiting = (file = 'waiting') => waitFor(() => existsSync(join(tree, file)));

  it('ends with the counts of the checks and of the tests', async () => {
    writeFileSync(join(tree, 'go'), '');
    const { child, lines } = start();
    await ended(child);
    expect(lines().at(-1)).to.equal(`${CHECKS + 3} passed, 0 failed`);
    expect(child.exitCode).to.equal(0);
    expect(readdirSync(join(tree, 'tmp')).filter((name) => name.startsWith('tmp.'))).to.deep.equal([]);
  });

  it('counts what runs beside, and says it all with the names of what failed', async () => {
    writeFileSync(join(tree, 'go'), '');
    writeFileSync(join(tree, 'test/lab/views.test.ts'), TESTS('waiting-beside'));
    writeFileSync(
      join(tree, 'test/lab/findings.test.ts'),
      "it('fails beside', () => { throw new Error('on purpose'); });\n",
    );
    const { child, lines } = start();
    await ended(child);
    expect(lines().at(-1)).to.equal(`${CHECKS + 6} passed, 1 failed`);
    expect(lines().join('\n')).to.match(/1\) fails beside:\n\s+Error: on purpose/);
    expect(child.exitCode).to.equal(1);
  });

  it('a part of the tests that can not be loaded has failed, whatever the others say', async () => {
    writeFileSync(join(tree, 'go'), '');
    writeFileSync(join(tree, 'test/lab/views.test.ts'), "import './nowhere.js';\n");
    const { child, lines } = start();
    await ended(child);
    expect(lines().at(-1)).to.equal(`${CHECKS + 3} passed, 1 failed`);
    expect(lines().join('\n')).to.include('nowhere.js');
  });

  it('fails where a test beside is skipped', async () => {
    writeFileSync(join(tree, 'go'), '');
    writeFileSync(join(tree, 'test/lab/views.test.ts'), "it.skip('skips', () => {});\n");
    const { child, lines } = start();
    await ended(child);
    expect(lines().at(-1)).to.match(/ 1 failed$/);
    expect(child.exitCode).to.equal(1);
  });

  for (const [how, signal, target] of [
    ['by Ctrl-C', 'SIGINT', 'group'],
    ['by SIGTERM to it alone', 'SIGTERM', 'process'],
  ] as const) {
    it(`interrupted ${how} during the tests: counts what has passed, in a last line of its own`, async () => {
      writeFileSync(join(tree, 'test/lab/views.test.ts'), TESTS('waiting-beside'));
      const { child, lines } = start();
      await isWaiting();
      await isWaiting('waiting-beside');
      process.kill(target === 'group' ? -child.pid! : child.pid!, signal);
      await ended(child);
      expect(lines().at(-1)).to.equal(`${CHECKS + 4} passed, 2 failed`);
      expect(child.exitCode).to.equal(1);
      expect(readdirSync(join(tree, 'tmp')).filter((name) => /^tmp\.|^ctsync-test/.test(name))).to.deep.equal([]);
    });
  }
});
