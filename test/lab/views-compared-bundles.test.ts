import { expect } from 'chai';
import type { NodeComparison } from '../../src/model/bundle-comparison.js';
import type { NodeCounters } from '../../src/model/bundle-counters.js';
import type { NodeTalkers } from '../../src/model/bundle-summary.js';
import { ctsync } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { CLIENT } from './plan.js';
import type { Outcome } from './run.js';
import { addFlows, pairFor } from './views-support.js';

const ADDED = 30;

describe('support bundles of a pair that are compared', function () {
  this.timeout(180_000);
  const pair = pairFor();

  const file = (name: string): string => pair().r1.file(name);
  const compare = (a: string, b: string, ...words: string[]): Promise<Outcome> =>
    ctsync(['compare', 'bundle', file(a), file(b), ...words]);

  async function generate(name: string, ...words: string[]): Promise<number | null> {
    const args = ['generate', 'support-bundle', '--output', file(name), ...words];
    const { code } = await pair().ctsync('r1', args, { env: pair().r1.environment, seconds: 170 });
    return code;
  }

  async function compared(a: string, b: string): Promise<{ code: number | null; node: NodeComparison }> {
    const { stdout, code } = await compare(a, b, '--json');
    return { code, node: (documentOf(stdout)['nodes'] as NodeComparison[])[0]! };
  }

  function changesOf({ facts }: NodeComparison, part: string): string[] {
    const { changes = [] } = facts.find((each) => each.part === part) ?? {};
    return changes.map(({ of, a, b }) => `${of}: ${a ?? 'nothing'} -> ${b ?? 'nothing'}`);
  }

  before(async () => {
    await pair().traffic.udp({ count: 20 });
    expect(await generate('before.tar.gz')).to.equal(0);
  });

  it('have the figures of the tools, and the talkers of the table', async () => {
    const { stdout, code } = await ctsync(['show', 'bundle', file('before.tar.gz'), '--json']);
    expect(code).to.equal(0);
    const document = documentOf(stdout);
    const [counters] = document['counters'] as [NodeCounters];
    const [talkers] = document['talkers'] as [NodeTalkers];
    expect(counters.pages).to.have.length(8);
    for (const { seconds } of counters.pages) expect(seconds).to.be.at.least(9);
    expect(counters.table!.flows).to.be.at.least(20);
    expect(talkers.complete).to.equal(true);
    const client = talkers.groups.find(({ src }) => src === CLIENT.ipv4);
    expect(client!.flows).to.be.at.least(20);
    expect(client!.bytes).to.be.above(0);
  });

  it('tell what an operator changed on a node, and the flows that came', async () => {
    const { r1 } = pair();
    for (const command of [
      'sysctl -w net.netfilter.nf_conntrack_udp_timeout=77',
      'nft add table ip extra',
      'ip addr add 192.0.2.77/32 dev lo',
    ]) {
      expect((await pair().exec('r1', command.split(' '))).code, command).to.equal(0);
    }
    await addFlows({ lab: pair(), router: 'r1' }, ADDED);
    await r1.conntrackd.stop();
    r1.conntrackd.start();
    await pair().waitFor(async () => (await r1.ask('-s')).includes('cache internal'));
    expect(await generate('after.tar.gz')).to.equal(0);
    const { code, node } = await compared('before.tar.gz', 'after.tar.gz');
    expect(code).to.equal(5);
    expect(changesOf(node, 'settings')).to.deep.equal(['net.netfilter.nf_conntrack_udp_timeout: 120 -> 77']);
    expect(changesOf(node, 'firewall')).to.deep.equal(['nft: nothing -> table ip extra']);
    expect(changesOf(node, 'addresses')).to.deep.equal(['address: nothing -> lo 192.0.2.77/32']);
    expect(changesOf(node, 'configuration')).to.deep.equal([]);
    expect(changesOf(node, 'boot')).to.deep.equal([]);
    expect(node.flows!.only_b).to.be.at.least(ADDED);
    expect(node.flows!.both + node.flows!.only_b).to.equal(node.flows!.b);
  });

  it('tell that conntrackd was started anew, and take no counter of its for one that fell', async () => {
    const { node } = await compared('before.tar.gz', 'after.tar.gz');
    expect(node.counters.restarted).to.be.oneOf(['process', 'uptime', 'events']);
    const ofDaemon = [...node.counters.troubles, ...node.counters.usual].filter(({ page }) => page !== 'kernel');
    expect(ofDaemon).to.not.have.length(0);
    for (const counter of ofDaemon) expect(counter).to.not.have.any.keys('grown', 'per_second');
    const { stdout } = await compare('before.tar.gz', 'after.tar.gz');
    expect(stdout).to.match(/^ {2}conntrackd was started anew \[.*\]: its counters began again at 0$/m);
  });

  it('that were cleaned fit together under one key, and are not compared by address under two', async () => {
    const key = ['--clean', '--key-file', file('case.key')];
    expect(await generate('clean.tar.gz', ...key)).to.equal(0);
    expect(await generate('clean-too.tar.gz', ...key)).to.equal(0);
    expect(await generate('clean-other.tar.gz', '--clean')).to.equal(0);
    const fits = await compared('clean.tar.gz', 'clean-too.tar.gz');
    expect(fits.node.flows!.both).to.be.at.least(ADDED);
    expect(changesOf(fits.node, 'addresses')).to.deep.equal([]);
    for (const [a, b] of [
      ['clean.tar.gz', 'clean-other.tar.gz'],
      ['after.tar.gz', 'clean.tar.gz'],
    ] as const) {
      const { code, node } = await compared(a, b);
      expect(code).to.equal(4);
      expect(node).to.not.have.property('flows');
      expect(changesOf(node, 'addresses')).to.deep.equal([]);
      expect(node.flows_lack!.join()).to.match(/were replaced/);
    }
  });

  it('say what is not known of a node whose conntrackd hung', async () => {
    const pid = pair().r1.conntrackd.pid!;
    process.kill(pid, 'SIGSTOP');
    try {
      expect(await generate('hung.tar.gz', '--timeout', '2')).to.equal(4);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    const { code, node } = await compared('after.tar.gz', 'hung.tar.gz');
    expect(code).to.equal(4);
    expect(node.lacks![0]).to.match(/^Not whole in B: .* more\.$/);
    expect(changesOf(node, 'findings').join()).to.include('CTS-102');
    expect(node.flows!.both).to.be.at.least(ADDED);
    const { stdout } = await ctsync(['show', 'bundle', file('hung.tar.gz')]);
    expect(stdout).to.match(/^counters +: .*not there: main, expect, network, cache, runtime, link, queue$/m);
  });
});
