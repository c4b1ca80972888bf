import { expect } from 'chai';
import { cleaned, ipv4, ipv6, mac, newCleaner } from './cleaned.js';

const A = '91.12.3.4';
const B = '2a02:810:1::17';
const M = '52:54:00:12:34:56';

/** Texts with an address in them, and what becomes of them. */
const FORMS: [text: string, cleaned: string][] = [
  [A, ipv4(A)],
  [`src=${A} dst=10.0.0.1 sport=1`, `src=${ipv4(A)} dst=${ipv4('10.0.0.1')} sport=1`],
  [`${A}:80, [${A}]:80 (${A}) "${A}" ${A}.`, `${ipv4(A)}:80, [${ipv4(A)}]:80 (${ipv4(A)}) "${ipv4(A)}" ${ipv4(A)}.`],
  [`${A}-91.12.3.9,${A}->${A}`, `${ipv4(A)}-${ipv4('91.12.3.9')},${ipv4(A)}->${ipv4(A)}`],
  [`IP ${A}.53 > ${A}.4711:`, `IP ${ipv4(A)}.53 > ${ipv4(A)}.4711:`],
  [`user@${A} x${A}y log-${A}.txt from:${A}:`, `user@${ipv4(A)} x${ipv4(A)}y log-${ipv4(A)}.txt from:${ipv4(A)}:`],
  ['091.012.003.004', ipv4(A)],
  [`<src>${A}</src>`, `<src>${ipv4(A)}</src>`],
  [B, ipv6(B)],
  ['2A02:0810:0001:0000:0000:0000:0000:0017', ipv6(B)],
  ['2a02:810:1:0::17', ipv6(B)],
  [
    `[${B}]:443 ${B}/128 "${B}" ${B}: x ${B}.`,
    `[${ipv6(B)}]:443 ${ipv6(B)}/128 "${ipv6(B)}" ${ipv6(B)}: x ${ipv6(B)}.`,
  ],
  [`${B}.443 dev:${B} addr:${B} src:${B}`, `${ipv6(B)}.443 dev:${ipv6(B)} addr:${ipv6(B)} src:${ipv6(B)}`],
  ['2a02:810:1:2:3:4:5:6:443', `${ipv6('2a02:810:1:2:3:4:5:6')}:443`],
  ['fe80::5054:ff:fe12:3456%eth0', `${ipv6('fe80::5054:ff:fe12:3456')}%eth0`],
  ['::ffff:91.12.3.4', `::ffff:${ipv4(A)}`],
  ['64:ff9b::91.12.3.4', ipv6('64:ff9b::91.12.3.4', true)],
  ['::ffff:5b0c:304', ipv6('::ffff:5b0c:304')],
  [`link/ether ${M} brd ff:ff:ff:ff:ff:ff`, `link/ether ${mac(M)} brd ff:ff:ff:ff:ff:ff`],
  [`lladdr ${M.toUpperCase()} REACHABLE, ${M}:`, `lladdr ${mac(M)} REACHABLE, ${mac(M)}:`],
  [M.replaceAll(':', '-'), mac(M).replaceAll(':', '-')],
  ['5254.0012.3456', mac(M).replaceAll(':', '').match(/.{4}/g)!.join('.')],
  [`MAC=${M}:02:00:00:00:00:01:08:00 SRC=${A}`, `MAC=${mac(M)}:${mac('02:00:00:00:00:01')}:08:00 SRC=${ipv4(A)}`],
];

/** Texts that only look as if they had an address in them, or have one that names no host. */
const KEPT = [
  '2026-11-26T03:00:00.123Z 2026-11-26T03:00:00+01:00 Nov 26 12:34:56 r9 [12:34:56.789]',
  'conntrack v1.4.7, 6.18.44-1, id=3727425118 mark=0xdeadbeef timeout 12:34',
  '0000:00:1f.2 std::string a::b::c::d Foo::Bar OID 1.3.6.1.4.1.8072.3.2.10',
  '127.0.0.1 0.0.0.0/0 ::/0 ::1 255.255.255.0 224.0.0.18 ff02::12 169.254.3.4 fe80::1%eth0 0.0.0.255',
  '00:00:5e:00:01:33 01:00:5e:00:00:12 33:33:00:00:00:01 00:00:00:00:00:00',
  '1.2.3 999.1.1.1 1.2.3.4.5.6 2a02:810:1:2:3:4:5 12345::1 1::2::3',
  'srckey=0x0 dstkey=0x1f labels=0x0000000000000001 8a8f0c1e-0b8e-4a52-9d8e-0c0f3d6e1a2b',
];

