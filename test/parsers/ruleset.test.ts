import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { conntrackUseOfIptables, conntrackUseOfNft } from '../../src/parsers/ruleset.js';

function fixture(name: string): string {
  return readFileSync(new URL(`../fixtures/nft-1.0.6/${name}`, import.meta.url), 'utf8');
}

/** What `nft -j list ruleset` prints for one rule with these statements. */
function rule(...expr: unknown[]): string {
  return JSON.stringify({ nftables: [{ rule: { family: 'ip', table: 't', chain: 'c', handle: 1, expr } }] });
}

const INPUT = 'type filter hook input priority 0';

/** Chains of a table `inet t`, and the evidence in them; undefined where the kernel does not track because of them. */
const SNIPPETS: [string, string | undefined][] = [
  [`chain c { ${INPUT}\n ct state new }`, 'ct state in chain c of table inet t'],
  [`chain c { ${INPUT}\n ct state vmap { new : accept } }`, 'ct state in chain c of table inet t'],
  [`chain c { ${INPUT}\n ct original ip saddr 1.2.3.4 }`, 'ct ip saddr in chain c of table inet t'],
  [`chain c { ${INPUT}\n ct count over 20 drop }`, 'ct count in chain c of table inet t'],
  [`chain c { ${INPUT}\n meta mark set ct mark }`, 'ct mark in chain c of table inet t'],
  [`chain c { ${INPUT}\n ct mark set 1 }`, 'ct mark in chain c of table inet t'],
  ['chain c { meta mark set ct mark }', 'ct mark in chain c of table inet t'],
  [`chain c { ${INPUT}\n tcp dport 1 synproxy mss 1460 }`, 'synproxy in chain c of table inet t'],
  [
    'chain c { type nat hook prerouting priority 0\n tcp dport 1 redirect to :2 }',
    'redirect in chain c of table inet t',
  ],
  ['chain c { type nat hook prerouting priority 0\n dnat ip to 1.2.3.4 }', 'dnat in chain c of table inet t'],
  ['chain c { type nat hook postrouting priority 0\n snat ip to 127.0.0.1 }', 'snat in chain c of table inet t'],
  [
    'chain c { type nat hook postrouting priority 0\n oifname wan masquerade }',
    'masquerade in chain c of table inet t',
  ],
  ['ct helper h {\n type "ftp" protocol tcp\n }', 'ct helper h in table inet t'],
  ['ct timeout o {\n protocol tcp\n policy = { established: 120 };\n }', 'ct timeout o in table inet t'],
  [
    `set s { type ipv4_addr\n flags dynamic\n }\nchain c { ${INPUT}\n add @s { ip saddr ct count over 2 } }`,
    'ct count in chain c of table inet t',
  ],
  [`flags dormant\nchain c { ${INPUT}\n ct state new }`, 'ct state in chain c of table inet t'],
  [`chain c { ${INPUT}\n tcp dport { 1, 2 } log prefix "ct state" accept comment "masquerade" }`, undefined],
  ['chain c { type filter hook prerouting priority 0\n notrack }', undefined],
  ['chain c { type nat hook prerouting priority 0\n counter }', undefined],
  ['map m { typeof ct mark : verdict\n }', undefined],
];

