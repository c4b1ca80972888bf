import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readArchive } from '../support/archive.js';
import { capturedLogs } from '../support/daemon-logs.js';
import { ctsync, fixture } from '../support/ctsync.js';

const COMMANDS = [
  'export openmetrics',
  'export prometheus',
  'show conntrack count',
  'show conntrack dying',
  'show conntrack expect',
  'show conntrack statistics',
  'show conntrack table',
  'show conntrack table ipv4',
  'show conntrack table ipv6',
  'show conntrack top',
  'show configuration hook',
  'show conntrack-sync cache internal',
  'show conntrack-sync cache external',
  'show conntrack-sync history',
  'show conntrack-sync statistics',
  'show conntrack-sync status',
  'show log conntrack-sync',
];
/** What changes this node's own configuration, and reads no capture. */
const CONFIGURATION = [
  'commit',
  'compare',
  'delete service conntrack-sync',
  'discard',
  'import',
  'load',
  'rollback',
  'save',
  'set service conntrack-sync',
  'show configuration',
];
/** What a command reads where its example reads this host, and where that can't be told by its name. */
const CAPTURES: Readonly<Record<string, string>> = {
  'conntrack count': 'conntrack-count.txt',
  'conntrack dying': 'captured-table.txt',
  'conntrack expect': 'conntrack-expect.txt',
  'conntrack statistics': 'conntrack-statistics.txt',
  'conntrack-sync history': 'transitions.ndjson',
  'configuration hook': 'captured-status/keepalived.conf',
};
/** What stands on stdin where an example reads that. */
const INPUTS: Readonly<Record<string, string>> = {
  ...CAPTURES,
  'conntrack-sync statistics': 'captured-statistics.txt',
};
/** With counters, which some of the questions need. */
const EXAMPLE = new URL('../../examples/pair/r1/table-ipv4.txt', import.meta.url);
const VARIABLES = [
  'CTSYNC_PAGER, PAGER',
  'CTSYNC_DAEMON_CONFIG',
  'CTSYNC_KEEPALIVED_CONFIG',
  'CTSYNC_RUN_DIR',
  'CTSYNC_STATE_DIR',
  'NO_COLOR',
  'DEBUG',
];

