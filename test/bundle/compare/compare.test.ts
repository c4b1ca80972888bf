import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { compareBundles, type CompareOptions } from '../../../src/bundle/compare/compare.js';
import {
  type BundleComparison,
  type Change,
  type FactPart,
  isWholeComparison,
  type NodeComparison,
} from '../../../src/model/bundle-comparison.js';
import { failureIn } from '../../support/bundles.js';
import {
  type BundleFiles,
  capturedBundle,
  withFile,
  withManifest,
  withoutItem,
  withText,
  written,
} from '../../support/captured-bundles.js';

const abort = new AbortController().signal;

describe('bundle/compare', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'ctsync-compare-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  function compare(a: BundleFiles, b: BundleFiles, nodes: CompareOptions['nodes'] = []): Promise<BundleComparison> {
    return compareBundles(written(a, join(folder, 'a')), written(b, join(folder, 'b')), { abort, nodes });
  }

  /** What a change of the second bundle alone makes of its first node. */
  async function changed(b: BundleFiles): Promise<NodeComparison> {
    return (await compare(capturedBundle('a'), b)).nodes[0]!;
  }

  function changesOf(node: NodeComparison, part: FactPart): Change[] {
    return node.facts.find((each) => each.part === part)!.changes;
  }

  it('tells what changed in files that the configurations refer to, and what one side alone has', async () => {
    const included = '/etc/keepalived/more.conf';
    const was = withFile(capturedBundle('a'), 'node1', included, 'vrrp_script A {\n  interval 2\n}\n');
    const is = withFile(capturedBundle('a'), 'node1', included, 'vrrp_script A {\n  interval 9\n}\n');
    const of = `files${included}`;
    const [changes, came] = await Promise.all(
      [was, capturedBundle('a')].map(async (before, i) => {
        const a = written(before, join(folder, `a${i}`));
        const { nodes } = await compareBundles(a, written(is, join(folder, `b${i}`)), { abort, nodes: [] });
        return changesOf(nodes[0]!, 'configuration');
      }),
    );
    expect(changes).to.deep.equal([
      { of, a: 'interval 2' },
      { of, b: 'interval 9' },
    ]);
    expect(came).to.deep.equal([{ of, b: 'there' }]);
  });

  it('finds nothing between a bundle and itself', async () => {
    const found = await compare(capturedBundle('a'), capturedBundle('a'));
    expect(isWholeComparison(found)).to.equal(true);
    expect(found.differs).to.equal(false);
    for (const { different, facts, counters, flows } of found.nodes) {
      expect(different).to.deep.equal([]);
      expect(facts.flatMap(({ changes }) => changes)).to.deep.equal([]);
      expect(counters).to.deep.equal({ troubles: [], usual: [] });
      expect(flows).to.include({ only_a: 0, only_b: 0 });
      expect(flows!.both).to.equal(flows!.a);
    }
  });

  it('finds what was changed on a pair between two bundles', async () => {
    const found = await compare(capturedBundle('a'), capturedBundle('b'));
    expect(isWholeComparison(found)).to.equal(true);
    const [first, second] = found.nodes as [NodeComparison, NodeComparison];
    expect(first).to.include({ a: 'node1', b: 'node1', host: 'vm', seconds: 12.07 });
    expect(changesOf(first, 'configuration')).to.deep.equal([
      { of: 'conntrackd.conf', a: 'sync.purge_timeout 60' },
      { of: 'conntrackd.conf', b: 'sync.purge_timeout 17' },
    ]);
    expect(changesOf(first, 'settings')).to.deep.equal([
      { of: 'net.netfilter.nf_conntrack_udp_timeout', a: '120', b: '77' },
    ]);
    expect(changesOf(first, 'firewall')).to.deep.equal([{ of: 'nft', b: 'table ip extra' }]);
    expect(changesOf(first, 'addresses')).to.deep.equal([{ of: 'address', b: 'lo 192.0.2.77/32' }]);
    expect(changesOf(first, 'state')).to.deep.equal([{ of: 'verdict', a: 'OK', b: 'WARNING' }]);
    expect(changesOf(first, 'findings').map(({ of, a }) => [of, a])).to.deep.equal([['CTS-106', undefined]]);
    expect(first.flows).to.deep.equal({ a: 49, b: 80, both: 49, only_a: 0, only_b: 31 });
    expect(second.different).to.deep.equal(['configuration', 'state', 'findings', 'flows']);
  });

  it('tells versions, links and findings apart', async () => {
    const bundle = [
      (all: BundleFiles) => withText(all, 'node1/versions/conntrackd.txt', (text) => text.replace('1.4.7', '1.4.9')),
      (all: BundleFiles) =>
        withText(all, 'node1/network/addresses.json', (text) =>
          text
            .replace(/("ifname":"eth1","flags":\[[^\]]*?),"UP","LOWER_UP"/, '$1')
            .replace('"operstate":"UP"', '"operstate":"DOWN"'),
        ),
      (all: BundleFiles) =>
        withText(all, 'node1/findings.json', (text) => text.replace('"role": "master"', '"role": "backup"')),
    ].reduce((all, change) => change(all), capturedBundle('a'));
    const node = await changed(bundle);
    expect(changesOf(node, 'versions')).to.have.length(1);
    expect(changesOf(node, 'versions')[0]).to.include({ of: 'conntrackd' });
    expect(changesOf(node, 'links')).to.deep.equal([{ of: 'eth1', a: 'up [UP]', b: 'down [DOWN]' }]);
    expect(changesOf(node, 'state')).to.deep.equal([{ of: 'role in GEFOEKOM', a: 'master', b: 'backup' }]);
    expect(node.different).to.deep.equal(['versions', 'links', 'state']);
  });

  it('tells the same rules in another order', async () => {
    const node = await changed(
      withText(capturedBundle('a'), 'node1/firewall/nft.txt', (text) =>
        text.replace(/^(.*ct state established.*\n)(.*iifname.*\n)/m, '$2$1'),
      ),
    );
    expect(changesOf(node, 'firewall').map(({ of }) => of)).to.deep.equal(['nft, order of its lines']);
  });

  it('tells a comment from a statement', async () => {
    const node = await changed(
      withText(capturedBundle('a'), 'node1/config/keepalived.conf', (text) => `# why\n${text}`),
    );
    expect(changesOf(node, 'configuration').map(({ of }) => of)).to.deep.equal([
      'keepalived.conf, comments, spaces or order',
    ]);
  });

  it('tells lines that include a file or are for one host only, which say nothing by themselves', async () => {
    const lines = (more: string) => (text: string) => `${text}${more}`;
    const conf = 'node1/config/keepalived.conf';
    const a = withText(capturedBundle('a'), conf, lines('include  a.conf\n@fw1 router_id A\n'));
    const b = withText(capturedBundle('a'), conf, lines('include b.conf\n@fw1 router_id A\n'));
    const { nodes } = await compare(a, b);
    expect(changesOf(nodes[0]!, 'configuration')).to.deep.equal([
      { of: 'keepalived.conf', a: 'include a.conf' },
      { of: 'keepalived.conf', b: 'include b.conf' },
    ]);
  });

  it('compares the lines of a configuration that can not be understood', async () => {
    const node = await changed(
      withText(capturedBundle('a'), 'node1/config/conntrackd.conf', (text) => `${text}Nonsense {\n`),
    );
    expect(changesOf(node, 'configuration')).to.deep.equal([{ of: 'conntrackd.conf', b: 'Nonsense {' }]);
  });

  it('tells how far a counter of trouble rose', async () => {
    const node = await changed(
      withText(capturedBundle('b'), 'node1/counters-2/s.txt', (text) =>
        text.replace(/ {3}0 Lost msgs/, '  24 Lost msgs'),
      ),
    );
    const [lost] = node.counters.troubles;
    expect(lost).to.include({ page: 'main', counter: 'messages.lost', before: 0, now: 24, grown: 24, bits: 64 });
    expect(lost!.seconds).to.be.within(11, 13);
    expect(node.different).to.include('counters');
  });

  it('tells a restart of conntrackd as one, and no counter of its as fallen', async () => {
    const node = await changed(
      withText(capturedBundle('b'), 'node1/findings.json', (text) => text.replace(/"pid": \d+/, '"pid": 4242')),
    );
    expect(node.counters.restarted).to.equal('process');
    expect(node.different).to.include('counters');
    const ofDaemon = node.counters.usual.filter(({ page }) => page !== 'kernel');
    expect(ofDaemon).to.have.length.above(5);
    for (const counter of ofDaemon) expect(counter).to.not.have.any.keys('grown', 'per_second');
    expect(node.counters.usual.find(({ page }) => page === 'kernel')).to.include({ counter: 'insert', grown: 30 });
  });

  it('tells by its uptime or its events that conntrackd was started anew', async () => {
    const fewer = await changed(
      withText(capturedBundle('b'), 'node1/counters-2/s-runtime.txt', (text) =>
        text.replace(/(events received:\s+)\d+/, '$13'),
      ),
    );
    expect(fewer.counters.restarted).to.equal('events');
  });

  it('tells another boot, with which all counters began again', async () => {
    const node = await changed(
      withManifest(capturedBundle('b'), ({ nodes }) => (nodes[0]!.boot_id = '00000000-0000-4000-8000-000000000000')),
    );
    expect(changesOf(node, 'boot')).to.have.length(1);
    expect(node.counters.restarted).to.equal('boot');
    for (const counter of node.counters.usual) expect(counter).to.not.have.property('grown');
  });

  it('tells no growth where the second bundle is the older one', async () => {
    const found = await compare(capturedBundle('b'), capturedBundle('a'));
    const [{ counters, seconds, flows }] = found.nodes as [NodeComparison];
    expect(seconds).to.equal(-12.07);
    expect(counters.lacks).to.deep.equal(['B was collected before A: what counters rose by is not told.']);
    expect(counters).to.not.have.property('restarted');
    for (const counter of counters.usual) expect(counter).to.not.have.property('grown');
    expect(flows).to.include({ only_a: 31, only_b: 0 });
    expect(isWholeComparison(found)).to.equal(false);
  });

  it('leaves out what was altered, and says so', async () => {
    const altered = new Map(capturedBundle('a')).set('node1/kernel/sysctl.txt', Buffer.from('/proc/sys/a:1\n'));
    const found = await compare(capturedBundle('a'), altered);
    const [node] = found.nodes;
    expect(changesOf(node!, 'settings')).to.deep.equal([]);
    expect(node!.facts.find(({ part }) => part === 'settings')!.lacks).to.deep.equal([
      'kernel/sysctl.txt is not whole in B, or was altered: it was not compared.',
    ]);
    expect(found.b.problems[0]).to.match(/^node1\/kernel\/sysctl\.txt has /);
    expect(isWholeComparison(found)).to.equal(false);
  });

  it('tells what one host does not have from what could not be had', async () => {
    const gone = await changed(withoutItem(capturedBundle('a'), 'node1/config/keepalived.conf', 'CONFIG_UNREADABLE'));
    expect(changesOf(gone, 'configuration')).to.deep.equal([{ of: 'config/keepalived.conf', a: 'there' }]);
    expect(gone).to.not.have.property('lacks');
    const missing = await changed(withoutItem(capturedBundle('a'), 'node1/config/keepalived.conf', 'TIMEOUT'));
    expect(changesOf(missing, 'configuration')).to.deep.equal([]);
    expect(missing.lacks).to.deep.equal(['Not whole in B: config/keepalived.conf.']);
  });

  it('compares only what both have of settings that are not whole', async () => {
    const cut = withText(capturedBundle('b'), 'node1/kernel/sysctl.txt', (text) =>
      text.slice(0, text.indexOf('udp_timeout_stream')),
    );
    const node = await changed(cut);
    expect(changesOf(node, 'settings')).to.deep.equal([
      { of: 'net.netfilter.nf_conntrack_udp_timeout', a: '120', b: '77' },
    ]);
    expect(node.facts.find(({ part }) => part === 'settings')!.lacks).to.have.length(1);
  });

  it('does not take the missing end of a table for flows that went', async () => {
    const cut = withManifest(
      withText(capturedBundle('a'), 'node1/kernel/table-ipv4.txt', (text) => text.slice(0, text.length / 2)),
      ({ nodes }) =>
        Object.assign(
          nodes[0]!.items.find(({ name }) => name === 'kernel/table-ipv4.txt')!,
          { complete: false },
        ),
    );
    const node = await changed(cut);
    expect(node.flows_lack).to.have.length(1);
    expect(node.flows_lack![0]).to.match(/^The kernel's tables are not whole in B \(.*table-ipv4\.txt/);
    const without = await changed(
      ['ipv4', 'ipv6'].reduce(
        (all, family) => withoutItem(all, `node1/kernel/table-${family}.txt`, 'TIMEOUT'),
        capturedBundle('a'),
      ),
    );
    expect(without).to.not.have.property('flows');
    expect(without.flows_lack).to.deep.equal([
      "The kernel's tables are not in B, or were altered: flows were not compared.",
    ]);
  });

  describe('where addresses were replaced', () => {
    const cleaned = (bundle: BundleFiles, host: string): BundleFiles =>
      withManifest(bundle, (manifest) => {
        manifest.cleaned = { ipv4: 7 };
        for (const node of manifest.nodes) node.host = host;
      });
    const UNCOMPARED = ['configuration', 'firewall', 'addresses'];

    async function uncompared(a: BundleFiles, b: BundleFiles): Promise<string> {
      const found = await compare(a, b);
      const [node] = found.nodes;
      const lacking = node!.facts.filter(({ lacks }) => lacks !== undefined);
      expect(lacking.map(({ part }) => part)).to.deep.equal(UNCOMPARED);
      expect(node).to.not.have.property('flows');
      expect(changesOf(node!, 'settings')).to.have.length(1);
      expect(isWholeComparison(found)).to.equal(false);
      return lacking[0]!.lacks![0]!;
    }

    it('notices another key, in one bundle or by the host', async () => {
      expect(await uncompared(capturedBundle('a'), cleaned(capturedBundle('b'), 'host-1'))).to.match(
        /in B and not in A/,
      );
      rmSync(folder, { recursive: true });
      const both = [cleaned(capturedBundle('a'), 'host-1'), cleaned(capturedBundle('b'), 'host-2')] as const;
      expect(await uncompared(...both)).to.match(/under another key/);
    });

    it('notices another key by the addresses where the host has none to tell it by', async () => {
      const other = withText(capturedBundle('b'), 'node1/network/addresses.json', (text) =>
        text
          .replaceAll(/"local":"(?:10|172)\./g, '"local":"19.')
          .replaceAll('"local":"fd', '"local":"fc')
          .replaceAll('192.0.2', '19.0.2'),
      );
      expect(await uncompared(cleaned(capturedBundle('a'), 'vm'), cleaned(other, 'vm'))).to.match(/under another key/);
    });

    it('compares all of it where the key is one', async () => {
      const found = await compare(cleaned(capturedBundle('a'), 'host-1'), cleaned(capturedBundle('b'), 'host-1'));
      expect(isWholeComparison(found)).to.equal(true);
      expect(found.a.cleaned).to.equal(true);
    });
  });

  describe('nodes', () => {
    const renamed = (names: string[], hosts: string[] = names): BundleFiles => {
      const bundle = withManifest(capturedBundle('a'), ({ nodes }) => {
        nodes.splice(names.length);
        nodes.forEach((node, i) => Object.assign(node, { name: names[i], host: hosts[i] }));
      });
      return new Map(
        [...bundle].flatMap(([path, bytes]): [string, Buffer][] => {
          const [, number, rest] = /^node([12])(\/.*)$/.exec(path) ?? [];
          if (number === undefined) return [[path, bytes]];
          const name = names[Number(number) - 1];
          return name === undefined ? [] : [[`${name}${rest}`, bytes]];
        }),
      );
    };
    const pairs = ({ nodes }: BundleComparison): string[] => nodes.map(({ a, b }) => `${a} ${b}`);

    it('are matched by their hosts, whatever their order', async () => {
      const found = await compare(renamed(['fw1', 'fw2']), renamed(['fw2', 'fw1']));
      expect(pairs(found)).to.deep.equal(['fw1 fw1', 'fw2 fw2']);
    });

    it('that only one bundle has are told', async () => {
      const found = await compare(renamed(['fw1', 'fw2']), renamed(['fw2']));
      expect(pairs(found)).to.deep.equal(['fw2 fw2']);
      expect(found.a.alone).to.deep.equal(['fw1']);
      expect(found.b).to.not.have.property('alone');
    });

    it('of other names are compared where that is asked for', async () => {
      const [a, b] = [renamed(['fw1', 'fw2']), renamed(['other'])];
      const failure = await failureIn(compare(a, b));
      expect(failure.code).to.equal('USAGE');
      expect(failure.message).to.match(/no node in common: .* has fw1 and fw2, .* has other\.$/);
      expect(failure.next).to.equal('Say which belong together, such as --node fw1=other.');
      expect(pairs(await compare(a, b, [['fw2', 'other']]))).to.deep.equal(['fw2 other']);
      expect((await failureIn(compare(a, b, [['fw3', 'other']]))).message).to.match(/has no node fw3\.$/);
    });
  });

  it('matches the one node of each where its name was replaced', async () => {
    const one = (name: string, cleaned: number): BundleFiles =>
      new Map(
        [
          ...withManifest(capturedBundle('a'), (manifest) => {
            manifest.nodes.splice(1);
            Object.assign(manifest.nodes[0]!, { name, host: name });
            manifest.cleaned = { ipv4: cleaned };
          }),
        ].flatMap(([path, bytes]): [string, Buffer][] =>
          path.startsWith('node2/') ? [] : [[path.replace('node1/', `${name}/`), bytes]],
        ),
      );
    const [node] = (await compare(one('fw1', 0), one('node1', 7))).nodes;
    expect(node).to.include({ a: 'fw1', b: 'node1' });
    expect(node!.flows_lack!.join()).to.match(/in B and not in A/);
    rmSync(folder, { recursive: true });
    expect((await failureIn(compare(one('fw1', 0), one('fw2', 0)))).code).to.equal('USAGE');
  });

  it('takes one of both from stdin at the most, and refuses what is no bundle', async () => {
    expect((await failureIn(compareBundles('-', '-', { abort, nodes: [] }))).code).to.equal('USAGE');
    writeFileSync(join(folder, 'x'), 'x');
    const whole = written(capturedBundle('a'), join(folder, 'a'));
    for (const pair of [
      [whole, join(folder, 'x')],
      [join(folder, 'x'), whole],
    ] as const) {
      expect((await failureIn(compareBundles(...pair, { abort, nodes: [] }))).code).to.equal('BAD_CAPTURE');
    }
  });
});
