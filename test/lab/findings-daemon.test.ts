import { expect } from 'chai';
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  addNewFlows,
  codesIn,
  codesOn,
  codesWhile,
  CTSYNC_STATUS,
  healthOn,
  resynced,
  NONE,
} from './findings-support.js';
import { childEnvironment, launch, run } from './run.js';
import type { RunOptions } from './run.js';
import { linksRunning, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

describe('what is found on a live daemon', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  /** A folder with a script called conntrackd in it. */
  async function folderWith(script: string): Promise<string> {
    const folder = pair().r1.file(`folder-${String(script.length)}`);
    await mkdir(folder, { mode: 0o755 });
    await writeFile(`${folder}/conntrackd`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return folder;
  }

  async function codesUnder(options: RunOptions, under: string[] = [], flags: string[] = []): Promise<string[]> {
    const { stdout } = await pair().exec('r1', [...under, ...CTSYNC_STATUS, ...flags], options);
    return codesIn(stdout);
  }

  before(async () => {
    await linksRunning(pair());
    await pair().r1.ask('-n');
  });

  it('is nothing while it is well', async () => {
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  it('is that it hangs where it is stopped', async () => {
    const pid = pair().r1.conntrackd.pid ?? NaN;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await codesOn(r1(), '--timeout 1')).to.deep.equal(['CTS-102 critical']);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  it('is that it ended between the samples', async () => {
    const found = codesOn(r1());
    await sleep(1500);
    await pair().r1.conntrackd.stop();
    expect(await found).to.deep.equal(['CTS-101 critical']);
    await pair().r1.startDaemon();
    // The other router must not ask: below it is one that has not.
    await pair().r1.ask('-n');
  });

  it('is that an ordinary user may not ask it', async () => {
    const user = ['setpriv', '--reuid', '65534', '--regid', '65534', '--clear-groups'];
    expect(await codesUnder({ cwd: '/' }, user, ['--no-sudo'])).to.deep.equal(['CTS-103 unknown']);
  });

  it('is a configuration that is not there, or has a mistake', async () => {
    expect(await codesOn(r1(), '--daemon-config /nonexistent/conntrackd.conf')).to.deep.equal(['CTS-104 unknown']);
    const mistaken = pair().r1.file('mistaken.conf');
    await writeFile(mistaken, 'Sync {\n  Frobnicate On\n');
    const { findings } = await healthOn(r1(), `--daemon-config ${mistaken}`);
    const said = "parsing config file in line (2), symbol 'Frobnicate': syntax error";
    expect(findings).to.have.lengthOf(1);
    expect(findings[0]).to.deep.include({
      code: 'CTS-104',
      severity: 'unknown',
      message: `${mistaken} has a mistake in it: ${said}.`,
      evidence: [{ what: "the tool's words", value: said, from: 'conntrackd -s runtime' }],
    });
  });

  it('is an answer that nobody understands, and whose program gives it', async () => {
    const folder = await folderWith('echo "no such page"');
    // The daemon itself is not asked where its configuration names another socket.
    const elsewhere = pair().r1.file('elsewhere.conf');
    const conf = await readFile(pair().r1.file('conntrackd.conf'), 'utf8');
    await writeFile(elsewhere, conf.replace(/(Path .*)\.sock/, '$1-elsewhere.sock'));
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const found = await codesUnder({ env }, [], ['--daemon-config', elsewhere]);
    expect(found).to.deep.equal([`CTS-108 warning ${folder}/conntrackd`, 'CTS-105 unknown']);
  });

  it('is another program of its name, at the end of the search path', async () => {
    const folder = await folderWith('exit 1');
    const path = `${childEnvironment()['PATH'] ?? ''}:${folder}`;
    expect(await codesUnder({ env: { PATH: path } })).to.deep.equal([`CTS-108 warning ${folder}/conntrackd`]);
  });

  it('is a configuration that was changed after its start', async () => {
    const file = pair().r1.file('conntrackd.conf');
    const time = new Date();
    await utimes(file, time, time);
    expect(await codesOn(r1())).to.deep.equal(['CTS-106 warning']);
    const start = new Date(0);
    await utimes(file, start, start);
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  it('is a standby that was started and has not asked for the flows of the peer', async () => {
    const lab = pair();
    await lab.waitFor(async () => Number(await age(lab.r2.conntrackd.pid)) > 33, { seconds: 40, what: 'r2 to be old' });
    expect(await codesOn({ lab, router: 'r2' })).to.deep.equal(['CTS-605 warning']);
    await resynced(lab);
    expect(await codesOn({ lab, router: 'r2' })).to.deep.equal(NONE);
  });

  it('is a child that was killed', async () => {
    await addNewFlows(r1(), 20_000);
    const found = await codesWhile(r1(), () => killDump(r1()));
    expect(found).to.deep.equal(['CTS-107 warning']);
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  it('is that it is down, and the silence of the peer that is up', async () => {
    const lab = pair();
    await lab.r1.conntrackd.stop();
    expect(await codesOn(r1())).to.deep.equal(['CTS-101 critical']);
    await lab.r1.startDaemon();
    await linksRunning(lab);
    await resynced(lab);
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });
});

/** Seconds since a process was started. */
async function age(pid = NaN): Promise<string> {
  return (await run(['ps', '-o', 'etimes=', '-p', String(pid)])).stdout;
}

/** Has the daemon dump its cache to somebody who does not read, and kills the child that does so. */
async function killDump({ lab, router }: Place): Promise<void> {
  const request = ['conntrackd', '-C', lab[router].file('conntrackd.conf'), '-i'];
  const client = launch(['ip', 'netns', 'exec', lab.namespaces[router], ...request], {
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const child = await lab.waitFor(async () => /PID=(\d+) type=any/.exec(await lab[router].ask('-s', 'process'))?.[1]);
  process.kill(Number(child), 'SIGKILL');
  client.kill();
  await sleep(300);
}
