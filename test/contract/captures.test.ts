import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { must, run } from '../lab/run.js';
import { readArchive } from '../support/archive.js';
import { commandLine, ctsync, fixture, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, sentences } from '../support/failures.js';

const OUTPUTS = readArchive(fixture('captures-wrong/outputs.archive'));
const TABLE = OUTPUTS.get('conntrack-L/extended_id.txt')!;
const IPV4_ROWS = TABLE.toString().match(/^ipv4 /gm)!.length;

/** Each command with what it reads, and the capture of another command. */
const COMMANDS: readonly (readonly [command: string, reads: string, other: string, looksLike: string])[] = [
  ['conntrack table ipv4', 'conntrack -L -o extended,id', 'ftfw_mcast1/r1.i.txt', 'conntrackd -i'],
  ['conntrack table ipv6', 'conntrack -L -o extended,id', 'conntrack-L/save.txt', 'conntrack -L -o save'],
  ['conntrack-sync cache internal', 'conntrackd -i', 'ftfw_mcast1/r2.e.txt', 'conntrackd -e'],
  ['conntrack-sync cache external', 'conntrackd -e', 'ftfw_mcast1/r1.i.txt', 'conntrackd -i'],
];
const PAGE = 'This command reads the output of conntrackd -s, or both tables under the titles that it prints itself.';
const FOLDER =
  'A captured status is a folder with any of conntrackd.conf, keepalived.conf, failover-state, s.txt, s-runtime.txt, s-link.txt.';

const TABLE_COMMAND = ['show', 'conntrack', 'table', 'ipv4'];

const ERROR_LINE = "[Sun Nov 22 13:53:29 2026] (pid=26542) [ERROR] can't connect: is conntrackd running?\n";

