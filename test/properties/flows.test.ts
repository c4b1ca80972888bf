import { expect } from 'chai';
import fc from 'fast-check';
import type { Flow, Tuple } from '../../src/model/flow.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { parseFlowLine } from '../../src/parsers/flow-line.js';
import { readArchive } from '../support/archive.js';
import { printFlow } from '../support/flow-line.js';
import { natOf } from '../support/nat.js';

function parse(line: string): Flow | undefined {
  return parseFlowLine(Buffer.from(line, 'latin1'));
}

const u8 = fc.nat(255);
const u16 = fc.nat(65535);
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });
const u64 = fc
  .bigInt({ min: 0n, max: (1n << 64n) - 1n })
  .map((n) => (n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n));
const seconds = fc.integer({ min: -1_000_000, max: 1_000_000 });
const name = fc.constantFrom('ftp', 'q.931', 'netbios-ns', 'sip-5060', 'büro');
const callKey = u32.map((key) => `0x${key.toString(16)}`);

/** What a protocol adds to a tuple. */
const parts = {
  tcp: fc.record({ sport: u16, dport: u16 }),
  icmp: fc.record({ type: u8, code: u8, id: u16 }),
  gre: fc.record({ srckey: callKey, dstkey: callKey }),
  unknown: fc.constant({}),
};

function tuple(address: fc.Arbitrary<string>, part: fc.Arbitrary<object>): fc.Arbitrary<Tuple> {
  const optional = fc.record({ zone: u16, packets: u64, bytes: u64 }, { requiredKeys: [] });
  return fc.tuple(address, address, part, optional).map(([src, dst, ports, rest]) => ({ src, dst, ...ports, ...rest }));
}

const anyFlow: fc.Arbitrary<Flow> = fc
  .tuple(
    fc.constantFrom('ipv4', 'ipv6'),
    fc.constantFrom(
      { protocol: { name: 'tcp', number: 6 }, part: parts.tcp, states: ['ESTABLISHED', 'SYN_SENT2', 'NONE'] },
      { protocol: { name: 'sctp', number: 132 }, part: parts.tcp, states: ['SHUTDOWN_ACK_SENT'] },
      { protocol: { name: 'icmp', number: 1 }, part: parts.icmp, states: [] },
      { protocol: { name: 'gre', number: 47 }, part: parts.gre, states: [] },
      { protocol: { name: 'esp', number: 50 }, part: parts.unknown, states: [] },
      { protocol: { name: 'unknown', number: 254 }, part: parts.unknown, states: [] },
    ),
  )
  .chain(([family, { protocol, part, states }]) => {
    const address = family === 'ipv4' ? fc.ipV4() : fc.ipV6();
    return fc
      .record(
        {
          original: tuple(address, part),
          reply: tuple(address, part),
          status: fc.subarray(['unreplied', 'assured']),
          state: fc.constantFrom(...states, undefined),
          timeout: u32,
          mark: u32,
          secmark: u32,
          secctx: fc.constantFrom('system_u:object_r:x_t:s0', '(null)', 'two words'),
          zone: u16,
          delta_time: u64,
          start: fc.constant('Sun Nov 22 13:32:36 2026'),
          stop: fc.constant('Mon Nov  2 01:02:03 2026'),
          helper: name,
          use: u32,
          id: u32,
          labels: fc.array(fc.constantFrom('dmz', 'web traffic', 'büro', 'a'), { maxLength: 4 }),
          expires_in: seconds,
          active_since: seconds,
        },
        { requiredKeys: ['original', 'status'] },
      )
      .map((fields) => complete({ family, protocol, ...fields } as Flow));
  });

/** The flow as the parser has it: with its NAT, without fields that are not there. */
function complete(flow: Flow): Flow {
  const nat = flow.reply && natOf(flow.original, flow.reply);
  const whole = { ...flow, ...(nat ? { nat } : {}) };
  return Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined)) as unknown as Flow;
}

const captured = [...readArchive(new URL('../fixtures/conntrack-1.4.7/flow-tables.archive', import.meta.url)).values()]
  .flatMap((bytes) => bytes.toString('latin1').split('\n'))
  .filter((line) => line !== '');

