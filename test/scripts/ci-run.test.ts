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

/** Two tests that pass, and one that waits until the file `go` is there. */
const TESTS = `import { existsSync, writeFileSync } from 'node:fs';
it('passes', () => {});
it('passes, too', () => {});
it('waits', async () => {
  writeFileSync('waiting', '');
  while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 20));
});
`;

describe('scripts: .ci/run', () => {
  let tree: string;
  /** The run itself and the tests are the real ones; each check is one that passes at once. */
  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'ctsync-ci-'));
    for (const folder of ['.ci', 'scripts', 'test', 'tmp', 'node_modules/.bin']) {
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
    writeFileSync(join(tree, 'test/some.test.ts'), TESTS);
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
  const isWaiting = () => waitFor(() => existsSync(join(tree, 'waiting')));

  it('ends with the counts of the checks and of the tests', async () => {
    writeFileSync(join(tree, 'go'), '');
    const { child, lines } = start();
    await ended(child);
    expect(lines().at(-1)).to.equal(`${CHECKS + 3} passed, 0 failed`);
    expect(child.exitCode).to.equal(0);
    expect(readdirSync(join(tree, 'tmp')).filter((name) => name.startsWith('tmp.'))).to.deep.equal([]);
  });

  for (const [how, signal, target] of [
    ['by Ctrl-C', 'SIGINT', 'group'],
    ['by SIGTERM to it alone', 'SIGTERM', 'process'],
  ] as const) {
    it(`interrupted ${how} during the tests: counts what has passed, in a last line of its own`, async () => {
      const { child, lines } = start();
      await isWaiting();
      process.kill(target === 'group' ? -child.pid! : child.pid!, signal);
      await ended(child);
      expect(lines().at(-1)).to.equal(`${CHECKS + 2} passed, 1 failed`);
      expect(child.exitCode).to.equal(1);
      expect(readdirSync(join(tree, 'tmp')).filter((name) => /^tmp\.|^ctsync-test/.test(name))).to.deep.equal([]);
    });
  }
});