describe('contract: the help of every command', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-help-'));
    const caches = readArchive(fixture('conntrackd-1.4.7/flow-caches.archive'));
    cpSync(fixture('documentation/table.txt'), join(folder, 'captured-table.txt'));
    writeFileSync(join(folder, 'captured-log.txt'), capturedLogs.get('ftfw_mcast2/r2.log')!);
    writeFileSync(join(folder, 'log.conf'), `General {\n  LogFile ${folder}/captured-log.txt\n}\n`);
    cpSync(EXAMPLE, join(folder, 'captured-top.txt'));
    cpSync(fixture('documentation/status'), join(folder, 'captured-status'), { recursive: true });
    cpSync(fixture('documentation/statistics.txt'), join(folder, 'captured-statistics.txt'));
    mkdirSync(join(folder, 'captured-pages'));
    cpSync(fixture('documentation/statistics.txt'), join(folder, 'captured-pages', 's.txt'));
    const network = readArchive(fixture('conntrackd-1.4.7/other-pages.archive')).get('ftfw_mcast1/r1.s_network.txt')!;
    writeFileSync(join(folder, 'captured-network.txt'), network);
    const conntrack = (archive: string) => readArchive(fixture(`conntrack-1.4.7/${archive}.archive`));
    writeFileSync(join(folder, 'conntrack-count.txt'), conntrack('counts').get('conntrack-L/count.txt')!);
    writeFileSync(join(folder, 'conntrack-expect.txt'), conntrack('expectations').get('conntrack-L/expect.txt')!);
    writeFileSync(join(folder, 'conntrack-statistics.txt'), conntrack('statistics').get('conntrack-L/stats.txt')!);
    const expectations = readArchive(fixture('conntrackd-1.4.7/expectation-caches.archive'));
    writeFileSync(join(folder, 'cache-expect.txt'), expectations.get('ftfw_mcast2/r1.i_expect.txt')!);
    writeFileSync(join(folder, 'internal.txt'), caches.get('ftfw_mcast1/r1.i.txt')!);
    cpSync(fixture('ctsync-failover-1/r1.ndjson'), join(folder, 'transitions.ndjson'));
    writeFileSync(join(folder, 'external.txt'), caches.get('ftfw_mcast1/r2.e.txt')!);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const command of COMMANDS) {
    describe(command, () => {
      let help: string;
      before(async () => {
        const { stdout, stderr, code } = await ctsync([...command.split(' '), '--help']);
        expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
        help = stdout;
      });

      it('has a summary, a description and examples, and says what its exit codes and variables are', () => {
        const [summary = ''] = help.split('\n');
        expect(summary).to.match(/^(?:show|export) .*[^.]$/);
        expect(section(help, 'USAGE')).to.include(`$ ctsync ${command}`);
        expect(section(help, 'DESCRIPTION').replace(/\s+/g, ' ')).to.have.length.above(200);
        expect(section(help, 'EXIT CODES').match(/^ {2}\d[\d, ]* {2}\w/gm)).to.have.length(6);
        for (const variable of VARIABLES) expect(section(help, 'ENVIRONMENT')).to.include(`  ${variable}`);
      });

      it('has flags that are explained in a few words, and no line longer than a terminal', () => {
        expect(section(help, 'SOURCE FLAGS')).to.include('--from=');
        expect(section(help, 'GLOBAL FLAGS')).to.include('--json').and.to.include('--no-color');
        // The usage is as long as its flags, and an example is to be copied as one line.
        const others = help.split('\n').filter((line) => !line.includes(' [--') && !line.includes(' ctsync '));
        expect(others.filter((line) => line.length > 80)).to.deep.equal([]);
      });

      it('has examples that work', async () => {
        const examples = section(help, 'EXAMPLES').match(/ctsync (?:show|export) [^|\n]*/g) ?? [];
        expect(examples).to.have.length.at.least(3);
        for (const example of examples) {
          const words = shellWords(example).slice(1);
          const input = INPUTS[`${words[1]} ${words[2]}`];
          const outcome = await ctsync(onCapture(words), {
            cwd: folder,
            ...(input === undefined ? {} : { input: readFileSync(join(folder, input), 'utf8') }),
          });
          // The capture is of IPv4 alone, and says so where IPv6 is asked for; that of all pages has one.
          const stderr = outcome.stderr.replace(
            /^Warning: (?:.* all of the other family: .*|Not in the capture .*)\n/,
            '',
          );
          expect({ stderr, code: outcome.code }, example).to.deep.equal({ stderr: '', code: 0 });
          if (words.includes('--textfile')) expect(readFileSync(join(folder, 'ctsync.prom'), 'utf8')).to.not.equal('');
          else expect(outcome.stdout, example).to.not.equal('');
        }
      });
    });
  }

  for (const command of CONFIGURATION) {
    it(`${command} has a summary, a description and examples, and no line longer than a terminal`, async () => {
      const { stdout: help, stderr, code } = await ctsync([...command.split(' '), '--help']);
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
      expect(help.split('\n')[0]).to.match(/^[a-z].*[^.]$/);
      expect(section(help, 'USAGE')).to.include(`$ ctsync ${command}`);
      expect(section(help, 'DESCRIPTION').replace(/\s+/g, ' ')).to.have.length.above(100);
      expect(section(help, 'EXAMPLES')).to.include(`ctsync ${command}`);
      expect(section(help, 'EXIT CODES').match(/^ {2}\d[\d, ]* {2}\w/gm)).to.have.length(6);
      const others = help.split('\n').filter((line) => !line.includes(' [--') && !line.includes(' ctsync '));
      expect(others.filter((line) => line.length > 80)).to.deep.equal([]);
    });
  }

  /** A command line on a capture, where it would read this host. */
  function onCapture(words: readonly string[]): string[] {
    const captured = words.map((word) => (word === 'captured-cache.txt' ? `${words[3]}.txt` : word));
    if (words.includes('--from')) return captured;
    if (words.includes('cache') && words.includes('expect')) return [...captured, '--from', 'cache-expect.txt'];
    if (words[0] === 'export')
      return [...words.map((word) => word.replace(/^\/.*\//, '')), '--from', 'captured-status'];
    // A capture is one reading.
    if (words.includes('network')) return [...captured.slice(0, 4), '--from', 'captured-network.txt'];
    // A log is a file on this host, too; to follow it has no end.
    if (words.includes('log')) return [...words.filter((word) => word !== '--follow'), '--daemon-config', 'log.conf'];
    const known = CAPTURES[`${words[1]} ${words[2]}`];
    if (known !== undefined) return [...captured, '--from', known];
    const own = words.includes('cache')
      ? `${words[3]}.txt`
      : `captured-${words[2]}${words[2] === 'status' ? '' : '.txt'}`;
    return [...captured, '--from', own];
  }

  it('shows what there is, topic by topic', async () => {
    for (const [words, wanted] of [
      [
        ['--help'],
        /^TOPICS\n {2}check {2}.*\n {2}compare {2}.*\n {2}completion {2}.*\n {2}delete {2}.*\n {2}export {2}.*\n {2}generate {2}.*\n {2}reset {2}.*\n {2}restart {2}.*\n {2}set {2}.*\n {2}show {2}.*\n {2}sync {2}/m,
      ],
      [['show', '--help'], /^ {2}show conntrack {7}.*\n {2}show conntrack-sync {2}/m],
      [
        ['show', 'conntrack', 'table', '--help'],
        /^COMMANDS\n {2}show conntrack table ipv4 {2}.*\n {2}show conntrack table ipv6/m,
      ],
      [
        ['show', 'conntrack'],
        /^COMMANDS\n {2}show conntrack count {2}.*\n {2}show conntrack dying {2}.*\n {2}show conntrack expect {2}.*\n {2}show conntrack statistics {2}/m,
      ],
      [['show', 'conntrack-sync', 'cache'], /^COMMANDS\n {2}show conntrack-sync cache external/m],
    ] as const) {
      const { stdout, code } = await ctsync(words);
      expect(stdout).to.match(wanted);
      expect(code).to.equal(0);
    }
  });

  it('--version', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    const { stdout, code } = await ctsync(['--version']);
    expect(stdout.startsWith(`ctsync/${version} `)).to.equal(true);
    expect(code).to.equal(0);
  });
});

/** The lines of a section of the help. */
function section(help: string, title: string): string {
  const [, rest = ''] = help.split(`\n${title}\n`);
  return rest.split(/\n(?=[A-Z][A-Z ]+\n)/)[0] ?? '';
}

/** The words of a command line, as a shell would pass them on. */
function shellWords(line: string): string[] {
  return [...line.trim().matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
}
