import { expect } from 'chai';
import { Failure } from '../../../src/model/failure.js';
import { FlowRow } from '../../../src/model/flow-row.js';
import { FlowLineScanner } from '../../../src/parsers/flow-line.js';
import { compile } from '../../../src/query/filter/compile.js';
import { parseFilter } from '../../../src/query/filter/parse.js';

/** What is wrong, the sentence about it behind `--filter`, and what is said to do. */
const MISTAKES: readonly (readonly [text: string, message: string, next: string])[] = [
  ['', ': the expression is empty.', 'Write a condition, such as "tcp and port 443".'],
  [
    'hots 10.0.0.1',
    ' at character 1: "hots" stands where a condition such as tcp, host 192.0.2.1 or bytes gt 10M is expected.',
    'Did you mean "host"?',
  ],
  [
    'tcp and srcc host 10.0.0.1',
    ' at character 9: "srcc" stands where a condition such as tcp, host 192.0.2.1 or bytes gt 10M is expected.',
    'Did you mean "src"?',
  ],
  [
    'tpc',
    ' at character 1: "tpc" stands where a condition such as tcp, host 192.0.2.1 or bytes gt 10M is expected.',
    'Did you mean "tcp"?',
  ],
  [
    'src hots 10.0.0.1',
    ' at character 5: "hots" stands where "host", "net", an address, "portrange" or "port" is expected.',
    'Did you mean "host"?',
  ],
  [
    'tcp adn udp',
    ' at character 5: "adn" stands where "orig", "reply", "src", "dst", "portrange", "port", "and" or "or" is expected.',
    'Did you mean "and"?',
  ],
  [
    'port 80 assured',
    ' at character 9: "assured" stands where "and" or "or" is expected.',
    'Join conditions with "and" or "or", and the values of one with commas: port 80,443.',
  ],
  [
    'port 80 or 443',
    ' at character 12: "443" stands where a condition such as tcp, host 192.0.2.1 or bytes gt 10M is expected.',
    'Join the values of one condition with commas: port 80,443.',
  ],
  [
    'host',
    ' at character 5: the expression ends where an address is expected.',
    'An expression reads like "tcp and src net 10.0.0.0/8 and not state established".',
  ],
  [
    'port 80,',
    ' at character 9: the expression ends where a port is expected.',
    'An expression reads like "tcp and src net 10.0.0.0/8 and not state established".',
  ],
  [
    '(port 80',
    ' at character 9: the expression ends where "and", "or" or ")" is expected.',
    'Join conditions with "and" or "or", and the values of one with commas: port 80,443.',
  ],
  [
    'bytes 10M',
    ' at character 7: "10M" stands where a comparison is expected.',
    'Compare with gt, ge, lt, le, eq or ne, or with the signs > >= < <= = !=.',
  ],
  ['label "web', ' at character 7: the name in quotes that starts here has no end.', 'Write " behind it.'],
  ['label ""', ' at character 7: nothing stands between the quotes.', 'Write the name there.'],
  [
    'tcp or udp and port 53',
    ' at character 5: "or" and "and" side by side can be read in two ways.',
    'Write "(tcp or udp) and port 53" or "tcp or (udp and port 53)".',
  ],
  [
    'host 10.0.0.300',
    ' at character 6: "10.0.0.300" is no IPv4 or IPv6 address or network.',
    'Write it like 192.0.2.1 or 2001:db8::1.',
  ],
  [
    'host 010.0.0.1',
    ' at character 6: "010.0.0.1" is no IPv4 or IPv6 address or network.',
    'Write it like 192.0.2.1 or 2001:db8::1.',
  ],
  [
    'host ::ffff:010.0.0.1',
    ' at character 6: "::ffff:010.0.0.1" is no IPv4 or IPv6 address or network.',
    'Write it like 192.0.2.1 or 2001:db8::1.',
  ],
  [
    'host fe80::1%eth0',
    ' at character 6: "fe80::1%eth0" is no IPv4 or IPv6 address or network.',
    'Leave the % and what follows out: a flow has no interface.',
  ],
  [
    'host www.example.com',
    ' at character 6: "www.example.com" is no IPv4 or IPv6 address or network.',
    'Write it like 192.0.2.1 or 2001:db8::1. Names are not looked up.',
  ],
  ['host 10.0.0.0/8', ' at character 6: "10.0.0.0/8" is a network, not one address.', 'Write "net 10.0.0.0/8".'],
  [
    'net 10/8',
    ' at character 5: "10/8" is no IPv4 or IPv6 address or network.',
    'Write all four parts of it, like 10.0.0.0/8.',
  ],
  [
    'net 10.0.0.0/33',
    ' at character 5: "10.0.0.0/33" has no prefix length of an IPv4 network.',
    'Write a number from 0 to 32 behind the slash.',
  ],
  [
    'net fd00::/129',
    ' at character 5: "fd00::/129" has no prefix length of an IPv6 network.',
    'Write a number from 0 to 128 behind the slash.',
  ],
  [
    'net 10.0.0.0/255.0.0.0',
    ' at character 5: "10.0.0.0/255.0.0.0" has no prefix length of an IPv4 network.',
    'Write a number from 0 to 32 behind the slash.',
  ],
  ['port 22,70000', ' at character 9: "70000" is no port.', 'Write a number from 0 to 65535.'],
  ['port https', ' at character 6: "https" is no port.', 'Write the number: names of services are not looked up.'],
  ['portrange 90-80', ' at character 11: the range "90-80" runs backwards.', 'Write 80-90.'],
  ['portrange 80-x', ' at character 14: "x" is no port.', 'Write the number: names of services are not looked up.'],
  [
    'prot tcp',
    ' at character 1: "prot" stands where a condition such as tcp, host 192.0.2.1 or bytes gt 10M is expected.',
    'Did you mean "proto"?',
  ],
  ['proto 256', ' at character 7: "256" is no protocol number.', 'Write a number from 0 to 255.'],
  ['proto ospv', ' at character 7: "ospv" is no protocol that ctsync knows by name.', 'Did you mean "ospf"?'],
  [
    'state establishd',
    ' at character 7: "establishd" is no state of TCP, SCTP or DCCP.',
    'Did you mean "established"?',
  ],
  [
    'mark 9/8',
    ' at character 6: no mark can match "9/8": the value has bits that are not in the mask.',
    'Write 0x8/0x8 or another mask.',
  ],
  ['mark 4294967296', ' at character 6: "4294967296" is no mark.', 'Write a number from 0 to 4294967295.'],
  ['zone 65536', ' at character 6: "65536" is no zone.', 'Write a number from 0 to 65535.'],
  ['id x', ' at character 4: "x" is no id.', 'Write a number from 0 to 4294967295.'],
  [
    'natted-to fd00::1:80:',
    ' at character 11: "fd00::1:80:" is no IPv4 or IPv6 address or network.',
    'Write it like 192.0.2.1 or 2001:db8::1.',
  ],
  ['natted-to [fd00::1]x', ' at character 11: "[fd00::1]x" goes on behind the bracket.', 'Write [ADDRESS]:PORT.'],
  ['natted-to 10.0.0.1:99999', ' at character 20: "99999" is no port.', 'Write a number from 0 to 65535.'],
  ['bytes gt 10X', ' at character 10: "10X" is no amount.', 'Write it like 500, 10M, 1.5G or 64Ki.'],
  [
    'bytes gt 18446744073709551616',
    ' at character 10: "18446744073709551616" is more than a counter of 64 bits holds.',
    'The most is 18446744073709551615.',
  ],
  ['age gt 5y', ' at character 8: "5y" is no time.', 'Write it like 90, 15m, 1h30m, 2d or 1w.'],
  ['tcp and udp', ': no flow can match: none is tcp and udp at once.', 'Join them with "or".'],
  ['ip and ip6', ': no flow can match: "ip" is IPv4, "ip6" is IPv6.', 'Join them with "or", or leave one out.'],
  [
    'src host 10.0.0.1 and dst net fd00::/8',
    ': no flow can match: "src host 10.0.0.1" is IPv4, "dst net fd00::/8" is IPv6.',
    'Join them with "or", or leave one out.',
  ],
  ['tcp and state closed', ': no flow can match: tcp has no state closed.', 'Did you mean "close"?'],
  [
    'udp and (state established and assured)',
    ': no flow can match: udp has no state established.',
    'That is a state of tcp or sctp.',
  ],
  ['not udp and (icmp and port 5)', ': no flow can match: icmp has no ports.', 'Leave "port 5" out.'],
  ['tcp\u00a0and port 22', ' at character 4: U+00A0 stands there, which is no plain space.', 'Type the spaces again.'],
];