describe('flows', () => {
  it('reads back every flow that conntrack could print', () => {
    fc.assert(
      fc.property(anyFlow, fc.boolean(), (flow, extended) => {
        const line = printFlow(flow, extended ? `${flow.family} ` : '');
        expect(parse(Buffer.from(line).toString('latin1'))).to.deep.equal(flow);
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps words that it does not know, and all the others as they are', () => {
    const key = fc.string({ unit: fc.constantFrom(...'abcdehilmstz'), minLength: 2, maxLength: 9 });
    const value = fc.string({ unit: fc.constantFrom(...'=[]-_:.07aZ'), maxLength: 9 });
    const unknown = fc.oneof(
      key,
      fc.tuple(key, value).map(([k, v]) => `${k}=${v}`),
    );
    fc.assert(
      fc.property(fc.constantFrom(...captured), unknown, (line, word) => {
        const flow = parse(line)!;
        // A label's name goes on to the end of the line, spaces and all.
        fc.pre(!flow.labels?.length && !isKnown(word, flow));
        expect(parse(`${line} ${word}`)).to.deep.equal({ ...flow, extra: [word] });
      }),
      { numRuns: 2000 },
    );
  });

  it('never reads a field that does not stand in the line, whatever happened to the line', () => {
    const damage = fc.record({
      line: fc.constantFrom(...captured),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      insert: fc.string({ unit: fc.constantFrom(...' =[]srcdt0129.:\0\x1b\xff'), maxLength: 6 }),
    });
    fc.assert(
      fc.property(damage, ({ line, at, cut, insert }) => {
        const place = Math.floor(at * line.length);
        const damaged = line.slice(0, place) + insert + line.slice(place + cut);
        const flow = parse(damaged);
        if (flow) expectWordsOf(flow, damaged);
      }),
      { numRuns: 5000 },
    );
  });

  it('takes any bytes, in any chunks, and loses no line', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(...captured).map((line) => Buffer.from(`${line}\n`, 'latin1')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 500 }), (pieces, chunkBytes) => {
        const bytes = Buffer.concat(pieces);
        const parser = new FlowDumpParser();
        let flows = 0;
        for (let at = 0; at < bytes.length; at += chunkBytes)
          flows += parser.push(bytes.subarray(at, at + chunkBytes)).length;
        parser.end();
        const lines = bytes.toString('latin1').split('\n');
        const last = lines.pop();
        expect(flows).to.equal(parser.tally.rows);
        expect(parser.tally.rows + parser.tally.unreadable).to.equal(lines.filter((line) => line !== '').length);
        expect(parser.tally.cut).to.equal(last !== '');
      }),
      { numRuns: 300 },
    );
  });
});

/** A word that the line may well have, and that the flow has not yet. */
function isKnown(word: string, flow: Flow): boolean {
  const key = /^(mark|secmark|secctx|zone|delta-time|helper|use|id|labels)(=|$)/.exec(word)?.[1];
  return key !== undefined && !((key === 'delta-time' ? 'delta_time' : key) in flow);
}

/** Every value of the flow must be a word of the line, under its own key and in its own place. */
function expectWordsOf(flow: Flow, line: string): void {
  const text = Buffer.from(line, 'latin1').toString('utf8');
  const words = line.split(' ').filter((word) => word !== '');
  const head = words.findIndex((word) => word.startsWith('src='));
  // What stands before the reply tuple belongs to the original one.
  const second = flow.reply ? indexOfTuple(words, flow.reply, head + 1) : words.length;
  expect(second, 'the reply tuple').to.be.at.least(0);
  expectTuple(flow.original, words.slice(head, second), 'zone-orig');
  if (flow.reply) expectTuple(flow.reply, words.slice(second), 'zone-reply');
  expectHead(flow, line, words.slice(0, head));
  for (const [key, field] of Object.entries(NUMBERS))
    if (flow[field] !== undefined) expect(words).to.include(`${key}=${flow[field]}`);
  for (const flag of flow.status) expect(words).to.include(`[${flag.toUpperCase()}]`);
  if (flow.helper !== undefined) expect(text).to.include(`helper=${flow.helper}`);
  if (flow.secctx !== undefined) expect(text).to.include(`secctx=${flow.secctx}`);
  if (flow.labels !== undefined)
    expect(text).to.include(flow.labels.length === 0 ? 'labels' : `labels=${flow.labels.join(',')}`);
  for (const key of ['start', 'stop'] as const)
    if (flow[key] !== undefined) expect(line).to.include(`[${key}=${flow[key]}]`);
  if (flow.expires_in !== undefined) expect(line).to.include(`[expires in ${flow.expires_in}s]`);
  if (flow.active_since !== undefined) expect(line).to.include(`[active since ${flow.active_since}s]`);
  for (const word of flow.extra ?? []) expect(text).to.include(word);
  expect(flow.nat).to.deep.equal(flow.reply && natOf(flow.original, flow.reply));
}

const NUMBERS = {
  mark: 'mark',
  use: 'use',
  zone: 'zone',
  id: 'id',
  secmark: 'secmark',
  'delta-time': 'delta_time',
} as const;

function indexOfTuple(words: readonly string[], { src, dst }: Tuple, from: number): number {
  return words.findIndex((word, i) => i >= from && word === `src=${src}` && words[i + 1] === `dst=${dst}`);
}

function expectTuple(tuple: Tuple, words: readonly string[], zoneKey: string): void {
  expect(words.slice(0, 2)).to.deep.equal([`src=${tuple.src}`, `dst=${tuple.dst}`]);
  for (const [key, value] of Object.entries(tuple))
    expect(words).to.include(`${key === 'zone' ? zoneKey : key}=${value}`);
}

/** `[l3 number] l4 number [timeout] [state]`. */
function expectHead(flow: Flow, line: string, words: readonly string[]): void {
  const rest = /^(?:ipv4 {5}2|ipv6 {5}10) /.test(line) ? words.slice(2) : words;
  const said = [flow.timeout, flow.state].filter((word) => word !== undefined).map(String);
  expect(rest.slice(1)).to.deep.equal([String(flow.protocol.number), ...said]);
}
