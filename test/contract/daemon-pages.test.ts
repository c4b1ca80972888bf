import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { DAEMON_PAGES, type DaemonPageName, type SyncStatistics } from '../../src/model/daemon-pages.js';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, USAGE } from '../support/failures.js';

const ARCHIVES = ['statistics', 'other-pages', 'runtime', 'links'].map((name) =>
  readArchive(fixture(`conntrackd-1.4.7/${name}.archive`)),
);
const FOLDER =
  'Captured statistics are a folder with any of s.txt, s-expect.txt, s-network.txt, s-cache.txt, s-runtime.txt, s-link.txt, s-queue.txt, s-rsqueue.txt, s-process.txt.';
const TITLES = [
  'Main Table Statistics',
  'Expect Table Statistics',
  'Network Statistics',
  'Cache Statistics',
  'Runtime Statistics',
  'Link Statistics',
  'Queue Statistics',
  'Resend Queue',
  'Child Processes',
];

function captureOf(name: string): Buffer {
  const found = ARCHIVES.map((archive) => archive.get(name)).find((bytes) => bytes !== undefined);
  if (found === undefined) throw new Error(`no capture ${name}`);
  return found;
}

/** The page of a daemon of the captures, as `ftfw_mcast2/r1` or `stats`. */
function pageOf(daemon: string, page: DaemonPageName): Buffer {
  const of = daemon.includes('/') ? `${daemon}.` : `${daemon}/`;
  return captureOf(`${of}s${page === 'main' ? '' : `_${page}`}.txt`);
}

