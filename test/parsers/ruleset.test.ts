import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { iptablesTracks, nftTracks } from '../../src/parsers/ruleset.js';
import { skipFor } from '../support/skip.js';

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/nft-1.0.6/${name}`, import.meta.url), 'utf8');
}

/** What `nft -j list ruleset` prints for one rule with these statements. */
function rule(...expr: unknown[]): string {
  return JSON.stringify({ nftables: [{ rule: { family: 'ip', table: 't', chain: 'c', handle: 1, expr } }] });
}

const INPUT = 'type filter hook input priority 0';

/** Chains of a table `inet t`, and whether the kernel tracks because of them. */
const SNIPPETS: [string, boolean][] = [
  [`chain c { ${INPUT}\n ct state new }`, true],
  [`chain c { ${INPUT}\n ct state vmap { new : accept } }`, true],
  [`chain c { ${INPUT}\n ct original ip saddr 1.2.3.4 }`, true],
  [`chain c { ${INPUT}\n ct count over 20 drop }`, true],
  [`chain c { ${INPUT}\n meta mark set ct mark }`, true],
  [`chain c { ${INPUT}\n ct mark set 1 }`, true],
  ['chain c { meta mark set ct mark }', true],
  [`chain c { ${INPUT}\n tcp dport 1 synproxy mss 1460 }`, true],
  ['chain c { type nat hook prerouting priority 0\n tcp dport 1 redirect to :2 }', true],
  ['chain c { type nat hook prerouting priority 0\n dnat ip to 1.2.3.4 }', true],
  ['chain c { type nat hook postrouting priority 0\n snat ip to 127.0.0.1 }', true],
  ['chain c { type nat hook postrouting priority 0\n oifname wan masquerade }', true],
  ['ct helper h {\n type "ftp" protocol tcp\n }', true],
  ['ct timeout o {\n protocol tcp\n policy = { established: 120 };\n }', true],
  [`set s { type ipv4_addr\n flags dynamic\n }\nchain c { ${INPUT}\n add @s { ip saddr ct count over 2 } }`, true],
  [`flags dormant\nchain c { ${INPUT}\n ct state new }`, true],
  [`chain c { ${INPUT}\n tcp dport { 1, 2 } log prefix "ct state" accept comment "masquerade" }`, false],
  ['chain c { type filter hook prerouting priority 0\n notrack }', false],
  ['chain c { type nat hook prerouting priority 0\n counter }', false],
  ['map m { typeof ct mark : verdict\n }', false],
];

describe('nftTracks', () => {
  it('finds the first rule of a stateful firewall that tracks', () => {
    expect(nftTracks(fixture('firewall.json'))).to.equal(true);
  });

  it('finds nothing in an empty ruleset and in a stateless firewall', () => {
    expect(nftTracks(fixture('empty.json'))).to.equal(false);
    expect(nftTracks(fixture('stateless.json'))).to.equal(false);
  });

  it('says of a ruleset what the kernel does with it', function () {
    const script =
      'ip link set lo up; nft -f - && ping -c1 -W1 127.0.0.1 >/dev/null && conntrack -C && nft -j list ruleset';
    const { status } = spawnSync('unshare', ['-n', 'sh', '-ec', 'nft list ruleset; conntrack -V; ping -V']);
    skipFor(this, status === 0 ? undefined : 'to ask a kernel takes root, nft, ping and conntrack');
    for (const [snippet, tracks] of SNIPPETS) {
      // nft wants a brace that closes a chain on a line of its own.
      const input = `table inet t {\n${snippet.replaceAll(/\}(?= *$|\n)/gm, '\n}')}\n}\n`;
      const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script], { input, encoding: 'utf8' });
      const [count, ruleset = ''] = stdout.split('\n');
      expect(Number(count) > 0, `${snippet} ${stderr}`).to.equal(tracks);
      expect(nftTracks(ruleset), snippet).to.equal(tracks);
    }
  });

  it('knows flowtables and the extensions of iptables-nft', () => {
    expect(nftTracks(rule({ flow: { op: 'add', flowtable: '@f' } }))).to.equal(true);
    const flowtable = JSON.stringify({ nftables: [{ flowtable: { family: 'ip', table: 't', name: 'f' } }] });
    expect(nftTracks(flowtable)).to.equal(true);
    expect(nftTracks(rule({ xt: { type: 'match', name: 'conntrack' } }))).to.equal(true);
    expect(nftTracks(rule({ xt: { type: 'target', name: 'MASQUERADE' } }))).to.equal(true);
    for (const xt of [null, {}, { name: 3 }, { type: 'match', name: 'comment' }]) {
      expect(nftTracks(rule({ xt })), JSON.stringify(xt)).to.equal(false);
    }
  });

  it('reads on over items that it does not know', () => {
    const text = JSON.stringify({ nftables: [null, 3, 'ct', { ct: null }, { rule: 3 }, { rule: {} }, { snat: [] }] });
    expect(nftTracks(text)).to.equal(false);
    expect(nftTracks('{"nftables":[{"rule":{"expr":[{"ct":null}]}}]}')).to.equal(true);
    expect(nftTracks(rule({ ct: { dir: 'original' } }))).to.equal(true);
  });

  it('reads JSON that is nested deep', () => {
    const deep = `${'['.repeat(100_000)}{"masquerade":null}${']'.repeat(100_000)}`;
    expect(nftTracks(`{"nftables":[{"rule":{"expr":${deep}}}]}`)).to.equal(true);
  });

  for (const text of ['', 'Operation not permitted', '[]', '3', 'null', '{}', '{"nftables":{}}', '{"nftables":[']) {
    it(`fails for ${JSON.stringify(text)}`, () => {
      expect(() => nftTracks(text))
        .to.throw(Failure, /The answer of `nft -j list ruleset` can't be understood/)
        .with.property('code', 'BAD_ANSWER');
    });
  }
});

function save(table: string, ...rules: string[]): string {
  const chains = [':INPUT ACCEPT [0:0]', ':POSTROUTING ACCEPT [12:840]'];
  return [
    ...['# Generated by iptables-save v1.8.9 (nf_tables) on Sun Nov 22 13:28:00 2026', `*${table}`, ...chains],
    ...[...rules, 'COMMIT', '# Completed on Sun Nov 22 13:28:00 2026', ''],
  ].join('\n');
}

function tracks(...rules: string[]): boolean {
  return iptablesTracks(save('filter', ...rules), 'iptables-save');
}

describe('iptablesTracks', () => {
  it('finds the first match or target that tracks, in any table', () => {
    const text = save('filter', '-A INPUT -p tcp -j ACCEPT') + save('nat', '-A POSTROUTING -o wan -j MASQUERADE');
    expect(iptablesTracks(text, 'iptables-save')).to.equal(true);
  });

  it('knows every match and target of connection tracking', () => {
    for (const match of [
      'conntrack',
      'state',
      'connlimit',
      'connmark',
      'connbytes',
      'connlabel',
      'helper',
      'cluster',
    ]) {
      expect(tracks(`-A INPUT -p tcp -m tcp -m ${match} --x y -j DROP`)).to.equal(true);
    }
    const targets = ['MASQUERADE', 'SNAT', 'DNAT', 'REDIRECT', 'NETMAP', 'CONNMARK', 'CONNSECMARK', 'SYNPROXY'];
    for (const target of [...targets, 'CLUSTERIP', 'FLOWOFFLOAD']) {
      expect(tracks(`[3:180] -A INPUT -j ${target}`)).to.equal(true);
    }
  });

  it('knows that CT switches tracking on, unless it says --notrack', () => {
    expect(tracks('-A PREROUTING -p tcp -j CT --helper ftp')).to.equal(true);
    expect(tracks('-A PREROUTING -p tcp -j CT --notrack', '-A PREROUTING -j NOTRACK')).to.equal(false);
  });

  it('finds nothing in comments, chain names and other rules', () => {
    const rules = [
      ...[
        '-A INPUT -m comment --comment "-j SNAT" -j ACCEPT',
        '-A INPUT -m comment --comment "a \\" -m state" -j DROP',
      ],
      ...['-A INPUT -m comment --comment -m', '-A INPUT -j state', '-A INPUT -j', '-A SNAT -i state -j LOG'],
    ];
    expect(iptablesTracks(save('filter', ...rules), 'iptables-save')).to.equal(false);
    expect(iptablesTracks('', 'ip6tables-save')).to.equal(false);
    expect(iptablesTracks('# Warning: iptables-legacy tables present\n', 'iptables-save')).to.equal(false);
  });

  const BAD: [string, RegExp][] = [
    ['iptables-save: permission denied', /it has the line "iptables-save: permission denied"/],
    ['-A INPUT -j ACCEPT\n', /it has the line "-A INPUT -j ACCEPT"/],
    ['*filter\n:INPUT ACCEPT [0:0]\n', /it ends within table filter/],
    ['*filter\n-I INPUT -j ACCEPT\nCOMMIT\n', /it has the line "-I INPUT/],
    [':INPUT ACCEPT [0:0]\n', /it has the line ":INPUT/],
    [`\u0000${'x'.repeat(1000)}`, /it has the line "\uFFFDx{79}"/],
  ];
  for (const [text, message] of BAD) {
    it(`fails for ${JSON.stringify(text.slice(0, 40))}`, () => {
      expect(() => iptablesTracks(text, 'ip6tables-save'))
        .to.throw(Failure, message)
        .with.property('code', 'BAD_ANSWER');
    });
  }
});
