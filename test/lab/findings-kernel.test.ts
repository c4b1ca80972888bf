import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { addNewFlows, codesOn, codesWhile, endFlows, nft, NONE, resynced } from './findings-support.js';
import { CLIENT, WAN } from './plan.js';
import { must } from './run.js';
import { linksRunning, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

describe("what is found in the kernel's table", function () {
  this.timeout(120_000);
  const pair = pairFor({ keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  before(async () => {
    await linksRunning(pair());
    await resynced(pair());
  });

  it('is that two flows clash whose translation leaves no choice', async () => {
    const lab = pair();
    const sources = [CLIENT.snat, CLIENT.masqueraded];
    await nft(
      r1(),
      `table ip provoked {
  chain postrouting {
    type nat hook postrouting priority srcnat - 5; policy accept;
    ip saddr { ${sources.join(', ')} } tcp dport 443 snat to ${WAN.ipv4.router('r1')}:7777
  }
}
`,
    );
    await must(['ip', '-n', lab.namespaces.client, 'route', 'replace', 'default', 'via', '10.35.100.2']);
    const found = await codesWhile(r1(), async () => {
      for (const source of sources) await knock(r1(), source);
    });
    await nft(r1(), 'delete table ip provoked');
    expect(found).to.deep.equal(['CTS-502 warning']);
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  it('is worth knowing where it does not count, and not when a flow began', async () => {
    const set = (value: number): Promise<unknown> =>
      pair().exec('r1', [
        'sysctl',
        '-qw',
        ...['acct', 'timestamp'].map((name) => `net.netfilter.nf_conntrack_${name}=${String(value)}`),
      ]);
    await set(0);
    expect(await codesOn(r1())).to.deep.equal(['CTS-901 information', 'CTS-902 information']);
    await set(1);
    expect(await codesOn(r1())).to.deep.equal(NONE);
  });

  // The limit is the whole machine's, so it is the table that comes near it; conntrackd has no part in that.
  describe('as it fills up', () => {
    const DOWN = 'CTS-101 critical';
    const fill = async (share: number, status?: string): Promise<void> => {
      const limit = Number(await readFile('/proc/sys/net/netfilter/nf_conntrack_max', 'utf8'));
      const { stdout } = await pair().exec('r1', ['conntrack', '-C']);
      await addNewFlows(r1(), Math.ceil(limit * share) - Number(stdout), status === undefined ? {} : { status });
    };
    /** The kernel refuses the last ones. */
    const fillUp = (status?: string): Promise<void> => fill(1.001, status).catch(() => undefined);
    const newcomers = (): Promise<unknown> => pair().traffic.unansweredUdp({ count: 50 });

    before(() => pair().r1.conntrackd.stop());
    after(() => endFlows(r1()));

    it('is that it fills up', async () => {
      await fill(0.82);
      expect(await codesOn(r1())).to.deep.equal([DOWN, 'CTS-501 warning']);
    });

    it('is that it throws out flows without a reply to make room', async () => {
      await fillUp('UNSET');
      const found = await codesWhile(r1(), newcomers);
      expect(found).to.include('CTS-504 critical');
      expect(found.filter((code) => !code.startsWith('CTS-503'))).to.deep.equal([
        DOWN,
        'CTS-501 critical',
        'CTS-504 critical',
      ]);
    });

    it('is that packets are dropped where there is none to throw out', async () => {
      await pair().exec('r1', ['conntrack', '-D', '--status', 'UNREPLIED']);
      await fillUp();
      expect(await codesWhile(r1(), newcomers)).to.deep.equal([DOWN, 'CTS-501 critical', 'CTS-503 critical']);
    });
  });
});

/** A connection that begins, over r1 whatever the pair's roles are. */
async function knock({ lab }: Place, source: string): Promise<void> {
  const script = `const s = require('node:net').connect({ host: '172.31.20.99', port: 443, localAddress: '${source}' }); s.on('error', () => {}); setTimeout(() => process.exit(), 60)`;
  await must(['ip', 'netns', 'exec', lab.namespaces.client, process.execPath, '-e', script]);
}
