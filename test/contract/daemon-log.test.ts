import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { LogRecord } from '../../src/model/daemon-log.js';
import { run } from '../lab/run.js';
import { commandLine, ctsync, fixture, NEUTRAL } from '../support/ctsync.js';
import { capturedLogs } from '../support/daemon-logs.js';
import { documentOf } from '../support/documents.js';
import { expectFailure } from '../support/failures.js';
import { Following } from '../support/following.js';
import { onTerminal } from '../support/terminal.js';

const COMMAND = ['show', 'log', 'conntrack-sync'];
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A time as ctime(3) writes it, on a clock in UTC. */
function ctime(instant: number): string {
  const date = new Date(instant);
  const day = String(date.getUTCDate()).padStart(2);
  return `${WEEKDAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${day} ${date.toISOString().slice(11, 19)} ${date.getUTCFullYear()}`;
}

function line(instant: number, message: string, level = 'notice'): string {
  return `[${ctime(instant)}] (pid=7) [${level}] ${message}\n`;
}

const MINUTE = 60_000;
const minutesAgo = (minutes: number): number => Math.floor(Date.now() / 1000) * 1000 - minutes * MINUTE;

describe('contract: show log conntrack-sync', () => {
  let folder: string;
  let log: string;
  let conf: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-log-'));
    log = join(folder, 'conntrackd.log');
    conf = join(folder, 'conntrackd.conf');
    configure(`LogFile ${log}`);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function configure(general: string, stats = ''): void {
    writeFileSync(conf, `General {\n  ${general}\n  UNIX {\n    Path ${folder}/sock\n  }\n}\n${stats}`);
  }

  const live = (...flags: string[]) =>
    ctsync([
      ...COMMAND,
      '--daemon-config',
      conf,
      ...(flags.includes('--timezone') ? [] : ['--timezone', 'UTC']),
      ...flags,
    ]);

  async function records(...flags: string[]): Promise<LogRecord[]> {
    const { stdout } = await live('--json', ...flags);
    return documentOf(stdout)['records'] as LogRecord[];
  }

  const messages = (from: readonly LogRecord[]): string[] => from.map(({ message }) => message);

  describe('a captured log', () => {
    const captured = (name: string) => {
      const path = join(folder, 'captured.log');
      writeFileSync(path, capturedLogs.get(name)!);
      return path;
    };

    it('keeps its times as they are written', async () => {
      const shown = await ctsync([...COMMAND, '--from', captured('ftfw_mcast2/r2.log')]);
      expect(shown).to.include({ stderr: '', code: 0 });
      expect(shown.stdout).to.match(/^Sun Nov 22 13:41:24 2026 notice {2}Committed 34 new entries$/m);
      expect(shown.stdout).to.not.match(/\dZ /);
    });

    it('has them in UTC where the zone is named', async () => {
      const flags = ['--from', captured('ftfw_mcast2/r2.log'), '--timezone', 'Europe/Vienna'];
      const { stdout } = await ctsync([...COMMAND, ...flags]);
      expect(stdout).to.match(/^2026-11-22T12:41:24Z notice {2}Committed 34 new entries$/m);
    });

    for (const [name] of capturedLogs) {
      it(`${name} makes a valid document, from a file and from stdin`, async () => {
        const fromFile = await ctsync([...COMMAND, '--from', captured(name), '--json']);
        const input = capturedLogs.get(name)!.toString('latin1');
        const fromStdin = await ctsync([...COMMAND, '--from', '-', '--json'], { input });
        for (const { stdout, stderr, code } of [fromFile, fromStdin]) {
          const document = documentOf(stdout);
          expect(Object.keys(document)).to.deep.equal(['schema', 'source', 'log', 'records', 'summary']);
          expect(document['records']).to.have.length(input.trimEnd().split('\n').length);
          expect((document['records'] as LogRecord[]).some(({ at }) => at !== undefined)).to.equal(false);
          expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
        }
      });
    }

    it('has counts and durations of a commit', async () => {
      const { stdout } = await ctsync([...COMMAND, '--from', captured('ftfw_mcast2/r2.log'), '--json']);
      const events = (documentOf(stdout)['records'] as LogRecord[]).map(({ event }) => event);
      expect(events).to.deep.include.members([
        { type: 'committed', flows: 34 },
        { type: 'committed', expectations: 2 },
        { type: 'commit_took', seconds: 0.000841 },
        { type: 'resync_requested', by: 'this_node' },
      ]);
    });

    it('is refused where it is something else', async () => {
      await expectFailure((...flags) => ctsync([...COMMAND, '--from', fixture('documentation/table.txt'), ...flags]), {
        code: 'BAD_CAPTURE',
        message: `${fixture('documentation/table.txt')} looks like conntrack -L -o extended,id.`,
        next: "This command reads conntrackd's log: its LogFile, lines of syslog, or journalctl -t conntrack-tools -o json.",
      });
      writeFileSync(log, 'hello\nworld\n');
      for (const from of [log, '-']) {
        const { stderr, code } = await ctsync([...COMMAND, '--from', from], { input: 'hello\nworld\n' });
        expect(stderr).to.match(/ holds nothing that conntrackd logs\. \[BAD_CAPTURE\]\n/);
        expect(code).to.equal(1);
      }
    });

    it('that ends in the middle of a line is not whole, and half a message means nothing', async () => {
      writeFileSync(log, `${line(0, 'resync requested')}${line(0, 'resync requested').trimEnd()}`);
      for (const from of [log, '-']) {
        const input = `${line(0, 'resync requested')}${line(0, 'resync requested').trimEnd()}`;
        const { stdout, code } = await ctsync([...COMMAND, '--from', from, '--json'], { input });
        const document = documentOf(stdout);
        expect(document).to.deep.include({ complete: false });
        expect(document.error?.code).to.equal('DUMP_INCOMPLETE');
        const [whole, half] = document['records'] as LogRecord[];
        expect(whole?.event?.type).to.equal('resync_requested');
        expect(half).to.include({ truncated: true }).and.to.not.have.property('event');
        expect(code).to.equal(4);
      }
    });

    it('with lines that are not conntrackd’s shows them, says so, and ends with 4', async () => {
      writeFileSync(log, `${line(0, 'x')}evil \x1b]0;title\x07\x1b[2J\n`);
      const { stdout, code } = await ctsync([...COMMAND, '--from', log]);
      expect(stdout)
        .to.match(/^- +- +evil \\x1b\]0;title\\x07\\x1b\[2J$/m)
        .and.match(/\n1 line is not conntrackd's\.\n$/)
        .and.not.include('\x1b');
      expect(code).to.equal(4);
    });

    it('says what it does not have', async () => {
      const { stderr, code } = await ctsync([...COMMAND, '--from', join(folder, 'nothing')]);
      expect(stderr).to.match(/ does not exist\. \[CAPTURE_UNREADABLE\]\n/);
      expect(code).to.equal(1);
    });

    it('needs a zone for --since', async () => {
      const { stderr, code } = await ctsync([...COMMAND, '--from', captured('stats/r1.log'), '--since', '1h']);
      expect(stderr).to.equal(
        'Error: --since needs --timezone for a captured log. [USAGE]\n  next:    Its times do not say their zone: add --timezone ZONE.\n',
      );
      expect(code).to.equal(2);
    });
  });

  describe('this host’s log', () => {
    it('is the file that the configuration names', async () => {
      writeFileSync(log, line(minutesAgo(1), 'sending bulk update'));
      const { stdout, stderr, code } = await live('--json');
      const document = documentOf(stdout);
      const keys = ['schema', 'host', 'collected_at', 'source', 'log', 'records', 'summary', 'complete'];
      expect(Object.keys(document)).to.deep.equal(keys);
      expect(document['log']).to.deep.equal({ kind: 'file', path: log, timezone: 'UTC' });
      expect(document.complete).to.equal(true);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    });

    it('may be empty', async () => {
      writeFileSync(log, '');
      expect(await live()).to.include({ stdout: 'No log records.\n', stderr: '', code: 0 });
      expect(documentOf((await live('--json')).stdout)).to.deep.include({ records: [], complete: true });
    });

    it('is that of ended flows with --stats', async () => {
      writeFileSync(log, capturedLogs.get('stats/r1-stats.log')!);
      configure('LogFile off', `Stats {\n  LogFile ${log}\n}\n`);
      const flows = (await records('--stats')).map(({ flow }) => flow?.original.dst);
      expect(flows).to.have.length(9);
      expect(flows[0]).to.equal('10.91.1.1');
    });

    it('shows the last hundred records, and says that there are more', async () => {
      writeFileSync(log, Array.from({ length: 250 }, (_, i) => line(minutesAgo(300 - i), `m${i}`)).join(''));
      const { stdout, code } = await live();
      expect(stdout.match(/ m\d+$/gm)).to.have.length(100);
      expect(stdout).to.match(/\n\nThe last 100 records; [\d,]+ bytes before them are not shown \(.*\)\.\n$/);
      expect(code).to.equal(0);
      expect(messages(await records('--limit', '3'))).to.deep.equal(['m247', 'm248', 'm249']);
      expect(await records('--limit', 'all')).to.have.length(250);
    });

    it('shows all since a time, of them only the last where there is a limit', async () => {
      writeFileSync(log, Array.from({ length: 300 }, (_, i) => line(minutesAgo(300 - i), `m${i}`)).join(''));
      const since = new Date(minutesAgo(150)).toISOString();
      const found = messages(await records('--since', since));
      expect(found).to.have.length(150);
      expect(found[0]).to.equal('m150');
      expect(messages(await records('--since', since, '--limit', '2'))).to.deep.equal(['m298', 'm299']);
      expect(documentOf((await live('--json', '--since', since, '--limit', '2')).stdout).summary).to.include({
        limited: true,
        shown: 2,
      });
      expect(
        documentOf((await live('--json', '--since', since, '--limit', '150')).stdout).summary,
      ).to.not.have.property('limited');
    });

    it('keeps what has no time with the record before it', async () => {
      const [old, now] = [line(minutesAgo(60), 'old'), line(minutesAgo(1), 'now')];
      writeFileSync(log, `${old}of the old\n${now}of now\n`);
      expect(messages(await records('--since', '10m'))).to.deep.equal(['now', 'of now']);
    });

    it('finds what was logged while the clock was wrong', async () => {
      const times = [minutesAgo(9), minutesAgo(50_000), minutesAgo(8)];
      writeFileSync(log, times.map((time, i) => line(time, `m${i}`)).join(''));
      expect(messages(await records('--since', '10m'))).to.deep.equal(['m0', 'm2']);
    });

    it('names the rotated files where it begins later than is asked for', async () => {
      writeFileSync(log, line(minutesAgo(5), 'x'));
      for (const name of ['.1', '.2.gz', '.10.gz', '.conf', '-20261101']) writeFileSync(log + name, '');
      const { stderr, code } = await live('--since', '1h');
      expect(stderr).to.match(
        /^Warning: \S+conntrackd\.log begins at \S+; what was logged before is in \S+conntrackd\.log[.-]\d+ and 3 more like it: /,
      );
      expect(code).to.equal(0);
      expect((await live('--since', '2m')).stderr).to.equal('');
    });

    it('warns where the last message is not as old as its file: its zone is another one', async () => {
      writeFileSync(log, line(minutesAgo(0) + 540 * MINUTE, 'written in Tokyo'));
      const { stdout, stderr, code } = await live();
      expect(stdout).to.match(/Z notice {2}written in Tokyo$/m);
      expect(stderr).to.match(
        /^Warning: The last time in \S+ is \S+Z if its zone is UTC, but the file was written at \S+Z: name the zone that conntrackd ran in with --timezone ZONE\.\n$/,
      );
      expect(code).to.equal(0);
      expect((await live('--timezone', 'Asia/Tokyo')).stderr).to.equal('');
    });

    it('is one document also where nothing in it is readable', async () => {
      writeFileSync(log, 'garbage\n');
      const { stdout, code } = await live('--json');
      expect(documentOf(stdout)).to.deep.include({ records: [{ message: 'garbage' }], complete: true });
      expect(code).to.equal(4);
    });
  });

  describe('where there is no log', () => {
    it('says that the file does not exist', () =>
      expectFailure(live, {
        code: 'LOG_UNREADABLE',
        message: `conntrackd's log ${log} does not exist.`,
        next: 'conntrackd makes it when it starts: look whether it runs with this configuration (--daemon-config FILE).',
      }));

    it('says what it is where it is no file', async () => {
      mkdirSync(log);
      expect((await live()).stderr).to.match(/^Error: conntrackd's log \S+ is a folder\. \[LOG_UNREADABLE\]\n/);
      configure('LogFile /dev/null');
      expect((await live()).stderr).to.match(/^Error: conntrackd's log \/dev\/null is not a regular file\. /);
    });

    it('says that none is written', async () => {
      configure('LogFile off');
      await expectFailure(live, {
        code: 'LOG_UNREADABLE',
        message: `conntrackd writes no log: ${conf} has neither LogFile nor Syslog on in General.`,
        next: 'Add "LogFile on" to General and restart conntrackd; what it does until then is not written anywhere.',
      });
      expect((await live('--stats')).stderr).to.match(/ has no Stats: only in statistics mode .* \[LOG_UNREADABLE\]\n/);
    });

    it('says that the configuration can not be read', async () => {
      rmSync(conf);
      const { stderr, code } = await live();
      expect(stderr).to.match(
        /^Error: conntrackd's configuration \S+, which says where its log is, does not exist\. \[CONFIG_UNREADABLE\]\n/,
      );
      expect(code).to.equal(1);
      writeFileSync(conf, 'General {');
      expect((await live()).stderr).to.include('[CONFIG_INVALID]');
    });
  });

  describe('mistakes', () => {
    for (const [flags, message] of [
      [['--since', 'soon'], '--since takes a time, not "soon".'],
      [['--timezone', 'Mars'], '--timezone takes the name of a zone, such as Europe/Vienna or UTC, not "Mars".'],
      [['--limit', 'many'], '--limit takes a whole number, or all, not "many".'],
      [['--follow', '--from', 'x'], '--from and --follow exclude each other.'],
      [['--follow', '--format', 'json'], 'A log that goes on is no document: --follow goes with --format ndjson.'],
    ] as const) {
      it(flags.join(' '), async () => {
        const { stderr, stdout, code } = await ctsync([...COMMAND, '--daemon-config', conf, ...flags]);
        const said = `${stderr}${stdout}`;
        expect(said).to.include(message.replaceAll('"', stdout === '' ? '"' : '\\"'));
        expect(code).to.equal(2);
      });
    }
  });

  describe('--follow', () => {
    const follow = (...flags: string[]) =>
      new Following(commandLine([...COMMAND, '--daemon-config', conf, '--timezone', 'UTC', '--follow', ...flags]));

    it('shows the last records and what comes, and ends quietly on Ctrl-C', async () => {
      writeFileSync(log, Array.from({ length: 20 }, (_, i) => line(minutesAgo(20), `m${i}`)).join(''));
      const following = follow();
      await following.until((lines) => lines.length === 10);
      appendFileSync(log, line(minutesAgo(0), 'resync requested'));
      const lines = await following.until((shown) => shown.length === 11);
      expect(lines[0]).to.match(/ m10$/);
      expect(lines[10]).to.match(/^\S+Z notice {2}resync requested$/);
      expect(await following.interrupt()).to.include({ stderr: '', code: 130 });
    });

    it('gives a record a line, and nothing else, with --format ndjson', async () => {
      writeFileSync(log, '');
      const following = follow('--format', 'ndjson');
      await following.ready();
      appendFileSync(log, line(minutesAgo(0), 'Committed 5 new entries'));
      const [first] = await following.until((lines) => lines.length === 1);
      expect((JSON.parse(first!) as LogRecord).event).to.deep.equal({ type: 'committed', flows: 5 });
      const { stdout, code } = await following.interrupt();
      expect(stdout).to.equal(`${first}\n`);
      expect(code).to.equal(130);
    });

    it('waits for a log that is not there yet', async () => {
      const following = follow();
      await following.tells(/^Warning: \S+ does not exist yet: it is waited for\.\n$/);
      writeFileSync(log, line(minutesAgo(0), 'x'));
      await following.until((lines) => lines.length === 1);
      expect((await following.interrupt()).code).to.equal(130);
    });

    it('goes on in the file that takes the place of a rotated one', async () => {
      writeFileSync(log, line(minutesAgo(1), 'first'));
      const following = follow();
      await following.until((lines) => lines.length === 1);
      renameSync(log, `${log}.1`);
      writeFileSync(log, line(minutesAgo(0), 'second'));
      const lines = await following.until((shown) => shown.length === 2);
      expect(lines[1]).to.match(/second$/);
      expect(await following.interrupt()).to.include({ stderr: '', code: 130 });
    });

    it('goes on in a file that was emptied, and says that something may be missing', async () => {
      writeFileSync(log, line(minutesAgo(1), 'a long line before'));
      const following = follow();
      await following.until((lines) => lines.length === 1);
      writeFileSync(log, line(minutesAgo(0), 'short'));
      await following.until((lines) => lines.length === 2);
      const { stderr } = await following.interrupt();
      expect(stderr).to.match(/^Warning: \S+ was emptied: what was written just before may be missing\.\n$/);
    });

    it('ends with 0 when its reader has gone', async () => {
      writeFileSync(log, line(minutesAgo(1), 'x'));
      const following = follow();
      await following.until((lines) => lines.length === 1);
      following.hangUp();
      const writing = setInterval(() => appendFileSync(log, line(minutesAgo(0), 'y')), 100);
      expect(await following.ended()).to.deep.equal({ stderr: '', code: 0, signal: null });
      clearInterval(writing);
    });

    it('ends with 143 on SIGTERM', async () => {
      writeFileSync(log, line(minutesAgo(1), 'x'));
      const following = follow();
      await following.until((lines) => lines.length === 1);
      expect(await following.interrupt('SIGTERM')).to.include({ stderr: '', code: 143 });
    });
  });

  it('folds its lines on a terminal, and colours warnings', async () => {
    const words = 'netlink event socket buffer size cannot be doubled further since it will exceed the limit';
    writeFileSync(log, line(minutesAgo(1), words, 'warning'));
    const { text, code } = await onTerminal([...COMMAND, '--daemon-config', conf, '--timezone', 'UTC']);
    expect(text).to.include('\x1b[33m');
    // eslint-disable-next-line no-control-regex -- these are what is to be taken away
    const lines = text.replace(/\x1b\[\d+m/g, '').split('\n');
    expect(lines.every((shown) => shown.length <= 80)).to.equal(true);
    expect(code).to.equal(0);
  });

  it('is an error where the disk is full, and ends quietly where the reader has gone', async () => {
    writeFileSync(log, Array.from({ length: 20_000 }, () => line(minutesAgo(1), 'x')).join(''));
    const shell = (redirected: string) =>
      run(
        [
          'bash',
          '-c',
          `"$@" ${redirected}; echo "\${PIPESTATUS[0]}" >&2`,
          'bash',
          ...commandLine([...COMMAND, '--daemon-config', conf, '--limit', 'all']),
        ],
        { env: NEUTRAL },
      );
    expect((await shell('> /dev/full')).stderr).to.match(/\[OUTPUT_FAILED\]\n[^]*\n1\n$/);
    expect((await shell('| head -n 1')).stderr).to.equal('0\n');
  });
});