describe('addresses in texts', () => {
  for (const [text, expected] of FORMS) {
    it(`replaces them in: ${text}`, () => {
      expect(cleaned(text)).to.equal(expected);
      expect(cleaned(text)).not.to.contain(A).and.not.contain(B);
    });
  }

  for (const text of KEPT) {
    it(`leaves alone: ${text}`, () => {
      const cleaner = newCleaner();
      expect(cleaner.cleanText(Buffer.from(text)).toString()).to.equal(text);
      expect(Object.values(cleaner.counts)).to.deep.equal([0, 0, 0, 0, 0, 0]);
    });
  }

  it('keeps a network a network, where the length of its prefix stands beside it', () => {
    const first24 = ipv4('91.12.3.0').replace(/\d+$/, '0');
    expect(cleaned('91.12.3.0/24')).to.equal(`${first24}/24`);
    expect(cleaned('91.12.3.0/255.255.255.0')).to.equal(`${first24}/255.255.255.0`);
    expect(cleaned(`${A}/24`)).to.equal(`${ipv4(A)}/24`);
    expect(cleaned('{"prefix": {"addr": "91.12.3.0", "len": 24}}')).to.contain(`"${first24}", "len": 24`);
    expect(cleaned('2a02:810:1::/48')).to.match(/^[0-9a-f]+:[0-9a-f]+:[0-9a-f]+::\/48$/);
    expect(cleaned('10.0.0.0/8 172.16.0.0/12 fc00::/7 2001:db8::/32')).to.equal(
      '10.0.0.0/8 172.16.0.0/12 fc00::/7 2001:db8::/32',
    );
  });

  it('replaces the hexadecimal addresses of sockets in /proc/net', () => {
    const line = (local: string): string =>
      `  613: ${local}:0EC4 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 22511 2 0000000000000000 0`;
    // 91.12.3.4 as the number of a little-endian machine.
    const hex = [...ipv4(A).split('.')].reverse().map((octet) => Number(octet).toString(16).padStart(2, '0'));
    expect(cleaned(line('04030C5B'))).to.equal(line(hex.join('').toUpperCase()));
    expect(cleaned(line('0100007F'))).to.equal(line('0100007F'));
    const ipv6Line = '  1: 1008022A000001000000000017000000:0EC4 00000000000000000000000000000000:0000 07';
    expect(cleaned(ipv6Line))
      .to.match(/^ {2}1: [0-9A-F]{32}:0EC4 0{32}:0000 07$/)
      .and.not.equal(ipv6Line);
    const own = '2a020810000100000000000000000017 02 40 00 80     eth0\n';
    const mapped = Buffer.from(own.slice(0, 32), 'hex');
    expect(cleaned(own))
      .to.match(/^[0-9a-f]{32} 02 40 00 80 {5}eth0\n$/)
      .and.not.contain(mapped.toString('hex'));
  });

  it('tells in a mapped MAC whether it was locally administered', () => {
    expect(cleaned(M)).to.match(/^02:/);
    expect(cleaned('00:1b:21:aa:bb:cc')).to.match(/^06:/);
    expect(cleaned('33:33:ff:12:34:56'))
      .to.match(/^33:33:ff:/)
      .and.not.contain('12:34:56');
  });

  it('counts what it replaces', () => {
    const cleaner = newCleaner();
    cleaner.cleanText(Buffer.from(`${A} ${A} ${A}/32 127.0.0.1 ${B} ::1 ${M} FW1 joe root\nauth_pass x\n`));
    expect(cleaner.counts).to.deep.equal({ ipv4: 3, ipv6: 1, mac: 1, host_names: 1, user_names: 1, secrets: 1 });
    expect(cleaner.namesLeft).to.deep.equal(['root']);
  });
});
