import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { waitFor } from '../lab/wait.js';
import { documentOf } from '../support/documents.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { UnreadOutput } from '../support/unread-output.js';
import { skipFor } from '../support/skip.js';

/** More than the buffers between conntrack, ctsync and its reader hold. */
const FLOWS = 20_000;
const TABLE = ['show', 'conntrack', 'table', 'ipv4'];
/** Writes down the process id that the sandbox knows it by. */
const NOTED = ['bash', '-c', 'echo $$ > /mnt/pid; exec "$@"', 'bash'];
const INTERRUPTED = { code: 'INTERRUPTED', message: 'Interrupted before the answer was complete.' };

describe('contract: ended from outside', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(FLOWS) + configured() + STARTED);
  });
  after(() => sandbox?.stop());
  afterEach(() => waitFor(async () => (await sandbox.processes('conntrack')).length === 0));

  /** A dump in its middle: all buffers on the way to the reader, who reads no more, are full. */
  async function dump(...flags: string[]): Promise<UnreadOutput> {
    const output = await UnreadOutput.of(sandbox.commandLine([...TABLE, ...flags], { under: NOTED }));
    await sandbox.sh(`until [ "$written" = "$(grep wchar /proc/$(cat /mnt/pid)/io)" ]; do
      written=$(grep wchar /proc/$(cat /mnt/pid)/io)
      sleep 0.3
    done`);
    return output;
  }
  const kill = (signal: string) => sandbox.sh(`kill -${signal} $(cat /mnt/pid)`);

  for (const [signal, exitCode] of [
    ['INT', 130],
    ['TERM', 143],
  ] as const) {
    it(`by SIG${signal}: the table has the rows that were there and says that it is not whole`, async () => {
      const output = await dump();
      await output.signal(`SIG${signal}`);
      const { stdout, stderr, code } = await output.rest();
      const rows = stdout.match(/^\d+ +\S+ .* \d+$/gm) ?? [];
      const [, counted] =
        /\n\n([\d,]+) flows, INCOMPLETE \(about [\d,]+ in the table, \d+\.\d s\)\.\n$/.exec(stdout) ?? [];
      expect(counted, stdout.slice(-200)).to.equal(rows.length.toLocaleString('en-US'));
      expect(rows.length).to.be.greaterThan(0).and.lessThan(FLOWS);
      expect(stderr).to.equal('Error: Interrupted before the answer was complete. [INTERRUPTED]\n');
      expect(code).to.equal(exitCode);
    });

    it(`by SIG${signal}: the document is closed`, async () => {
      const output = await dump('--json');
      await output.signal(`SIG${signal}`);
      const { stdout, code } = await output.rest();
      const { complete, error, flows: shown, summary } = documentOf(stdout);
      expect({ complete, error }).to.deep.equal({ complete: false, error: INTERRUPTED });
      expect(shown)
        .to.have.length(summary?.shown ?? 0)
        .and.to.have.length.within(1, FLOWS - 1);
      expect(code).to.equal(exitCode);
    });
  }

  it('by SIGTERM while its reader sleeps: the document is cut, and no byte of it is overwritten', async () => {
    const output = await dump('--json');
    await output.signal('SIGTERM');
    // Longer than it waits for the reader; what is then on its way to the reader comes unchanged or not at all.
    await pause(750);
    const { stdout, stderr, code } = await output.rest();
    const rows = stdout.split('\n').filter((line) => line.startsWith('{"family"'));
    expect(stdout.split('"flows":[\n')[1]?.split('\n')).to.deep.equal(rows);
    const ids = rows.slice(0, -1).map((row) => (JSON.parse(row.replace(/,$/, '')) as { id: number }).id);
    expect(new Set(ids).size).to.equal(ids.length).and.to.be.greaterThan(0);
    expect(() => JSON.parse(stdout) as unknown).to.throw(SyntaxError);
    expect(stderr).to.equal('Error: Interrupted before the answer was complete. [INTERRUPTED]\n');
    expect(code).to.equal(143);
  });

  it('by SIGINT: NDJSON has the rows that were there, and a last line that says that they are not all', async () => {
    const output = await dump('--format', 'ndjson');
    await output.signal('SIGINT');
    const { stdout, code } = await output.rest();
    const lines = stdout.trimEnd().split('\n');
    const { schema, complete, error, summary } = documentOf(lines.pop()!);
    expect({ schema, complete, error }).to.deep.equal({
      schema: 'ctsync/summary/1',
      complete: false,
      error: INTERRUPTED,
    });
    expect(lines)
      .to.have.length(summary?.shown ?? 0)
      .and.to.have.length.within(1, FLOWS - 1);
    expect(JSON.parse(lines.at(-1)!)).to.include({ family: 'ipv4' });
    expect(code).to.equal(130);
  });

  it('by SIGINT: CSV has whole rows, and stderr says that they are not all', async () => {
    const output = await dump('--format', 'csv');
    await output.signal('SIGINT');
    const { stdout, stderr, code } = await output.rest();
    const [header = '', ...rows] = stdout.split('\r\n');
    expect(rows.pop()).to.equal('');
    expect(rows).to.have.length.within(1, FLOWS - 1);
    for (const row of rows) expect(row.split(',')).to.have.length(header.split(',').length);
    expect(stderr).to.equal('Error: Interrupted before the answer was complete. [INTERRUPTED]\n');
    expect(code).to.equal(130);
  });

  it('by SIGINT although nobody reads what it says', async () => {
    const output = await dump();
    await output.signal('SIGINT');
    expect(await output.endUnread()).to.include({ code: 130 });
  });

  it('by a second SIGINT at once', async () => {
    const output = await dump();
    await output.signal('SIGINT');
    await pause(500);
    await output.signal('SIGINT');
    expect(await output.endUnread()).to.include({ code: 130 });
  });

  it('by SIGINT twice within a moment, as timeout(1) sends it: the answer is closed as after one', async () => {
    const output = await dump('--json');
    await output.signal('SIGINT');
    await pause(20);
    await output.signal('SIGINT');
    const { stdout, code } = await output.rest();
    expect(documentOf(stdout)).to.deep.include({ complete: false, error: INTERRUPTED });
    expect(code).to.equal(130);
  });

  for (const [signal, exitCode] of [
    ['INT', 130],
    ['TERM', 143],
  ] as const) {
    it(`by SIG${signal} while conntrackd is silent: an error, and a document with it`, async () => {
      await sandbox.sh('kill -STOP $(cat /mnt/conntrackd.pid)');
      try {
        const statistics = ['show', 'conntrack-sync', 'statistics', '--json', '--daemon-config', DAEMON.conf];
        const waiting = sandbox.ctsync(statistics, { under: NOTED });
        // A connection that waits to be taken has the name of the socket, too.
        await waitFor(async () => (await sandbox.sh(`grep -c ${DAEMON.socket} /proc/net/unix`)).trim() === '2');
        await kill(signal);
        const { stdout, stderr, code } = await waiting;
        expect(documentOf(stdout)).to.deep.include({ complete: false, error: INTERRUPTED });
        expect({ stderr, code }).to.deep.equal({ stderr: '', code: exitCode });
      } finally {
        await sandbox.sh('kill -CONT $(cat /mnt/conntrackd.pid)');
      }
    });
  }

  it('conntrack is killed in the middle: rows, and what happened', async () => {
    const output = await dump('--json');
    await sandbox.sh(`kill -KILL ${(await sandbox.processes('conntrack')).join(' ')}`);
    const { stdout, code } = await output.rest();
    const { complete, error, flows: shown } = documentOf(stdout);
    expect({ complete, error }).to.deep.equal({
      complete: false,
      error: {
        code: 'TOOL_CRASHED',
        message: 'conntrack -L -f ipv4 -o extended,id was ended by signal SIGKILL.',
        next: 'Something ended it from outside: look at the kernel log for the out-of-memory killer.',
      },
    });
    expect(shown).to.have.length.within(1, FLOWS - 1);
    expect(code).to.equal(4);
  });
});
