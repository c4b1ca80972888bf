import { expect } from 'chai';
import fc from 'fast-check';
import type { Expectation } from '../../src/model/expectation.js';
import type { Tuple } from '../../src/model/flow.js';
import { protocolOf } from '../../src/model/protocol.js';
import { parseExpectationDump } from '../../src/parsers/expectation-dump.js';
import { parseExpectationLine } from '../../src/parsers/expectation-line.js';
import { readArchive } from '../support/archive.js';
import { printExpectation } from '../support/expectation-line.js';

const u8 = fc.nat(255);
const u16 = fc.nat(65535);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const seconds = fc.integer({ min: -1_000_000, max: 1_000_000 });
const callKey = u32.map((key) => `0x${key.toString(16)}`);

/** What a protocol adds to a tuple; the master's protocol may be another than that of the expected flow. */
const ports: fc.Arbitrary<object> = fc.oneof(
  fc.record({ sport: u16, dport: u16 }),
  fc.record({ type: u8, code: u8, id: u16 }),
  fc.record({ srckey: callKey, dstkey: callKey }),
  fc.constant({}),
);

function tuple(address: fc.Arbitrary<string>): fc.Arbitrary<Tuple> {
  return fc.tuple(address, address, ports).map(([src, dst, part]) => ({ src, dst, ...part }));
}

const anyExpectation: fc.Arbitrary<Expectation> = fc.constantFrom('ipv4', 'ipv6').chain((family) => {
  const address = family === 'ipv4' ? fc.ipV4() : fc.ipV6();
  const own = { tuple: tuple(address), mask: tuple(address), master: tuple(address) };
  return fc
    .record(
      {
        ...own,
        protocol: u8.map(protocolOf),
        flags: fc.subarray(['permanent', 'inactive', 'userspace']),
        timeout: u32,
        zone: u16,
        class: u32,
        helper: fc.constantFrom('ftp', 'Q.931', 'sip-5060', 'büro'),
        expires_in: seconds,
        active_since: seconds,
        printed_at: fc
          .tuple(fc.nat(4_000_000_000), fc.nat(999_999))
          .map(([s, us]) => `${new Date(s * 1000).toISOString().slice(0, 19)}.${String(us).padStart(6, '0')}Z`),
      },
      { requiredKeys: ['tuple', 'mask', 'master', 'protocol', 'flags'] },
    )
    .map((fields) => ({ family, ...fields }) as Expectation);
});

const captured = ['conntrack-1.4.7/expectations', 'conntrackd-1.4.7/expectation-caches']
  .flatMap((archive) => [...readArchive(new URL(`../fixtures/${archive}.archive`, import.meta.url)).values()])
  .flatMap((bytes) => bytes.toString('latin1').split('\n'))
  .filter((line) => line !== '');

describe('expectations', () => {
  it('reads back every expectation that conntrack could print', () => {
    fc.assert(
      fc.property(anyExpectation, (expectation) => {
        const line = Buffer.from(printExpectation(expectation)).toString('latin1');
        expect(parseExpectationLine(line)).to.deep.equal(expectation);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps words that it does not know, and all the others as they are', () => {
    const unknown = fc.string({ unit: fc.constantFrom(...'abcmz=[]-_:.07'), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.constantFrom(...captured), unknown, (line, word) => {
        fc.pre(!/^zone=\d+$/.test(word));
        expect(parseExpectationLine(`${line} ${word}`)).to.deep.equal({
          ...parseExpectationLine(line)!,
          extra: [word],
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('gives a damaged line back word for word, or takes it for none: no word is lost, moved or made up', () => {
    const damage = fc.record({
      line: fc.constantFrom(...captured),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      insert: fc.string({ unit: fc.constantFrom(...' =[]srcdt0129.:,\0\x1b\xff'), maxLength: 6 }),
    });
    fc.assert(
      fc.property(damage, ({ line, at, cut, insert }) => {
        const place = Math.floor(at * line.length);
        const damaged = line.slice(0, place) + insert + line.slice(place + cut);
        const expectation = parseExpectationLine(damaged);
        if (!expectation) return;
        expect(words(printExpectation(expectation))).to.deep.equal(words(Buffer.from(damaged, 'latin1').toString()));
      }),
      { numRuns: 5000 },
    );
  });

  it('takes any text, and loses no line', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
      fc.constantFrom(...captured).map((line) => `${line}\n`),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const { expectations, unreadable, cut } = parseExpectationDump(text);
        const lines = text.split('\n');
        const last = lines.pop();
        expect(expectations.length + unreadable).to.equal(lines.filter((line) => line !== '').length);
        expect(cut).to.equal(last !== '');
      }),
      { numRuns: 300 },
    );
  });
});

/** The words of a line in no order, for `extra` stands behind the known ones; without leading zeros and spaces too many. */
function words(line: string): string[] {
  return line
    .replace(/^\[(\d+)\.(\d+) *\]\t/, (_, s, us) => `${Number(s)}.${Number(us)} `)
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => word.replace(/(^|[=\s])0+(?=\d)/g, '$1'))
    .sort();
}
