import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { waitFor } from '../lab/wait.js';
import { commandLine } from '../support/ctsync.js';
import { captureOf } from '../support/many-flows.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { flows, TRACKING } from '../support/sandbox-daemon.js';
import { Screen, screenUnavailable } from '../support/screen.js';
import { skipFor } from '../support/skip.js';

/** More than the buffers between conntrack, ctsync and its pager hold. */
const FLOWS = 20_000;
const TABLE = ['show', 'conntrack', 'table', 'ipv4'];
const MORE = /^:$/m;
const ENDED = /^code=\d+$/m;
const INTERRUPTED = 'Error: Interrupted before the answer was complete. [INTERRUPTED]\n';
const PROGRAMS = ['node', 'conntrack', 'less'];

describe('contract: a live table on a screen', function () {
  let sandbox: Sandbox;
  let screen: Screen;
  before(async function () {
    skipFor(this, sandboxUnavailable() ?? screenUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(FLOWS));
  });
  after(() => sandbox?.stop());
  beforeEach(async () => void (screen = await Screen.open()));
  afterEach(() => screen.close());

  /** nsenter waits for what it runs, and must not be ended by the Ctrl-C that is meant for that. */
  function inSandbox(flags: readonly string[], view: readonly string[] = TABLE): string[] {
    const command = sandbox.commandLine([...view, ...flags], { under: ['env', '--default-signal=INT'] });
    return ['sh', '-c', `trap '' INT; exec "$@"`, 'sh', ...command];
  }

  /** Starts the table, waits for the pager's prompt, and gives back what it shows. */
  async function paged(...flags: string[]): Promise<string> {
    await screen.start(inSandbox(flags));
    return screen.shows(MORE);
  }
  const running = async (): Promise<string[]> =>
    (await Promise.all(PROGRAMS.map((program) => sandbox.processes(program)))).flat();
  const nothingLeft = () => waitFor(async () => (await running()).length === 0, { what: 'the end of all' });

  it('first page at once; to quit it ends ctsync and conntrack quietly', async () => {
    expect(await paged()).to.match(/^TCP state codes: /);
    expect(await sandbox.processes('conntrack')).to.have.length(1);
    await screen.press('q');
    const text = await screen.shows(ENDED);
    expect(text)
      .to.match(/code=0\n/)
      .and.to.not.match(/Error|Warning/);
    await nothingLeft();
  });

  it('top --interval says when it reads a second time, and takes that back on Ctrl-C', async () => {
    await screen.start(inSandbox(['--interval', '60'], ['show', 'conntrack', 'top']));
    await screen.shows(/^the second reading comes in 5\d s$/m);
    await screen.press('C-c');
    const text = await screen.shows(ENDED);
    expect(text).to.include('Error: Interrupted between the two readings. [INTERRUPTED]\n');
    expect(text).to.include('code=130\n').and.to.not.include('second reading');
    await nothingLeft();
  });

  it('is whole at its end', async () => {
    await paged();
    await screen.press('G');
    expect(await screen.shows(/\(END\)/)).to.match(/^20,\d{3} flows, complete \(.*\)\.$/m);
    await screen.press('q');
    expect(await screen.shows(ENDED)).to.include('code=0');
  });

  it('Ctrl-C ends conntrack and leaves the pager to the operator: 130, and a note behind it', async () => {
    await paged();
    await screen.press('C-c');
    await waitFor(async () => (await sandbox.processes('conntrack')).length === 0);
    await screen.press('C-c');
    expect(await sandbox.processes('less')).to.have.length(1);
    expect(await screen.text())
      .to.match(MORE)
      .and.to.not.include('Error');
    await screen.press('q');
    expect(await screen.shows(ENDED)).to.include(`${INTERRUPTED}code=130\n`);
    await nothingLeft();
  });

  it('Ctrl-C, and the rows so far to their end, which says that they are not all', async () => {
    await paged();
    await screen.press('C-c');
    // less forgets the keys that were pressed before it was interrupted.
    await waitFor(async () => (await sandbox.processes('conntrack')).length === 0);
    await screen.press('G');
    expect(await screen.shows(/\(END\)/)).to.match(/ flows, INCOMPLETE \(/);
    await screen.press('q');
    const text = await screen.shows(ENDED);
    expect(text, text).to.include(`${INTERRUPTED}code=130\n`);
  });

  /** Starts the table with these flags, and stops conntrack as soon as it is there. */
  async function stopped(...flags: string[]): Promise<void> {
    const stop = sandbox.sh('until pid=$(pgrep -x conntrack); do :; done; kill -STOP $pid');
    await screen.start(inSandbox(flags));
    await stop;
  }

  it('says the share of the table, erases it, and counts to the end', async () => {
    await stopped('--count');
    await screen.shows(/^reading: \d+ %, [\d,]+ of about 20,\d{3} flows, [12] s$/m);
    await sandbox.sh('kill -CONT $(pgrep -x conntrack)');
    expect(await screen.shows(ENDED))
      .to.match(/^20\d{3}\ncode=0\n/m)
      .and.to.not.include('reading');
  });

  it('of a table that conntrack filters only the time is known', async () => {
    await stopped('--count', '--protocol', 'udp');
    await screen.shows(/^reading: [\d,]+ flows, [12] s$/m);
    await screen.press('C-c');
    const text = await screen.shows(ENDED);
    expect(text)
      .to.include(`${INTERRUPTED}code=130\n`)
      .and.to.not.match(/reading|^\d+$/m);
    await nothingLeft();
  });

  it('SIGTERM ends the pager, too, and the terminal is as it was', async () => {
    await paged();
    await sandbox.sh('kill -TERM $(pgrep -x node)');
    expect(await screen.shows(ENDED)).to.include(`${INTERRUPTED}code=143\n`);
    await nothingLeft();
    await screen.type('stty -a');
    expect(await screen.shows(/isig icanon/)).to.match(/ echo /);
  });

  it('a pager that is killed leaves the terminal as it was', async () => {
    await paged();
    await sandbox.sh('kill -KILL $(pgrep -x less)');
    expect(await screen.shows(ENDED)).to.match(/The pager less -FRSX ended with signal SIGKILL[^]*code=1\n/);
    await nothingLeft();
    await screen.type('stty -a');
    expect(await screen.shows(/isig icanon/)).to.match(/ echo /);
  });

  it('is stopped by Ctrl-Z, also for longer than conntrack may be silent, and goes on', async () => {
    await paged('--timeout', '1');
    await screen.press('C-z');
    await screen.shows(/^code=148$/m);
    await new Promise((resolve) => setTimeout(resolve, 3500));
    await screen.press('C-l');
    await screen.type('fg');
    await screen.shows(MORE);
    await screen.press('G');
    expect(await screen.shows(/\(END\)/)).to.match(/ flows, complete \(/);
    await screen.press('q');
    await nothingLeft();
  });

  it('an operator who reads slowly costs conntrack nothing', async () => {
    await paged('--timeout', '1');
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await screen.press('G');
    expect(await screen.shows(/\(END\)/)).to.match(/ flows, complete \(/);
  });
});

describe('contract: a slow reading on a screen', function () {
  let folder: string;
  let pipe: string;
  let screen: Screen;
  before(function () {
    skipFor(this, screenUnavailable());
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-slow-'));
    pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
  });
  afterEach(async () => {
    await screen.close();
    rmSync(folder, { recursive: true });
  });

  /** Starts a table of what shell lines write, each `rows N` a number of flows. */
  async function reading(script: string, flags: readonly string[] = [], size = {}): Promise<void> {
    writeFileSync(join(folder, 'rows'), captureOf(1000));
    const writer = `rows() { head -n $1 ${join(folder, 'rows')}; }; { ${script}; } > ${pipe}`;
    const command = commandLine([...TABLE, '--from', pipe, ...flags]);
    screen = await Screen.open(size);
    // It ends with Ctrl-C, as what stands before a pipe does, and with the test where there is none.
    const start = 'timeout --foreground 30 bash -c "$1" & shift; exec "$@"';
    await screen.start(['bash', '-c', start, 'bash', writer, ...command]);
  }

  it('rows do not wait longer than a second for a pager; it takes them over once there are more than the screen holds', async () => {
    // The capture is recognised by its first 8 KiB; of these, two flows match.
    const filter = ['--filter', 'src host 10.0.0.1 or src host 10.0.0.2'];
    await reading('rows 60; sleep 2; for i in 1 2 3 4 5 6 7 8 9 10; do rows 3; done; sleep 60', filter);
    const early = await screen.shows(/^1000000002 /m);
    expect(early)
      .to.match(/^TCP state codes/m)
      .and.to.not.match(MORE);
    const later = await screen.shows(MORE);
    expect(later.match(/TCP state codes/g)).to.have.length(1);
    expect(later.match(/^1000000001 /gm)).to.have.length(9);
    await screen.press('q');
    expect(await screen.shows(ENDED)).to.include('code=0');
  });

  it('to quit while nothing comes ends the reading', async () => {
    await reading('rows 100; sleep 60');
    await screen.shows(MORE);
    await screen.press('q');
    expect(await screen.shows(ENDED))
      .to.include('code=0')
      .and.to.not.include('Error');
  });

  it('Ctrl-C without a pager: the rows so far, a note, 130', async () => {
    await reading('rows 100; sleep 60', ['--no-pager']);
    await screen.shows(/^1000000090 /m);
    await screen.press('C-c');
    expect(await screen.shows(ENDED)).to.match(/^100 flows, INCOMPLETE \(.*\nError: .* \[INTERRUPTED\]\ncode=130\n/m);
  });

  for (const [columns, line] of [
    [80, /^reading: 0 flows, [12] s$/m],
    [20, /^0 flows, [12] s$/m],
    [10, /^0, [12] s$/m],
  ] as const) {
    it(`says how far it has come, in ${columns} columns, and takes that back on Ctrl-C`, async () => {
      await reading('sleep 60', [], { columns });
      await screen.shows(line);
      await screen.press('C-c');
      const text = await screen.shows(ENDED);
      expect(text)
        .to.match(/code=130/)
        .and.to.not.include(' s\n');
    });
  }

  it('takes it back for the first row, and then says no more', async () => {
    await reading('sleep 2; rows 60; sleep 60', ['--limit', '1000', '--filter', 'src host 10.0.0.1']);
    await screen.shows(/^reading: /m);
    const text = await screen.shows(/^1000000001 /m);
    expect(text)
      .to.match(/^TCP state codes/m)
      .and.to.not.include('reading');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(await screen.text()).to.not.include('reading');
    await screen.press('C-c');
    expect(await screen.shows(ENDED))
      .to.match(/1 of|1 flow, INCOMPLETE/)
      .and.to.include(`${INTERRUPTED}code=130\n`);
  });

  for (const [flags, answer] of [
    [['--count'], /^1000, INCOMPLETE\n/m],
    [['--exists', '--filter', 'udp'], /^unknown\n/m],
    [['--sort=-bytes', '--limit', '2'], /^2 of 1,000 flows, INCOMPLETE \(/m],
    [['--sort=-bytes'], /^0 of 1,000 flows, INCOMPLETE \(/m],
  ] as const) {
    it(`${flags.join(' ')}: progress, and Ctrl-C gives no answer that looks whole`, async () => {
      await reading('rows 1000; sleep 60', flags);
      await screen.shows(/^reading: 1,000 flows, [12] s$/m);
      await screen.press('C-c');
      const text = await screen.shows(ENDED);
      expect(text.replaceAll('^C', '')).to.match(answer);
      expect(text).to.include(`${INTERRUPTED}code=130\n`).and.to.not.include('reading');
    });
  }

  it('no progress where stderr is no terminal', async () => {
    await reading('sleep 2; rows 60', ['--count', '2>&1']);
    expect(await screen.shows(ENDED, 20)).to.not.include('reading');
  });
});
