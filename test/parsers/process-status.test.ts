import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import {
  parseBootTime,
  parseProcessStat,
  parseToolVersion,
  parseUnixSockets,
  startTime,
} from '../../src/parsers/process-status.js';
import { skipFor } from '../support/skip.js';

const NUMBERS = '1 613 613 0 -1 1077936448 281 0 0 0 8 9 0 0 -100 0 1 0';
const STAT = `613 (conntrackd) S ${NUMBERS} 302264 3133440 390 18446744073709551615 1 1\n`;
const HEAD = 'Num       RefCount Protocol Flags    Type St Inode Path\n';

describe('parseProcessStat', () => {
  it('reads pid, name, state and start', () => {
    expect(parseProcessStat(STAT)).to.deep.equal({ pid: 613, name: 'conntrackd', state: 'S', start_ticks: 302264 });
  });

  it('reads names with blanks, parentheses and line breaks', () => {
    for (const name of ['a b', '(sd-pam)', ') R 1 1', 'x\ny', '']) {
      expect(parseProcessStat(STAT.replace('conntrackd', name))).to.include({ name, start_ticks: 302264 });
    }
  });

  it('reads a line that ends with the start', () => {
    expect(parseProcessStat(`1 (init) S ${NUMBERS} 5`).start_ticks).to.equal(5);
  });

  it('reads this process', () => {
    const status = parseProcessStat(readFileSync('/proc/self/stat', 'utf8'));
    expect(status).to.include({ pid: process.pid });
    const started = startTime(status, parseBootTime(readFileSync('/proc/stat', 'utf8')));
    expect(Math.abs(Date.now() - process.uptime() * 1000 - started.getTime())).to.be.below(5000);
  });

  for (const text of ['', '613 (conntrackd', '613 (conntrackd) S 1 2 3', 'x (y) S 1', STAT.replace('302264', '-1')]) {
    it(`fails for ${JSON.stringify(text.slice(0, 30))}`, () => {
      expect(() => parseProcessStat(text))
        .to.throw(Failure, /\/proc\/PID\/stat/)
        .with.property('code', 'BAD_ANSWER');
    });
  }
});

describe('parseBootTime and startTime', () => {
  it('give the time of the start, to the second', () => {
    const bootTime = parseBootTime('cpu  1 2 3\nintr 5 6\nbtime 1795418812\nprocesses 7\n');
    expect(bootTime).to.equal(1795418812);
    expect(startTime(parseProcessStat(STAT), bootTime)).to.deep.equal(new Date(1795418812000 + 3022000));
    expect(startTime(parseProcessStat(STAT), bootTime, 1000)).to.deep.equal(new Date(1795418812000 + 302000));
  });

  it('fail where there is none', () => {
    for (const text of ['', 'btime', 'xbtime 5', 'btime -5']) {
      expect(() => parseBootTime(text), text).to.throw(Failure, /\/proc\/stat/);
    }
    const status = parseProcessStat(STAT.replace('302264', '9'.repeat(30)));
    expect(() => startTime(status, 0))
      .to.throw(Failure)
      .with.property('code', 'BAD_ANSWER');
  });
});

describe('parseToolVersion', () => {
  it('reads what conntrackd -v and conntrack -V print', () => {
    const conntrackd = 'Connection tracking userspace daemon v1.4.7. Licensed under GPLv2.\n(C) 2006-2009 X\n';
    expect(parseToolVersion(conntrackd)).to.equal('1.4.7');
    expect(parseToolVersion('conntrack v1.4.9 (conntrack-tools)\n')).to.equal('1.4.9');
    expect(parseToolVersion('warning\r\nconntrack v1.4.8+git~1-2\r\n')).to.equal('1.4.8+git~1-2');
  });

  it('reads what they print here', function () {
    const { stdout, error } = spawnSync('conntrackd', ['-v'], { encoding: 'latin1' });
    skipFor(this, error && 'conntrackd is not installed');
    expect(parseToolVersion(stdout)).to.match(/^1\.4\.\d$/);
    expect(parseToolVersion(spawnSync('conntrack', ['-V'], { encoding: 'latin1' }).stdout)).to.match(/^1\.4\.\d$/);
  });

  it('has none where there is none', () => {
    for (const text of ['', 'conntrackd: not found', 'conntrack version 1', 'v1.4.7']) {
      expect(parseToolVersion(text), text).to.equal(undefined);
    }
  });
});

describe('parseUnixSockets', () => {
  it('reads bound, abstract and unbound sockets', () => {
    const lines = [
      '0000000000000000: 00000002 00000000 00010000 0001 01 23456 /run/conntrackd.sock',
      '000000006171131a: 00000003 00000000 00000000 0001 03 538527',
      'ffff888003e1d800: 00000002 00000000 00010000 0005 01     1 @/tmp/an abstract name',
      'ffff888003e1d800: 00000003 00000000 00000000 0001 03     9 /run/conntrackd.sock',
    ];
    expect(parseUnixSockets(`${HEAD}${lines.join('\n')}\n`)).to.deep.equal([
      { inode: 23456, path: '/run/conntrackd.sock', listening: true, connected: false },
      { inode: 538527, listening: false, connected: true },
      { inode: 1, path: '@/tmp/an abstract name', listening: true, connected: false },
      { inode: 9, path: '/run/conntrackd.sock', listening: false, connected: true },
    ]);
  });

  it('leaves out what is no line of the table', () => {
    expect(parseUnixSockets(`${HEAD}the rest of a path\n`)).to.deep.equal([]);
    expect(parseUnixSockets(HEAD.trimEnd())).to.deep.equal([]);
  });

  it('finds a socket of this process', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ctsync-unix-'));
    const path = join(folder, 'a socket');
    const server = createServer();
    try {
      await new Promise<void>((resolve) => server.listen(path, resolve));
      expect(statSync(path).isSocket()).to.equal(true);
      const found = parseUnixSockets(readFileSync('/proc/net/unix', 'utf8')).filter((each) => each.path === path);
      expect(found).to.have.length(1);
      expect(found[0]).to.include({ listening: true }).and.to.have.property('inode').that.is.above(0);
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('fails for anything else', () => {
    for (const text of ['', 'x', 'Num RefCount\n']) {
      expect(() => parseUnixSockets(text), text).to.throw(Failure, /\/proc\/net\/unix/);
    }
  });
});
