import { expect } from 'chai';
import { statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { addNewFlows, codesOn, codesOnBoth, codesOnceFound, healthOn, NONE } from './findings-support.js';
import { LAN, SERVER, WAN } from './plan.js';
import { must } from './run.js';
import { linksRunning, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

const GROUP = 'GEFOEKOM';

describe('what is found after failovers of a live pair', function () {
  this.timeout(90_000);
  const pair = pairFor();
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const r2 = (): Place => ({ lab: pair(), router: 'r2' });

  before(() => linksRunning(pair()));

  it('is nothing where the pair has just begun', async () => {
    await pair().traffic.tcp({ count: 3 });
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: NONE, r2: NONE });
    const { not_checked } = await healthOn(r1());
    // Whether that one can be told already depends on how long the pair took to begin.
    expect(not_checked.filter(({ code }) => code !== 'CTS-601')).to.deep.equal([]);
  });

  it('is nothing after a failover and the way back', async () => {
    await pair().failover('cable');
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: NONE, r2: NONE });
    await pair().failback();
    expect(await codesOnBoth(pair())).to.deep.equal({ r1: NONE, r2: NONE });
  });

  it('is a sync group without a hook', async () => {
    const path = pair().r1.file('two-groups.conf');
    const own = await readFile(pair().r1.file('keepalived.conf'), 'utf8');
    await writeFile(path, `${own}\nvrrp_sync_group OTHER {\n    group {\n        WAN\n    }\n}\n`);
    expect(await codesOn(r1(), `--keepalived-config ${path}`)).to.deep.equal(['CTS-702 warning OTHER']);
  });

  it('is a node that holds some of the addresses', async () => {
    const address = [`${LAN.ipv4.virtual}/24`, 'dev', LAN.device];
    await must(['ip', '-n', pair().namespaces.r2, 'addr', 'add', ...address]);
    expect(await codesOn(r2())).to.deep.equal([`CTS-703 warning ${GROUP}`]);
    await must(['ip', '-n', pair().namespaces.r2, 'addr', 'del', ...address]);
    expect(await codesOn(r2())).to.deep.equal(NONE);
  });

  it('is a record that the role contradicts, and a master that has not committed', async () => {
    const lab = pair();
    const hook = lab.r2.file('ctsync-failover');
    const own = await readFile(hook, 'utf8');
    await writeFile(hook, own.replace(/^ {2}daemon -c\n/m, ''));
    await lab.failover('stop');
    expect(await codesOnceFound(r1(), 'CTS-701')).to.deep.equal([`CTS-701 warning ${GROUP}`]);
    await sleep(6000);
    expect(await codesOn(r2())).to.deep.equal(['CTS-601 critical']);
    await lab.r2.ask('-c');
    expect(await codesOn(r2())).to.deep.equal(NONE);
    await writeFile(hook, own);
    await lab.failback();
    expect(await codesOnBoth(lab)).to.deep.equal({ r1: NONE, r2: NONE });
  });

  it('is a keepalived that is dead, whose addresses were removed by hand', async () => {
    const lab = pair();
    const before = await lab.r2.transitions();
    const files = ['keepalived.pid', 'keepalived-vrrp.pid'].map((name) => lab.r1.file(name));
    await must(['sh', '-c', 'kill -KILL $(cat "$@") && rm "$@"', 'sh', ...files]);
    for (const { device, ipv4, ipv6 } of [LAN, WAN]) {
      await lab.exec('r1', ['ip', 'addr', 'del', `${ipv4.virtual}/24`, 'dev', device]);
      await lab.exec('r1', ['ip', 'addr', 'del', `${ipv6.virtual}/64`, 'dev', device]);
    }
    await lab.r2.settledAs('MASTER', before);
    expect(await codesOnceFound(r1(), 'CTS-701')).to.deep.equal([`CTS-701 warning ${GROUP}`]);
    expect(await codesOn(r2())).to.deep.equal(NONE);
    await lab.waitFor(() => !lab.r1.keepalived.running, { what: 'keepalived to be dead' });
    await lab.failback();
  });

  it('is a commit whose flows the kernel refuses', async () => {
    const lab = pair();
    const insert = (router: 'r1' | 'r2', ...flow: string[]): Promise<string> =>
      must([
        ...['ip', 'netns', 'exec', lab.namespaces[router], 'conntrack', '-I', '-t', '600', '-u', 'SEEN_REPLY,ASSURED'],
        ...['-p', 'udp', '-d', SERVER.ipv4, '--sport', '7777', '--dport', '53', ...flow],
      ]);
    // Its reply goes to the source of the other one, and the kernel takes a tuple from one flow only.
    const reply = ['-r', SERVER.ipv4, '-q', '10.35.100.66', '--reply-port-src', '53', '--reply-port-dst', '7777'];
    await insert('r2', '-s', '10.35.100.67', ...reply);
    await insert('r1', '-s', '10.35.100.66');
    await lab.waitFor(async () => (await lab.r2.ask('-e')).includes('src=10.35.100.66 '), { what: 'the flow in r2' });
    await lab.r2.ask('-c');
    expect(await codesOn(r2())).to.deep.equal(['CTS-602 warning']);
    await lab.exec('r2', ['conntrack', '-D', '-s', '10.35.100.67']);
    await lab.r2.ask('-c');
    expect(await codesOn(r2())).to.deep.equal(NONE);
  });

  it('is a commit that takes long', async () => {
    const lab = pair();
    await addNewFlows(r1(), 20_000);
    await lab.waitFor(async () => Number(/external:\n.*\t\s*(\d+)/.exec(await lab.r2.ask('-s'))?.[1]) > 19_000, {
      what: 'the flows in r2',
    });
    await slowCommit(r2());
    expect(await codesOn(r2())).to.deep.equal(['CTS-603 warning']);
    await lab.r2.ask('-c');
    expect(await codesOn(r2())).to.deep.equal(NONE);
  });

  it('is a daemon that reads the kernel again and again', async () => {
    for (let time = 0; time < 6; time += 1) await pair().r1.ask('-R');
    expect(await codesOn(r1())).to.deep.equal(['CTS-604 warning']);
  });
});

/** A commit in which the daemon is stopped for a while, as on a machine that has no time for it. */
async function slowCommit({ lab, router }: Place): Promise<void> {
  const log = lab[router].file('conntrackd.log');
  const length = statSync(log).size;
  const commit = lab[router].ask('-c');
  const deadline = performance.now() + 10_000;
  // The daemon does it itself, in a tenth of a second.
  while (statSync(log).size === length && performance.now() < deadline) continue;
  const pid = lab[router].conntrackd.pid ?? NaN;
  process.kill(pid, 'SIGSTOP');
  await sleep(5500);
  process.kill(pid, 'SIGCONT');
  await commit;
}