describe("contract: conntrackd's pages, captured", () => {
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-pages-'));
    capture = join(folder, 'capture.txt');
  });
  after(() => rmSync(folder, { recursive: true }));

  const show = (...words: string[]) => ctsync(['show', 'conntrack-sync', 'statistics', ...words]);
  const statisticsIn = (text: string): SyncStatistics => documentOf(text)['statistics'] as SyncStatistics;

  /** A folder with all pages of a daemon. */
  function captured(daemon: string, pages: readonly DaemonPageName[] = DAEMON_PAGES): string {
    const path = mkdtempSync(join(folder, 'all-'));
    for (const page of pages) writeFileSync(join(path, fileOf(page)), pageOf(daemon, page));
    return path;
  }

  for (const page of DAEMON_PAGES.filter((name) => name !== 'process')) {
    it(`${page}: is one page, which reads the same again`, async () => {
      writeFileSync(capture, pageOf('ftfw_mcast2/r1', page));
      const [text, json] = await Promise.all([show(page, '--from', capture), show(page, '--from', capture, '--json')]);
      expect(text).to.include({ stderr: '', code: 0 });
      expect(documentOf(json.stdout).complete).to.equal(true);
      expect(Object.keys(statisticsIn(json.stdout))).to.deep.equal([page]);
      writeFileSync(capture, text.stdout);
      const again = await show(page, '--from', capture, '--json');
      expect(again.stdout).to.equal(json.stdout);
    });
  }

  it('names what it gets instead of a page', async () => {
    for (const [page, other] of [
      ['network', 'cache'],
      ['link', 'network'],
      ['expect', 'queue'],
      ['process', 'rsqueue'],
    ] as const) {
      writeFileSync(capture, pageOf('ftfw_mcast2/r1', other));
      await expectFailure((...flags) => show(page, '--from', capture, ...flags), {
        code: 'BAD_CAPTURE',
        message: `${capture} looks like conntrackd -s ${other}.`,
        next: `This page is read from the output of conntrackd -s ${page}.`,
      });
    }
  });

  it('refuses a general page for that of the caches, and a page that was cut', async () => {
    writeFileSync(capture, pageOf('notrack_udp_noint/r1', 'main'));
    expect((await show('cache', '--from', capture)).stderr).to.include('This is not the page of `conntrackd -s cache`');
    writeFileSync(capture, pageOf('ftfw_mcast2/r1', 'cache').subarray(0, 600));
    await expectFailure((...flags) => show('cache', '--from', capture, ...flags), {
      code: 'BAD_CAPTURE',
      message: `${capture}: The page of \`conntrackd -s cache\` is not whole: the block "cache:external" lacks its line "update OK/failed".`,
      next: 'Capture it again: the whole output of conntrackd -s cache, and nothing else.',
    });
  });

  it('refuses a page without its first block, or with something before it, asked for by its name or not', async () => {
    const text = pageOf('ftfw_mcast2/r1', 'main').toString('latin1');
    for (const [content, missing] of [
      [text.split('\n').slice(6).join('\n'), 'the block of the internal cache is missing'],
      [`\0\0\0${text}`, 'the block of the internal cache is missing'],
      [text.replace(/^multicast[^]*?\n\n/m, ''), 'the block of the link is missing'],
    ] as const) {
      writeFileSync(capture, content, 'latin1');
      for (const page of [[], ['main']])
        await expectFailure((...flags) => show(...page, '--from', capture, ...flags), {
          code: 'BAD_CAPTURE',
          message: `${capture}: The page of \`conntrackd -s\` is not whole: ${missing}.`,
          next: 'Capture it again: the whole output of conntrackd -s, and nothing else.',
        });
    }
    writeFileSync(capture, pageOf('ftfw_mcast2/r1', 'link').toString('latin1').split('\n').slice(1).join('\n'));
    expect((await show('link', '--from', capture)).stderr).to.include(
      'is not whole: the title above its line "Bytes sent" is missing.',
    );
  });

  it('an empty file is an empty page or the capture of a failure, and both is said', async () => {
    writeFileSync(capture, '');
    const note = `${capture} is empty: so is the capture of a daemon that has nothing to say there, and one that failed.`;
    const text = await show('rsqueue', '--from', capture);
    expect(text).to.include({ stdout: 'empty: only in FTFW mode\n', stderr: `Warning: ${note}\n`, code: 0 });
    const document = documentOf((await show('process', '--from', capture, '--json')).stdout);
    expect(document).to.deep.include({ statistics: { process: { children: [] } }, notes: [note] });
    expect(document).to.not.have.property('complete');
    for (const page of ['main', 'cache', 'runtime'] as const) {
      expect((await show(page, '--from', capture)).code, page).to.equal(1);
    }
  });

  it('all pages come from a folder, each under its title', async () => {
    const from = captured('ftfw_mcast2/r1');
    const text = await show('--all', '--from', from);
    expect(text).to.include({ stderr: '', code: 0 });
    expect(text.stdout.match(/^.*(?=:\n\n)/gm)?.filter((line) => TITLES.includes(line))).to.deep.equal(TITLES);
    const { stdout } = await show('--all', '--from', from, '--json');
    expect(documentOf(stdout).complete).to.equal(true);
    expect(Object.keys(statisticsIn(stdout))).to.deep.equal(DAEMON_PAGES);
  });

  for (const daemon of ['ftfw_mcast1/r1', 'ftfw_udp_noext/r2', 'notrack_udp_noint/r1', 'alarm_mcast/r1']) {
    it(`all pages of ${daemon}: those that are empty have a reason`, async () => {
      const { stdout, code } = await show('--all', '--from', captured(daemon), '--json');
      const { empty = {}, ...pages } = statisticsIn(stdout);
      expect({ complete: documentOf(stdout).complete, code }).to.deep.equal({ complete: true, code: 0 });
      expect([...Object.keys(pages), ...Object.keys(empty)]).to.have.members(DAEMON_PAGES);
      expect(empty.rsqueue).to.equal(daemon.startsWith('ftfw') ? undefined : 'only in FTFW mode');
      expect(empty).to.not.have.any.keys('network', 'link', 'queue');
    });
  }

  it('all pages of a daemon in statistics mode: five are empty', async () => {
    const { stdout } = await show('--all', '--from', captured('stats'), '--json');
    const reason = 'only in sync modes';
    expect(statisticsIn(stdout).empty).to.deep.equal({
      expect: reason,
      network: reason,
      link: reason,
      queue: reason,
      rsqueue: 'only in FTFW mode',
    });
    expect(documentOf(stdout).complete).to.equal(true);
  });

  it('a page that should not be empty is not taken for an empty one, and does not hide the others', async () => {
    const from = captured('ftfw_mcast2/r1');
    writeFileSync(join(from, 's-network.txt'), '');
    writeFileSync(join(from, 's-rsqueue.txt'), '');
    const { stdout, code } = await show('--all', '--from', from, '--json');
    const { complete, error, notes } = documentOf(stdout);
    expect({ complete, code }).to.deep.equal({ complete: false, code: 4 });
    expect(error).to.include({ code: 'BAD_CAPTURE' });
    expect(error?.message).to.match(/s-network\.txt: The answer to `conntrackd -s network` is empty/);
    expect(notes).to.have.length(1);
    expect(notes?.[0]).to.match(/s-rsqueue\.txt: The answer to `conntrackd -s rsqueue` is empty/);
    expect(Object.keys(statisticsIn(stdout))).to.have.length(7);
    const text = await show('--all', '--from', from);
    expect(text.stdout).to.match(/^Network Statistics:\n\nnot available$/m);
  });

  it('what is not in the folder is named, and so is what is something else', async () => {
    const from = captured('ftfw_mcast2/r1', ['main', 'queue']);
    const text = await show('--all', '--from', from);
    expect(text.stderr).to.equal(
      `Warning: Not in the capture ${from}: s-expect.txt, s-network.txt, s-cache.txt, s-runtime.txt, s-link.txt, s-rsqueue.txt, s-process.txt.\n`,
    );
    expect(text.code).to.equal(0);
    expect(documentOf((await show('--all', '--from', from, '--json')).stdout)).to.not.have.property('complete');
    cpSync(join(from, 's.txt'), join(from, 's-link.txt'));
    const other = await show('--all', '--from', from, '--json');
    expect(documentOf(other.stdout).error).to.deep.equal({
      code: 'BAD_CAPTURE',
      message: `${from}/s-link.txt looks like conntrackd -s.`,
      next: 'Put the output of conntrackd -s link into the capture as s-link.txt.',
    });
    expect(other.code).to.equal(4);
  });

  it('nothing that a page says reaches the terminal as a command to it', async () => {
    const from = join(folder, 'hostile');
    mkdirSync(from);
    const link = pageOf('ftfw_mcast2/r1', 'network').toString('latin1').replace('sync0', '\u001b[2J\u009b');
    writeFileSync(join(from, 's-network.txt'), link, 'latin1');
    const queue = pageOf('ftfw_mcast2/r1', 'queue').toString('latin1').replace('queue rsqueue', 'queue \u001b[2J');
    writeFileSync(join(from, 's-queue.txt'), `${queue}odd \u0007\n`, 'latin1');
    writeFileSync(join(from, 's-process.txt'), 'PID=1 type=\u001b]0;x\u0007\n', 'latin1');
    for (const flags of [[], ['--json']]) {
      expect((await show('--all', '--from', from, ...flags)).stdout).to.match(/^[\n -~]*$/);
    }
  });

  for (const [line, message, next] of [
    ['nosuch', `Expected nosuch to be one of: ${DAEMON_PAGES.join(', ')}.`, 'Add --help to see how it is used.'],
    ['link --all', '--all shows every page, and link is one of them.', 'Leave out --all, or link.'],
    [
      '--interval 0',
      '--interval takes a number of seconds above 0, such as 5 or 0.5, not "0".',
      'Add --help to see how it is used.',
    ],
    [
      '--interval 5 --from /nosuch',
      '--interval compares two readings of this host, and a capture is one.',
      'Leave --interval out.',
    ],
  ] as const) {
    it(`${line} is a mistake`, () =>
      expectFailure((...flags) => show(...line.split(' '), ...flags), { code: 'USAGE', message, next }, USAGE));
  }

  it('--all wants a folder', async () => {
    await expectFailure((...flags) => show('--all', '--from', '-', ...flags), {
      code: 'CAPTURE_UNREADABLE',
      message: 'Captured statistics can not come from stdin.',
      next: FOLDER,
    });
    await expectFailure((...flags) => show('--all', '--from', join(folder, 'hostile', 's-queue.txt'), ...flags), {
      code: 'BAD_CAPTURE',
      message: `${folder}/hostile/s-queue.txt is a file.`,
      next: FOLDER,
    });
    const none = mkdtempSync(join(folder, 'none-'));
    await expectFailure((...flags) => show('--all', '--from', none, ...flags), {
      code: 'BAD_CAPTURE',
      message: `${none} holds none of the files of captured statistics.`,
      next: FOLDER,
    });
  });
});

function fileOf(page: DaemonPageName): string {
  return page === 'main' ? 's.txt' : `s-${page}.txt`;
}
