import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import { LONGEST_LINE } from '../../../src/bundle/clean/pieces.js';
import { TextCleaner } from '../../../src/bundle/clean/text-cleaner.js';
import { cleaned, HOSTS, ipv4, KEY, newCleaner, USERS, withoutSecrets } from './cleaned.js';

const SEEDS = {
  address: '91.12.3.4',
  ipv6: '2a02:810:1::17',
  mac: '52:54:00:12:34:56',
  host: 'fw1.corp.example.net',
  user: 'joe',
  secret: 'hunter2hunter2',
};

/** A page of each kind that may be in a bundle, with every seed that it can have. */
const ITEMS: Record<string, string> = {
  dump: `ipv4     2 tcp      6 431997 ESTABLISHED src=91.12.3.4 dst=10.0.0.1 sport=47544 dport=22 packets=2 bytes=112 src=10.0.0.1 dst=91.12.3.4 sport=22 dport=47544 packets=1 bytes=60 [ASSURED] mark=0 use=1 id=3727425118
ipv6     10 udp      17 27 src=2a02:810:1::17 dst=2a02:810:1::17 sport=5 dport=53 [UNREPLIED] src=2a02:810:1::17 dst=2a02:810:1::17 sport=53 dport=5 mark=0 use=1 id=17\n`,
  link: 'UDP traffic device=eth0 status=RUNNING role=ACTIVE:\n                 112 Bytes sent           91.12.3.4 peer\n',
  log: '[Thu Nov 26 03:00:00 2026] (pid=613) [notice] using 91.12.3.4 of fw1.corp.example.net for joe\n',
  'conntrackd.conf':
    'Sync { Mode FTFW { } UDP { IPv4_address 91.12.3.4 IPv6_address 2a02:810:1::17 Interface eth0 } }\n',
  'keepalived.conf':
    'authentication {\n auth_type PASS\n auth_pass hunter2hunter2\n}\nvirtual_ipaddress {\n 91.12.3.4/24 dev eth0\n}\n',
  nft: 'table ip filter {\n chain f {\n  ip saddr 91.12.3.4 ether saddr 52:54:00:12:34:56 accept comment "joe on FW1"\n }\n}\n',
  addresses:
    '[{"ifname":"eth0","address":"52:54:00:12:34:56","addr_info":[{"family":"inet","local":"91.12.3.4","prefixlen":24},{"family":"inet6","local":"2a02:810:1::17","prefixlen":64}]}]\n',
  routes: 'default via 91.12.3.4 dev eth0\n2a02:810:1::/48 dev eth0 metric 256\n91.12.3.0/24 dev eth0 src 91.12.3.4\n',
  neighbours:
    '91.12.3.4 dev eth0 lladdr 52:54:00:12:34:56 REACHABLE\n2a02:810:1::17 dev eth0 lladdr 52:54:00:12:34:56 STALE\n',
  sockets: '  613: 04030C5B:0EC4 04030C5B:0035 07 00000000:00000000 00:00000000 00000000     0        0 22511 2 0 0\n',
  unix: '0000: 00000002 00000000 00010000 0001 01 613 /home/joe/fw1/conntrackd.sock\n',
  sysctl: 'kernel.hostname = fw1\nkernel.domainname = corp.example.net\nnet.netfilter.nf_conntrack_max = 262144\n',
  document:
    '{"schema":"ctsync/sync-status/1","host":"fw1","findings":[{"evidence":"91.12.3.4 and 2a02:810:1::17","token":"hunter2hunter2"}]}\n',
  snmp: 'rocommunity hunter2hunter2 91.12.3.4\n',
  key: '-----BEGIN EC PRIVATE KEY-----\nhunter2hunter2\n-----END EC PRIVATE KEY-----\n',
};

const FOUND = new RegExp([...Object.values(SEEDS), 'fw1', 'example\\.net', '04030C5B', '52-54-00'].join('|'), 'i');

async function inChunks(text: Buffer, lengths: number[]): Promise<{ text: Buffer; counts: object }> {
  function* cut(): Generator<Buffer> {
    let at = 0;
    for (let i = 0; at < text.length; i++) {
      const to = at + Math.max(lengths[i % lengths.length] ?? 1, 1);
      yield text.subarray(at, to);
      at = to;
    }
  }
  const cleaner = newCleaner();
  const pieces: Buffer[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* cut();
  }
  for await (const piece of cleaner.clean(chunks())) pieces.push(piece);
  return { text: Buffer.concat(pieces), counts: cleaner.counts };
}