describe('query/filter: mistakes', () => {
  for (const [text, message, next] of MISTAKES) {
    it(`explains what is wrong with ${JSON.stringify(text)}`, () => {
      expect(failureOf(text)).to.deep.equal({ code: 'USAGE', message: `--filter${message}`, next });
    });
  }

  it('lists how a condition may start where no word is near', () => {
    expect(failureOf('@@').next).to.match(
      /^A condition starts with natted-to, .*, proto, ip or the name of a protocol\.$/,
    );
  });

  it('lists the states where none is near', () => {
    expect(failureOf('state xyz').next).to.match(/^The states are none, syn_sent, .*, invalid\.$/);
  });

  it('takes what can never match for a part of what can', () => {
    for (const text of [
      'not (gre and port 22)',
      'udp or (tcp and gre)',
      'tcp or (src host 10.0.0.1 and dst host fd00::1)',
    ])
      expect(() => parseFilter(text)).not.to.throw();
  });

  it('takes as many conditions as a script may write', () => {
    const ports = Array.from({ length: 20_000 }, (_, i) => `dst port ${i + 1}`);
    const line = Buffer.from(
      'udp 17 29 src=10.0.0.1 dst=10.0.0.2 sport=1 dport=53 src=10.0.0.2 dst=10.0.0.1 sport=53 dport=1',
    );
    const row = new FlowRow();
    expect(new FlowLineScanner().scan(row, line, 0, line.length)).to.equal(true);
    expect(compile(parseFilter(ports.join(' or ')))(row)).to.equal(true);
    expect(compile(parseFilter(ports.join(' and ')))(row)).to.equal(false);
  });

  it('refuses what is nested beyond reason', () => {
    for (const text of [`${'('.repeat(50_000)}tcp`, `${'not '.repeat(500)}tcp`, `${'!'.repeat(60_000)}tcp`]) {
      expect(failureOf(text).message).to.equal('--filter: the expression is nested too deeply.');
    }
    expect(() => parseFilter(`${'('.repeat(90)}tcp${')'.repeat(90)}`)).not.to.throw();
  });
});

function failureOf(text: string) {
  try {
    parseFilter(text);
  } catch (error) {
    if (error instanceof Failure) return error.report();
    throw error;
  }
  throw new Error(`nothing is wrong with ${text}`);
}
