import { expect } from 'chai';
import type { Expectation } from '../../src/model/expectation.js';
import { parseExpectationLine } from '../../src/parsers/expectation-line.js';
import { readArchive } from '../support/archive.js';
import { printExpectation } from '../support/expectation-line.js';

const ARCHIVES = [
  'conntrack-1.4.4/expectations',
  'conntrack-1.4.6/expectations',
  'conntrack-1.4.7/expectations',
  'conntrack-1.4.7/expectation-events',
  'conntrack-1.4.9/expectations',
  'conntrackd-1.4.7/expectation-caches',
  'libnetfilter_conntrack-1.0.9/expectations',
];

/** Every line of an archive that is an expectation, without the word of an event and the mark that ends a golden text. */
function linesOf(archive: string): string[] {
  return [...readArchive(new URL(`../fixtures/${archive}.archive`, import.meta.url)).values()]
    .flatMap((bytes) => bytes.toString('latin1').split('\n'))
    .filter((line) => line.includes('proto='))
    .map((line) => line.replace(/ *\[(?:NEW|DESTROY)\] /, '').replace(/\|$/, ''));
}

const TUPLES =
  'src=192.0.2.1 dst=192.0.2.2 sport=0 dport=5004 mask-src=0.0.0.0 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=192.0.2.1 master-dst=192.0.2.2 sport=5060 dport=5060';
const LINE = `180 proto=17 ${TUPLES}`;

function parse(line: string): Expectation | undefined {
  return parseExpectationLine(Buffer.from(line).toString('latin1'));
}

describe('expectation line', () => {
  for (const archive of ARCHIVES) {
    it(`gives every line of ${archive} back, byte for byte, with no word that it does not know`, () => {
      const lines = linesOf(archive);
      expect(lines).to.not.have.length(0);
      for (const line of lines) {
        const expectation = parseExpectationLine(line);
        expect(expectation && printExpectation(expectation)).to.equal(line);
        expect(expectation).to.not.have.property('extra');
      }
    });
  }

  it('reads every field', () => {
    const words = 'zone=7 PERMANENT,INACTIVE,USERSPACE class=1 helper=sip [expires in 174s] [active since -5s]';
    expect(parse(`[1.5     ]\t${LINE} ${words}`)).to.deep.equal({
      family: 'ipv4',
      protocol: { name: 'udp', number: 17 },
      timeout: 180,
      tuple: { src: '192.0.2.1', dst: '192.0.2.2', sport: 0, dport: 5004 },
      mask: { src: '0.0.0.0', dst: '255.255.255.255', sport: 0, dport: 65535 },
      master: { src: '192.0.2.1', dst: '192.0.2.2', sport: 5060, dport: 5060 },
      zone: 7,
      flags: ['permanent', 'inactive', 'userspace'],
      class: 1,
      helper: 'sip',
      expires_in: 174,
      active_since: -5,
      printed_at: '1970-01-01T00:00:01.000005Z',
    });
  });

  it('reads the ports of each tuple by its own protocol', () => {
    const expectation = parse(
      'proto=47 src=192.0.2.1 dst=192.0.2.2 srckey=0x0 dstkey=0x11 mask-src=255.255.255.255 mask-dst=255.255.255.255 srckey=0x0 dstkey=0xffff master-src=192.0.2.1 master-dst=192.0.2.2 sport=4000 dport=1723',
    );
    expect(expectation).to.deep.include({ protocol: { name: 'gre', number: 47 } });
    expect(expectation?.mask).to.include({ srckey: '0x0', dstkey: '0xffff' });
    expect(expectation?.master).to.include({ sport: 4000, dport: 1723 });
    expect(parse('proto=50 src=::1 dst=::2 mask-src=:: mask-dst=:: master-src=::1 master-dst=::2')).to.deep.include({
      family: 'ipv6',
      protocol: { name: 'esp', number: 50 },
      mask: { src: '::', dst: '::' },
    });
  });

  for (const word of [
    'frob=1',
    'zone=65536',
    'zone=',
    'class=4294967296',
    'class=x',
    'helper=',
    'PERMANENT,FROB',
    'PERMANENT,PERMANENT',
    'PERMANENT,',
    'constructor',
    '[expires',
    '[FROB]',
    'src=192.0.2.9',
  ]) {
    it(`keeps ${word} as it stands`, () => {
      expect(parse(`${LINE} ${word} helper=sip`)).to.deep.include({ helper: 'sip', flags: [], extra: [word] });
    });
  }

  it('keeps a word that is there twice', () => {
    const twice = 'zone=1 zone=2 INACTIVE PERMANENT class=1 class=2 helper=ftp helper=sip';
    expect(parse(`${LINE} ${twice}`)).to.deep.include({
      ...{ zone: 1, flags: ['inactive'], class: 1, helper: 'ftp' },
      extra: ['zone=2', 'PERMANENT', 'class=2', 'helper=sip'],
    });
    expect(parse(`${LINE} [active since 1s] [active since 2s]`)).to.deep.include({
      active_since: 1,
      extra: ['[active', 'since', '2s]'],
    });
  });

  it('reads over spaces too many, and names in UTF-8', () => {
    expect(parse(`${LINE}  helper=büro `))
      .to.deep.include({ helper: 'büro' })
      .and.not.have.property('extra');
  });

  for (const [why, line] of [
    ['nothing', ''],
    ['no protocol', TUPLES],
    ['a protocol that is no number', `proto=udp ${TUPLES}`],
    ['a protocol beyond 255', `proto=256 ${TUPLES}`],
    ['no tuple', 'proto=17 mask-src=0.0.0.0 mask-dst=0.0.0.0'],
    ['no mask', 'proto=17 src=192.0.2.1 dst=192.0.2.2 master-src=192.0.2.1 master-dst=192.0.2.2'],
    ['no master', 'proto=17 src=192.0.2.1 dst=192.0.2.2 mask-src=0.0.0.0 mask-dst=0.0.0.0'],
    [
      'a mask of the other family',
      LINE.replace('mask-src=0.0.0.0 mask-dst=255.255.255.255', 'mask-src=:: mask-dst=::'),
    ],
    ['a master of the other family', LINE.replace(/master-src=\S+ master-dst=\S+/, 'master-src=::1 master-dst=::2')],
    ['half a mask', LINE.replace(' mask-dst=', ' mask-dest=')],
    ['a port that is none', LINE.replace('dport=5004', 'dport=65536')],
    ['an event', `    [NEW] ${LINE}`],
    ['a flow', 'udp      17 29 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2'],
    ['a time that is none', `[x.5     ]\t${LINE}`],
  ] as const) {
    it(`is none: ${why}`, () => expect(parse(line)).to.equal(undefined));
  }
});