describe('conntrackUseOfNft', () => {
  it('finds the first rule of a stateful firewall that tracks', () => {
    expect(conntrackUseOfNft(fixture('firewall.json'))).to.deep.equal({
      uses: true,
      evidence: 'ct state in chain forward of table inet filter',
    });
  });

  it('finds nothing in an empty ruleset and in a stateless firewall', () => {
    expect(conntrackUseOfNft(fixture('empty.json'))).to.deep.equal({ uses: false });
    expect(conntrackUseOfNft(fixture('stateless.json'))).to.deep.equal({ uses: false });
  });

  it('says of a ruleset what the kernel does with it', function () {
    const script =
      'ip link set lo up; nft -f - && ping -c1 -W1 127.0.0.1 >/dev/null && conntrack -C && nft -j list ruleset';
    // Skipped without root, nft, ping or conntrack: it takes a kernel of its own to ask.
    if (spawnSync('unshare', ['-n', 'sh', '-ec', 'nft list ruleset; conntrack -V; ping -V']).status !== 0) this.skip();
    for (const [snippet, evidence] of SNIPPETS) {
      // nft wants a brace that closes a chain on a line of its own.
      const input = `table inet t {\n${snippet.replaceAll(/\}(?= *$|\n)/gm, '\n}')}\n}\n`;
      const { stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-c', script], { input, encoding: 'utf8' });
      const [count, ruleset = ''] = stdout.split('\n');
      expect(Number(count) > 0, `${snippet} ${stderr}`).to.equal(evidence !== undefined);
      expect(conntrackUseOfNft(ruleset), snippet).to.deep.equal(
        evidence === undefined ? { uses: false } : { uses: true, evidence },
      );
    }
  });

  it('knows flowtables and the extensions of iptables-nft', () => {
    expect(conntrackUseOfNft(rule({ flow: { op: 'add', flowtable: '@f' } }))).to.deep.equal({
      uses: true,
      evidence: 'flow in chain c of table ip t',
    });
    const flowtable = JSON.stringify({ nftables: [{ flowtable: { family: 'ip', table: 't', name: 'f' } }] });
    expect(conntrackUseOfNft(flowtable)).to.deep.equal({ uses: true, evidence: 'flowtable f in table ip t' });
    expect(conntrackUseOfNft(rule({ xt: { type: 'match', name: 'conntrack' } }))).to.deep.equal({
      uses: true,
      evidence: 'xt conntrack in chain c of table ip t',
    });
    expect(conntrackUseOfNft(rule({ xt: { type: 'target', name: 'MASQUERADE' } })).uses).to.equal(true);
    for (const xt of [null, {}, { name: 3 }, { type: 'match', name: 'comment' }]) {
      expect(conntrackUseOfNft(rule({ xt })), JSON.stringify(xt)).to.deep.equal({ uses: false });
    }
  });

  it('reads on over items that it does not know', () => {
    const text = JSON.stringify({ nftables: [null, 3, 'ct', { ct: null }, { rule: 3 }, { rule: {} }, { snat: [] }] });
    expect(conntrackUseOfNft(text)).to.deep.equal({ uses: false });
    expect(conntrackUseOfNft('{"nftables":[{"rule":{"expr":[{"ct":null}]}}]}')).to.deep.equal({
      uses: true,
      evidence: 'ct in chain ? of table ? ?',
    });
    expect(conntrackUseOfNft(rule({ ct: { dir: 'original' } })).evidence).to.equal('ct in chain c of table ip t');
  });

  it('reads JSON that is nested deep', () => {
    const deep = `${'['.repeat(100_000)}{"masquerade":null}${']'.repeat(100_000)}`;
    expect(conntrackUseOfNft(`{"nftables":[{"rule":{"expr":${deep}}}]}`).uses).to.equal(true);
  });

  for (const text of ['', 'Operation not permitted', '[]', '3', 'null', '{}', '{"nftables":{}}', '{"nftables":[']) {
    it(`fails for ${JSON.stringify(text)}`, () => {
      expect(() => conntrackUseOfNft(text))
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

function useOf(...rules: string[]): string | undefined {
  return conntrackUseOfIptables(save('filter', ...rules), 'iptables-save').evidence;
}

describe('conntrackUseOfIptables', () => {
  it('finds the first match or target that tracks, in any table', () => {
    const text = save('filter', '-A INPUT -p tcp -j ACCEPT') + save('nat', '-A POSTROUTING -o wan -j MASQUERADE');
    expect(conntrackUseOfIptables(text, 'iptables-save')).to.deep.equal({
      uses: true,
      evidence: '-j MASQUERADE in table nat (iptables-save)',
    });
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
      expect(useOf(`-A INPUT -p tcp -m tcp -m ${match} --x y -j DROP`)).to.equal(
        `-m ${match} in table filter (iptables-save)`,
      );
    }
    const targets = ['MASQUERADE', 'SNAT', 'DNAT', 'REDIRECT', 'NETMAP', 'CONNMARK', 'CONNSECMARK', 'SYNPROXY'];
    for (const target of [...targets, 'CLUSTERIP', 'FLOWOFFLOAD']) {
      expect(useOf(`[3:180] -A INPUT -j ${target}`)).to.equal(`-j ${target} in table filter (iptables-save)`);
    }
  });

  it('knows that CT switches tracking on, unless it says --notrack', () => {
    expect(useOf('-A PREROUTING -p tcp -j CT --helper ftp')).to.match(/^-j CT/);
    expect(useOf('-A PREROUTING -p tcp -j CT --notrack', '-A PREROUTING -j NOTRACK')).to.equal(undefined);
  });

  it('finds nothing in comments, chain names and other rules', () => {
    const rules = [
      ...[
        '-A INPUT -m comment --comment "-j SNAT" -j ACCEPT',
        '-A INPUT -m comment --comment "a \\" -m state" -j DROP',
      ],
      ...['-A INPUT -m comment --comment -m', '-A INPUT -j state', '-A INPUT -j', '-A SNAT -i state -j LOG'],
    ];
    expect(conntrackUseOfIptables(save('filter', ...rules), 'iptables-save')).to.deep.equal({ uses: false });
    expect(conntrackUseOfIptables('', 'ip6tables-save')).to.deep.equal({ uses: false });
    expect(conntrackUseOfIptables('# Warning: iptables-legacy tables present\n', 'iptables-save').uses).to.equal(false);
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
      expect(() => conntrackUseOfIptables(text, 'ip6tables-save'))
        .to.throw(Failure, message)
        .with.property('code', 'BAD_ANSWER');
    });
  }
});