describe('the cleaner of texts', () => {
  for (const [name, text] of Object.entries(ITEMS)) {
    it(`leaves no seed in: ${name}`, () => {
      expect(text).to.match(FOUND);
      const clean = cleaned(text);
      expect(clean).not.to.match(FOUND);
      expect(clean.split('\n')).to.have.length(text.split('\n').length);
      if (text.startsWith('{') || text.startsWith('[{')) JSON.parse(clean);
    });
  }

  it('gives the same in whatever chunks a text comes', async () => {
    const all = Buffer.from(Object.values(ITEMS).join(''), 'latin1');
    const whole = newCleaner().cleanText(all);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(700), { minLength: 1 }), async (lengths) => {
        expect((await inChunks(all, lengths)).text.equals(whole)).to.equal(true);
      }),
      { numRuns: 40 },
    );
    expect((await inChunks(all, [1])).text.equals(whole)).to.equal(true);
  });

  it('gives the same in whatever chunks a very long line comes', async () => {
    const part = '{"src":"91.12.3.4","dst":"2a02:810:1::17","auth_pass":"hunter2hunter2","mac":"52:54:00:12:34:56"},';
    const line = Buffer.from(
      `${part.repeat(4000)}\nauth_pass${' '.repeat(2 * LONGEST_LINE)}hunter2hunter2 x\nnext 1\n`,
    );
    const whole = newCleaner();
    const clean = whole.cleanText(line);
    expect(clean.toString('latin1')).not.to.match(FOUND);
    expect(clean.toString('latin1')).to.match(/\nauth_pass\s*<removed>\nnext 1\n$/);
    expect(whole.counts).to.deep.equal({
      ipv4: 4000,
      ipv6: 4000,
      mac: 4000,
      host_names: 0,
      user_names: 0,
      secrets: 4001,
    });
    for (const lengths of [[65536], [1000, 77777], [13]]) {
      const chunked = await inChunks(line, lengths);
      expect(chunked.text.equals(clean)).to.equal(true);
      expect(chunked.counts).to.deep.equal(whole.counts);
    }
  });

  it('removes a word that is too long to be looked through', () => {
    const clean = cleaned(`a ${'x91.12.3.4'.repeat(LONGEST_LINE)} b 91.12.3.4\n`);
    expect(clean).to.match(/^a <removed> b \d+\.\d+\.\d+\.\d+\n$/);
  });

  it('keeps every byte that it does not replace', () => {
    const bytes = Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256));
    expect(newCleaner().cleanText(bytes).equals(bytes)).to.equal(true);
  });

  it('takes any text, and no time over a megabyte of the same', function () {
    this.timeout(120_000);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void cleaned(text)));
    const bits = [
      ...[
        'a',
        ':',
        '.',
        '1.',
        '1:',
        'a::',
        '-',
        ' ',
        '"',
        '\\',
        '{ ',
        '://',
        '$6$',
        'key ',
        'token=',
        'password ',
        'password \t',
      ],
      ...[
        'auth_pass "',
        '-----BEGIN ',
        'fw1.',
        'a.corp.',
        '02-',
        '02:',
        '[{"password":',
        ') 0x',
        'pass=\\\n',
        '@x ',
        'set ',
      ],
    ];
    for (const bit of bits) cleaned(bit.repeat(1e6 / bit.length));
  });

  it('removes only secrets without a key', () => {
    const text = 'fw1 joe 91.12.3.4 52:54:00:12:34:56\n';
    expect(withoutSecrets(`${text}auth_pass x\n`)).to.equal(`${text}auth_pass <removed>\n`);
    expect(new TextCleaner().namesLeft).to.deep.equal([]);
  });

  it('gives the texts of both nodes names and addresses that fit together', () => {
    const other = new TextCleaner({ key: KEY, hosts: [...HOSTS].reverse(), users: [...USERS] });
    for (const text of Object.values(ITEMS)) {
      expect(other.cleanText(Buffer.from(text, 'latin1')).toString('latin1')).to.equal(cleaned(text));
    }
  });

  it('finds nothing to replace that was in a fixture in what it makes of it', () => {
    const folder = new URL('../../fixtures/', import.meta.url);
    for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
      if (!/\.(?:archive|conf|txt)$/.test(file)) continue;
      const text = readFileSync(new URL(file, folder), 'latin1');
      const clean = cleaned(text);
      for (const address of new Set(text.match(/\b10\.91\.\d+\.\d+\b|\bfd9[12]:[0-9a-f:]+\b/g))) {
        expect(clean.includes(` ${address} `) || clean.includes(`src=${address} `), `${file}: ${address}`).to.equal(
          false,
        );
      }
    }
  });

  it("looks into journald's lists of bytes, which stand for a text that is no plain one", () => {
    const bytes = (text: string): string => JSON.stringify([...Buffer.from(text)]);
    const line = (text: string): string => `{"MESSAGE":${bytes(text)}}`;
    expect(cleaned('{"a":"\\u001b[1mfw2"}')).to.equal(`{"a":"\\u001b[1m${cleaned('fw2')}"}`);
    expect(cleaned(line(`\u001b[1mfw2 at 10.1.2.3\u001b[0m`))).to.equal(
      line(`\u001b[1m${cleaned('fw2')} at ${ipv4('10.1.2.3')}\u001b[0m`),
    );
  });

  it('takes the escapes of JSON for what they stand for, and not for letters of a word', () => {
    for (const escape of ['\\n', '\\t', '\\b', '\\f', '\\r', '\\u001b']) {
      for (const seed of ['2a02:810:1::17', 'fe80::21b:21ff:feab:cdef', '52:54:00:12:34:56', 'fw1', 'fw2', 'joe']) {
        const plain = cleaned(`" ${seed} "`).slice(2, -2);
        expect(plain).to.not.equal(seed);
        expect(cleaned(`"x${escape}${seed}${escape}"`)).to.equal(`"x${escape}${plain}${escape}"`);
      }
    }
  });

  it('replaces a name of hexadecimal digits beside a colon or a dot, and no group of an address', () => {
    const cleaner = new TextCleaner({ key: KEY, hosts: ['dc1.corp.example.net'], users: ['ab'] });
    const clean = (text: string): string => cleaner.cleanText(Buffer.from(text, 'latin1')).toString('latin1');
    for (const text of ['master at dc1: up', 'root@dc1:~# dc1.', '/etc/ab.conf', 'ab:x:1000:', 'dc1:22']) {
      expect(clean(text)).to.not.match(/\b(?:dc1|ab)\b/);
    }
    for (const text of ['::dc1', 'fe80::dc1', '52:54:ab:12:34:56', '2001:db8:ab::1']) {
      expect(clean(text)).to.not.match(/host-|user-/);
    }
  });
});
