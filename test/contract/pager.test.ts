import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { fixture } from '../support/ctsync.js';
import { captureOf } from '../support/many-flows.js';
import { skipFor } from '../support/skip.js';
import { onTerminal, terminalUnavailable, uncoloured } from '../support/terminal.js';

const ROWS = 24;
/** Of a table of the IPv4 flows: the legend with its empty line, and the header. */
const HEAD = 5;
const BROKEN = /may not have been seen\. \[OUTPUT_FAILED\]/;

describe('contract: which pages go through a pager', () => {
  let folder: string;
  before(function () {
    skipFor(this, terminalUnavailable());
    folder = mkdtempSync(join(tmpdir(), 'ctsync-pager-'));
    // Says with which words and settings it was run, and how much it was given.
    program('pager', 'echo "PAGED $# $*"; echo "SETTINGS $LESSSECURE,$LESSOPEN,$LESS"; exec cat');
    program('less', 'echo "LESS $*"; echo "SETTINGS $LESSSECURE,$LESSOPEN,$LESS"; exec cat');
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  function program(name: string, script: string): void {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }

  /** The command line of a table that has so many lines, from a file without a line below its rows. */
  function table(lines: number): string[] {
    const path = join(folder, `${lines}.txt`);
    writeFileSync(path, captureOf(lines - HEAD));
    return ['show', 'conntrack', 'table', 'ipv4', '--from', path];
  }

  /** With the pager of this test in the environment, and its less first on the search path. */
  function shown(args: readonly string[], env: Record<string, string> = {}, redirected = '') {
    const path = `${folder}:${process.env['PATH']!}`;
    return onTerminal(args, { rows: ROWS, env: { PATH: path, PAGER: join(folder, 'pager'), ...env }, redirected });
  }

  it('more than a screenful, whole and with its colours', async () => {
    const { text, code } = await shown(table(ROWS));
    const plain = await onTerminal(table(ROWS));
    expect(text).to.equal(`PAGED 0 \nSETTINGS ,,FRSX\n${plain.text}`);
    expect(text).to.include('\u001b[32m');
    expect(code).to.equal(0);
  });

  it('not what the screen has room for', async () => {
    const { text } = await shown(table(ROWS - 1));
    expect(text).to.equal((await onTerminal(table(ROWS - 1))).text);
  });

  it('more than a screenful of any size: a million bytes arrive', async () => {
    const { text } = await shown(table(20_000));
    expect(uncoloured(text).match(/^\d+ .* \d+$/gm)).to.have.length(20_000 - HEAD);
  });

  it('the pages of conntrackd, too', async () => {
    const from = fixture('documentation/statistics.txt');
    const { text } = await shown(['show', 'conntrack-sync', 'statistics', '--from', from]);
    expect(text).to.match(/^PAGED 0/);
  });

  it('the pager has its arguments, and CTSYNC_PAGER goes before PAGER', async () => {
    const own = `${join(folder, 'pager')}  -a --b=c`;
    expect((await shown(table(ROWS), { PAGER: own })).text).to.match(/^PAGED 2 -a --b=c\n/);
    expect((await shown(table(ROWS), { PAGER: '/nosuch', CTSYNC_PAGER: own })).text).to.match(/^PAGED 2 /);
  });

  it('colours also go through the less of an operator who has settings of their own', async () => {
    expect((await shown(table(ROWS), { LESS: '-iM' })).text).to.match(/\nSETTINGS ,,-R -iM\n/);
  });

  for (const [what, more, env, redirected] of [
    ['--no-pager', ['--no-pager'], {}, ''],
    ['PAGER=cat', [], { PAGER: 'cat' }, ''],
    ['an empty PAGER', [], { PAGER: '' }, ''],
    ['CTSYNC_PAGER=cat', [], { CTSYNC_PAGER: 'cat' }, ''],
    ['an empty CTSYNC_PAGER', [], { CTSYNC_PAGER: '' }, ''],
    ['CTSYNC_PAGER=cat, as root under sudo', [], { CTSYNC_PAGER: 'cat', SUDO_UID: '1000' }, ''],
    ['a pager that is not installed', [], { PAGER: '/nosuch/pager' }, ''],
    ['a terminal that can not move its cursor', [], { TERM: 'dumb' }, ''],
    ['JSON', ['--json'], {}, ''],
    ['NDJSON', ['--format', 'ndjson'], {}, ''],
    ['CSV', ['--format=csv'], {}, ''],
    ['stdin that is no terminal', [], {}, '< /dev/null'],
    ['stdout that is no terminal', [], {}, '| cat'],
  ] as const) {
    it(`no pager with ${what}`, async () => {
      const { text, code } = await shown([...table(ROWS), ...more], env, redirected);
      expect(text).to.not.match(/PAGED|LESS/);
      expect(text.split('\n')).to.have.length.at.least(ROWS - HEAD);
      expect(code).to.equal(0);
    });
  }

  for (const pager of [
    'less | head',
    '"less"',
    'LESS=-S less',
    'less; id',
    'less $(id)',
    'less `id`',
    'less > /tmp/x',
  ]) {
    it(`less for the pager ${pager}, which only a shell could run`, async () => {
      const { text } = await shown(table(ROWS), { PAGER: pager });
      expect(text).to.match(/^LESS -FRSX\n/);
      expect(uncoloured(text)).to.match(/\nWarning: The pager ".*" needs a shell, which ctsync does not run: .*\n$/);
    });
  }

  for (const variable of ['SUDO_UID', 'DOAS_USER', 'PKEXEC_UID']) {
    it(`as root under ${variable}: a less that starts no program, whatever the operator would like`, async () => {
      const env = { [variable]: '1000', LESS: '-iM', LESSOPEN: '|evil %s', LESSSECURE: '0' };
      const { text } = await shown(table(ROWS), env);
      expect(text).to.match(/^LESS -FRSX\nSETTINGS 1,,\n/);
    });
  }

  it('a pager that fails at once is an error that names it', async () => {
    program('broken', 'exit 3');
    const { text, code } = await shown(table(2000), { PAGER: join(folder, 'broken') });
    expect(text).to.include('/broken ended with exit code 3').and.to.match(BROKEN);
    expect(code).to.equal(1);
  });

  it('a pager that is killed is an error, too', async () => {
    program('killed', 'kill -KILL $$');
    const { text, code } = await shown(table(2000), { PAGER: join(folder, 'killed') });
    expect(text).to.include('/killed ended with signal SIGKILL').and.to.match(BROKEN);
    expect(code).to.equal(1);
  });

  it('a pager that reads no further ends the command quietly', async () => {
    program('head', 'exec /usr/bin/head -n 7');
    const { text, code } = await shown(table(20_000), { PAGER: join(folder, 'head') });
    expect(text.split('\n')).to.have.length(8);
    expect(code).to.equal(0);
  });

  it('warnings come after the pager has ended', async () => {
    program('slow', 'cat; sleep 0.3; echo END');
    const path = join(folder, 'cut.txt');
    writeFileSync(path, `${captureOf(100)}ipv4     2 udp`);
    const args = ['show', 'conntrack', 'table', 'ipv4', '--from', path];
    const { text, code } = await shown(args, { PAGER: join(folder, 'slow') });
    expect(uncoloured(text)).to.match(/INCOMPLETE[^]*\nEND\nError: .* ends in the middle of a line/);
    expect(code).to.equal(4);
  });

  it('a page that is not whole does not hide behind a count of nothing', async () => {
    const path = join(folder, 'none.txt');
    writeFileSync(path, `${captureOf(3)}ipv4     2 udp`);
    const args = ['show', 'conntrack', 'table', 'ipv4', '--from', path, '--filter', 'udp'];
    const { text } = await shown(args);
    expect(text).to.not.include('No IPv4 flows.');
    expect(text).to.match(/0 flows, INCOMPLETE/);
    expect((await shown([...args, '--count'])).text).to.match(/^0, INCOMPLETE\n/);
  });

  it('is written down', () => {
    expect(readFileSync(new URL('../../README.md', import.meta.url), 'utf8')).to.include('`--no-pager`');
  });
});
