import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { onTerminal, terminalUnavailable, uncoloured } from '../support/terminal.js';
import { skipFor } from '../support/skip.js';

const COLUMNS = 80;
const TABLE = ['show', 'conntrack', 'table', 'ipv4', '--from', fixture('documentation/table.txt')];

/** The documentation's header is 81 characters wide: one of the spaces behind the protocol gives way. */
const TABLE_PAGE = readFileSync(fixture('documentation/table.page'), 'utf8').replace(
  /^(CONN ID|\d+) .*$/gm,
  (row) => row.slice(0, 73) + row.slice(74),
);

describe('contract: on a terminal of 80 columns', () => {
  let folder: string;
  before(function () {
    skipFor(this, terminalUnavailable());
    folder = mkdtempSync(join(tmpdir(), 'ctsync-terminal-'));
  });
  after(() => folder && rmSync(folder, { recursive: true }));

  /** A member of an archive as a file. */
  function capture(archive: string, member: string): string {
    const path = join(folder, 'capture.txt');
    writeFileSync(path, readArchive(fixture(`${archive}.archive`)).get(member)!);
    return path;
  }

  it("is the documentation's table line for line, with a little colour", async () => {
    const { text, code } = await onTerminal(TABLE);
    expect(text).to.include('\u001b[1m');
    expect(uncoloured(text)).to.equal(TABLE_PAGE);
    expect(code).to.equal(0);
  });

  for (const [what, args, env] of [
    ['NO_COLOR', TABLE, { NO_COLOR: '1' }],
    ['--no-color', [...TABLE, '--no-color'], {}],
    ['a terminal without colours', TABLE, { TERM: 'dumb' }],
  ] as const) {
    it(`has no colour with ${what}`, async () => {
      const { text } = await onTerminal(args, { env });
      expect(text).to.equal(TABLE_PAGE);
      const failed = await onTerminal([...args, '--frob'], { env });
      expect(failed.text).to.include('Error:').and.to.not.include('\u001b');
    });
  }

  it('has no colour in a pipe, whatever the environment would like', async () => {
    const { stdout } = await ctsync(TABLE, { env: { FORCE_COLOR: '1', CLICOLOR_FORCE: '1', TERM: 'xterm-256color' } });
    expect(stdout).to.not.include('\u001b');
  });

  const PAGES: readonly (readonly [what: string, command: string, archive: string, member: string])[] = [
    ['the IPv6 table', 'conntrack table ipv6', 'conntrack-1.4.7/flow-tables', 'conntrack-L/extended_id.txt'],
    ['the internal cache', 'conntrack-sync cache internal', 'conntrackd-1.4.7/flow-caches', 'ftfw_mcast1/r1.i.txt'],
    ['the external cache', 'conntrack-sync cache external', 'conntrackd-1.4.7/flow-caches', 'ftfw_mcast1/r2.e.txt'],
    ['the statistics', 'conntrack-sync statistics', 'conntrackd-1.4.7/statistics', 'ftfw_mcast1/r1.s.txt'],
  ];
  for (const [what, command, archive, member] of PAGES) {
    it(`${what}: no line is too long, no word is lost or cut`, async () => {
      const args = ['show', ...command.split(' '), '--from', capture(archive, member)];
      const page = uncoloured((await onTerminal(args)).text);
      expect(page.split('\n').filter((line) => line.length > COLUMNS)).to.deep.equal([]);
      const { stdout } = await ctsync(args);
      expect(words(page)).to.deep.equal(words(stdout));
    });
  }

  for (const [family, columns] of [
    ['ipv4', 80],
    ['ipv4', 60],
    ['ipv6', 80],
    ['ipv6', 40],
  ] as const) {
    it(`the wide ${family} table in ${columns} columns names what it leaves out, and cuts nothing`, async () => {
      const from = capture('conntrack-1.4.7/flow-tables', 'conntrack-L/extended_id.txt');
      const args = ['show', 'conntrack', 'table', family, '--wide', '--from', from];
      const page = uncoloured((await onTerminal(args, { columns })).text);
      expect(page.split('\n').filter((line) => line.length > columns)).to.deep.equal([]);
      const [legend = '', table = ''] = page.split('\n\n');
      const { stdout } = await ctsync(args);
      const rows = stdout.split('\n\n')[0]!.trimEnd().split('\n');
      const shown = table
        .replace(/\n {4}/g, ' ')
        .trimEnd()
        .split('\n');
      expect(shown).to.have.length(rows.length);
      shown.forEach((row, i) => expect(words(rows[i]!)).to.include.members(words(row)));
      const [, names = ''] = /--columns\s+([^]*?)\s+shows/.exec(legend) ?? [];
      const columnsLeftOut = names.replace(/\s/g, '');
      const again = await ctsync(['show', 'conntrack', 'table', family, '--columns', columnsLeftOut, '--from', from]);
      expect(again).to.include({ stderr: '', code: 0 });
    });
  }

  it('an IPv6 row that does not fit goes on in an indented line; in a pipe it is one line', async () => {
    const args = ['show', 'conntrack', 'table', 'ipv6', '--from', join(folder, 'v6.txt')];
    const address = (end: number) => `2001:db8:aaaa:bbbb:cccc:dddd:eeee:${end}`;
    const tuple = `src=${address(1000)} dst=${address(2000)} sport=50000 dport=50001`;
    const reply = `src=${address(2000)} dst=${address(1000)} sport=50001 dport=50000`;
    writeFileSync(
      join(folder, 'v6.txt'),
      `ipv6     10 tcp      6 431999 ESTABLISHED ${tuple} ${reply} [ASSURED] mark=0 use=1 id=77\n`,
    );
    const [header, ...rows] = uncoloured((await onTerminal(args)).text)
      .split('\n\n')[1]!
      .split(/\n(?=\S)/);
    expect(header).to.match(/^CONN ID {4}Source\n {4}Destination +Protocol +TIMEOUT$/);
    expect(rows.join('\n').trimEnd()).to.match(
      /^77 {9}\[2001:db8:aaaa:bbbb:cccc:dddd:eeee:1000\]:50000\n {4}\[2001:db8:aaaa:bbbb:cccc:dddd:eeee:2000\]:50001 tcp \[6\] ES +431999$/,
    );
    const { stdout } = await ctsync(args);
    expect(stdout).to.match(/^77 .*:1000\]:50000 .*:2000\]:50001 .*tcp \[6\] ES +431999$/m);
  });

  it('takes 80 columns for a terminal that reports none', async () => {
    const args = ['show', 'conntrack-sync', 'status', '--from', fixture('hostile')];
    expect(await onTerminal(args, { columns: 0 })).to.deep.equal(await onTerminal(args));
    expect((await onTerminal(TABLE, { columns: 0 })).text).to.equal((await onTerminal(TABLE)).text);
  });

  it('the status page folds long reasons under their beginning', async () => {
    const page = (await onTerminal(['show', 'conntrack-sync', 'status', '--from', fixture('hostile')])).text;
    expect(page.split('\n').filter((line) => line.length > COLUMNS)).to.deep.equal([]);
    // Where it is folded depends on how long the path of the fixtures is.
    expect(page).to.match(/\nlinks {17}: unknown\b.*\n {24}\S/);
  });

  it('nothing that a tool, a file or a peer wrote reaches the terminal as a command to it', async () => {
    for (const [command, from] of [
      ['status', fixture('hostile')],
      ['statistics', hostileStatistics()],
    ] as const) {
      const { text } = await onTerminal(['show', 'conntrack-sync', command, '--from', from]);
      expect(text)
        .to.match(/\\x1b\[/)
        .and.to.match(/^[\n\x20-\x7e]*$/);
    }
    for (const [name, env] of [
      ['\u001b[2J\u0007', {}],
      ['\u009b2J', {}],
      ['\u009b2J\r', { DEBUG: 'ctsync:*' }],
    ] as const) {
      const { text } = await onTerminal(['show', 'conntrack', 'table', 'ipv4', '--from', `/nosuch/${name}`], { env });
      expect(uncoloured(text))
        .to.match(/\/nosuch\/\\x[19]b/)
        .and.to.match(/^[\n\x20-\x7e]*$/);
    }
  });

  it('and not in JSON either', async () => {
    const path = join(folder, 'capture.txt');
    const tuple = 'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2';
    writeFileSync(
      path,
      `ipv4     2 udp      17 9 ${tuple} ${tuple} mark=0 helper=f\u001b[2J use=1 id=1 odd\u009b2J\u202e\n`,
    );
    for (const command of ['conntrack table ipv4', 'conntrack table ipv4 --wide', 'conntrack table ipv4 --json']) {
      const { text } = await onTerminal(['show', ...command.split(' '), '--from', path]);
      expect(uncoloured(text), command).to.match(/^[\n\x20-\x7e]*$/);
    }
  });

  function hostileStatistics(): string {
    const path = join(folder, 'statistics.txt');
    const page = readFileSync(fixture('documentation/statistics.txt'), 'latin1');
    writeFileSync(path, page.replace('eth0.5', '\u001b[2J\u009b\u0007'), 'latin1');
    return path;
  }
});

/** Everything that a page says, without how it is laid out. */
function words(page: string): string[] {
  return page
    .split(/\s+/)
    .filter((word) => word !== '')
    .sort();
}