describe('contract: captures that are none, damaged or of something else', () => {
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-captures-'));
    capture = join(folder, 'capture.txt');
  });
  after(() => rmSync(folder, { recursive: true }));

  const show =
    (command: string, from = capture) =>
    (...flags: string[]) =>
      ctsync(['show', ...command.split(' '), '--from', from, ...flags]);

  for (const [command, reads, other, looksLike] of COMMANDS) {
    describe(`show ${command}`, () => {
      const next = `This command reads the output of ${reads}.`;

      it(`names ${looksLike} when it gets that`, async () => {
        writeFileSync(capture, OUTPUTS.get(other)!);
        const message = `${capture} looks like ${looksLike}.`;
        await expectFailure(show(command), { code: 'BAD_CAPTURE', message, next });
      });

      it('refuses what a conntrackd that was not there has said', async () => {
        writeFileSync(capture, ERROR_LINE);
        const message = `${capture} holds nothing that is a flow.`;
        const toolSays = "can't connect: is conntrackd running?";
        await expectFailure(show(command), { code: 'BAD_CAPTURE', message, tool_says: toolSays, next });
      });

      it('refuses what holds no flow at all', async () => {
        writeFileSync(capture, noise(3000));
        const message = `${capture} holds nothing that is a flow.`;
        await expectFailure(show(command), { code: 'BAD_CAPTURE', message, next });
      });
    });
  }

  it('does not take the messages of a log for an empty cache', async () => {
    writeFileSync(capture, ERROR_LINE.replace('ERROR', 'notice'));
    const { stderr, code } = await show('conntrack-sync cache external')();
    expect(stderr).to.equal(
      `Warning: ${capture} holds messages of conntrackd and no flow: so does the capture of an empty cache, and a log.\n`,
    );
    expect(code).to.equal(0);
  });

  it('show conntrack-sync statistics names what it gets instead, or says that it is no page, or empty', async () => {
    for (const [content, found] of [
      [OUTPUTS.get('ftfw_mcast1/r1.s_runtime.txt')!, 'looks like conntrackd -s runtime'],
      [noise(3000), 'is no page of conntrackd'],
      [Buffer.alloc(0), 'is empty'],
    ] as const) {
      writeFileSync(capture, content);
      const failure = { code: 'BAD_CAPTURE', message: `${capture} ${found}.`, next: PAGE } as const;
      await expectFailure(show('conntrack-sync statistics'), failure);
    }
  });

  it('a damaged page is to be captured again: the daemon and its log have nothing to do with it', async () => {
    const page = OUTPUTS.get('ftfw_mcast1/r1.s.txt')!.toString('latin1');
    writeFileSync(capture, page.replace(/^connections updated:.*\n/m, ''), 'latin1');
    await expectFailure(show('conntrack-sync statistics'), {
      code: 'BAD_CAPTURE',
      message: `${capture}: The page of \`conntrackd -s\` is not whole: the block "cache internal" lacks its line "connections updated".`,
      next: 'Capture it again: the whole output of conntrackd -s, and nothing else.',
    });
  });

  it('show conntrack-sync status wants a folder', async () => {
    const message = `${capture} is a file.`;
    await expectFailure(show('conntrack-sync status'), { code: 'BAD_CAPTURE', message, next: FOLDER });
    await expectFailure(show('conntrack-sync status', folder), {
      code: 'BAD_CAPTURE',
      message: `${folder} holds none of the files of a captured status.`,
      next: FOLDER,
    });
    await expectFailure(show('conntrack-sync status', '-'), {
      code: 'CAPTURE_UNREADABLE',
      message: 'A captured status can not come from stdin.',
      next: FOLDER,
    });
  });

  it('a captured status lacks what was not captured, and is incomplete only where a file is not what it should be', async () => {
    const status = mkdtempSync(join(folder, 'status-'));
    const json = async () => {
      const { stdout, code } = await show('conntrack-sync status', status)('--json');
      return { complete: documentOf(stdout).complete, code };
    };
    writeFileSync(join(status, 's.txt'), OUTPUTS.get('ftfw_mcast1/r1.s.txt')!);
    expect(await json()).to.deep.equal({ complete: undefined, code: 0 });
    for (const content of [OUTPUTS.get('ftfw_mcast1/r1.s_runtime.txt')!, noise(3000), Buffer.alloc(0)]) {
      writeFileSync(join(status, 's.txt'), content);
      expect(await json()).to.deep.equal({ complete: false, code: 4 });
    }
    const page = await show('conntrack-sync status', status)();
    expect(page.stdout).to.match(/^caches +: unknown \[.*s\.txt: The answer to `conntrackd -s` is empty/m);
    expect(page.code).to.equal(4);
  });

  for (const [what, from, reason] of [
    ['a file that does not exist', '/nosuch/capture.txt', 'does not exist'],
    ['a folder', '/', 'is a folder'],
  ] as const) {
    it(`${what} can't be read`, async () => {
      const next = 'Give --from the path of a file that holds the output of the tool, or - to read it from stdin.';
      const message = `The capture ${from} ${reason}.`;
      for (const command of ['conntrack table ipv4', 'conntrack-sync statistics']) {
        await expectFailure(show(command, from), { code: 'CAPTURE_UNREADABLE', message, next });
      }
    });
  }

  it('an empty file is an empty table or the capture of a failure, and both is said', async () => {
    writeFileSync(capture, '');
    const note = `${capture} is empty: so is the capture of an empty table, and one that failed.`;
    const asText = await show('conntrack table ipv4')();
    expect(asText).to.include({ stdout: 'No IPv4 flows.\n', stderr: `Warning: ${note}\n`, code: 0 });
    const { notes, complete, flows } = documentOf((await show('conntrack table ipv4')('--json')).stdout);
    expect({ notes, complete, flows }).to.deep.equal({ notes: [note], complete: undefined, flows: [] });
  });

  it('a capture that was cut shows its whole rows, and says that it was cut', async () => {
    writeFileSync(capture, TABLE.subarray(0, TABLE.lastIndexOf(' ')));
    const failure = {
      code: 'DUMP_INCOMPLETE',
      message: `${capture} ends in the middle of a line; that line is not shown.`,
      next: 'Capture it again, or add the newline if it was lost on the way.',
    } as const;
    const asText = await show('conntrack table ipv4')();
    expect(asText.stdout).to.match(/\n\d+ flows, INCOMPLETE \(\d+ looked at, \d\.\d s\)\.\n$/);
    expect(asText).to.include({ stderr: sentences(failure), code: 4 });
    const { complete, error } = documentOf((await show('conntrack table ipv4')('--json')).stdout);
    expect({ complete, error }).to.deep.equal({ complete: false, error: failure });
  });

  it("rows that are fewer than conntrack's own summary says are said to be missing", async () => {
    const rows = TABLE.toString().split('\n').slice(0, 3).join('\n');
    writeFileSync(capture, `${rows}\nconntrack v1.4.7 (conntrack-tools): 4 flow entries have been shown.\n`);
    const { stdout, code } = await show('conntrack table ipv4')('--json');
    expect(documentOf(stdout)).to.deep.include({
      complete: false,
      error: {
        code: 'DUMP_INCOMPLETE',
        message: `${capture} holds 3 flows, but conntrack's summary in it says 4.`,
        next: 'Capture it again: rows were lost.',
      },
    });
    expect(code).to.equal(4);
  });

  it('a capture with that summary, and as many rows, is complete', async () => {
    const rows = TABLE.toString().split('\n').length - 1;
    writeFileSync(
      capture,
      `${TABLE.toString()}conntrack v1.4.7 (conntrack-tools): ${rows} flow entries have been shown.\n`,
    );
    const { stdout, stderr, code } = await show('conntrack table ipv4')();
    expect(stdout).to.match(new RegExp(`\n${IPV4_ROWS} flows, complete \\(${rows} looked at, \\d\\.\\d s\\)\\.\n$`));
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
  });

  it('garbage between the rows is counted, and a line of 10 MB costs nothing but its row', async () => {
    const endless = Buffer.alloc(10_000_000, 'x');
    writeFileSync(capture, Buffer.concat([TABLE, noise(500), Buffer.from('\n'), endless, Buffer.from('\n'), TABLE]));
    const { stdout, code } = await show('conntrack table ipv4')('--json');
    const { flows, summary, complete, error, notes } = documentOf(stdout);
    expect(notes).to.have.length(1);
    expect(notes?.[0]).to.match(/^The first line that is no flow begins with: .{1,101}$/s);
    expect(flows).to.have.length(2 * IPV4_ROWS);
    expect(summary?.unreadable).to.be.at.least(2);
    expect(complete).to.equal(false);
    expect(error).to.include({
      code: 'BAD_CAPTURE',
      message: `${summary?.unreadable} lines of ${capture} can not be read as flows; they are not shown.`,
    });
    expect(code).to.equal(4);
    const asText = await show('conntrack table ipv4')();
    expect(asText.stdout).to.match(
      new RegExp(`\n${2 * IPV4_ROWS} flows, ${summary?.unreadable} unreadable lines, INCOMPLETE \\(`),
    );
    expect(asText.code).to.equal(4);
  });

  it('so is a FIFO, and the output of a command that the shell puts into one', async () => {
    const table = fixture('documentation/table.txt');
    const fromFile = await show('conntrack table ipv4', table)();
    const piped = await run(
      ['bash', '-c', `exec "$@" --from <(sleep 0.2; cat ${table})`, 'bash', ...commandLine(TABLE_COMMAND)],
      {
        env: NEUTRAL,
      },
    );
    expect(piped).to.deep.equal(fromFile);
    for (const device of ['/dev/stdin', '/dev/fd/0']) {
      const input = readFileSync(table, 'utf8');
      expect(await ctsync([...TABLE_COMMAND, '--from', device], { input })).to.deep.equal(fromFile);
    }
    const fifo = join(folder, 'fifo');
    await must(['mkfifo', fifo]);
    const [named] = await Promise.all([
      show('conntrack table ipv4', fifo)(),
      must(['sh', '-c', `sleep 0.3; cat ${table} > ${fifo}`]),
    ]);
    expect(named).to.deep.equal(fromFile);
  });

  for (const [signal, code] of [
    ['INT', 130],
    ['TERM', 143],
  ] as const) {
    it(`SIG${signal} ends the waiting for a FIFO that nobody writes to`, async () => {
      const fifo = join(folder, `silent-${signal}`);
      await must(['mkfifo', fifo]);
      for (const command of ['conntrack table ipv4', 'conntrack-sync statistics']) {
        const argv = commandLine(['show', ...command.split(' '), '--from', fifo]);
        const ended = await run(
          ['timeout', '--preserve-status', '--signal', signal, '--kill-after', '5', '2', ...argv],
          {
            env: NEUTRAL,
          },
        );
        expect(ended).to.deep.equal({
          stdout: '',
          stderr: 'Error: Interrupted before the answer was complete. [INTERRUPTED]\n',
          code,
          signal: null,
        });
      }
    });
  }

  it('stdin is a capture like any other', async () => {
    const fromFile = await show('conntrack table ipv4', fixture('documentation/table.txt'))();
    const table = OUTPUTS.get('conntrack-L/extended_id.txt')!.toString();
    const piped = await ctsync(['show', 'conntrack', 'table', 'ipv4', '--from', '-'], { input: table });
    expect(piped).to.include({ stderr: '', code: 0 });
    expect(piped.stdout.split('\n').slice(0, 5)).to.deep.equal(fromFile.stdout.split('\n').slice(0, 5));
    expect(piped.stdout.match(/^\d+ +[\d.]+/gm)).to.have.length(IPV4_ROWS);
    const wrong = await ctsync(['show', 'conntrack-sync', 'statistics', '--from', '-'], { input: table });
    expect(wrong.stderr).to.equal(
      `Error: stdin looks like conntrack -L -o extended,id. [BAD_CAPTURE]\n  next:    ${PAGE}\n`,
    );
  });
});

/** Bytes of all kinds in lines of all lengths, the same each time. */
function noise(bytes: number): Buffer {
  let state = 12345;
  return Buffer.from(
    Array.from({ length: bytes }, () => ((state = (state * 1103515245 + 12345) & 0x7fffffff) >> 16) & 0xff),
  );
}
