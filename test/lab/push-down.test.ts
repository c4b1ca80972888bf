import { expect } from 'chai';
import fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Family } from '../../src/model/flow.js';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import { allOf, anyOf, type Filter } from '../../src/query/filter/ast.js';
import { compile } from '../../src/query/filter/compile.js';
import { parseFilter } from '../../src/query/filter/parse.js';
import { print } from '../../src/query/filter/print.js';
import { pushDown, type PushDown } from '../../src/query/push-down.js';
import { kernelTable } from '../../src/sources/queries.js';
import { skipFor } from '../support/skip.js';
import { labUnavailable } from './available.js';
import {
  ADDRESSES,
  DESTINATION_PORTS,
  madeFlows,
  MARKS,
  SCTP_STATES,
  TCP_STATES,
  UNNAMED_PROTOCOLS,
} from './made-flows.js';
import { must } from './run.js';

const FLOWS = 3000;
const RANDOM_FILTERS = 300;
const FAMILIES = ['ipv4', 'ipv6'] as const;

/** A filter that one argument stands for, and that argument, where it is not left to us. */
const ALONE: readonly (readonly [filter: string, args: string])[] = [
  ['assured', '-u ASSURED'],
  ['unreplied', '-u UNREPLIED'],
  ['not unreplied', '-u SEEN_REPLY'],
  ['assured and not unreplied', '-u ASSURED,SEEN_REPLY'],
  ...MARKS.map((mark) => [`mark ${mark}`, `-m ${mark}`] as const),
  ['mark 1/1', '-m 1/1'],
  ['mark 0/1', '-m 0/1'],
  ['mark 0/0', '-m 0/0'],
  ['mark 0x80000000/0xf0000000', '-m 2147483648/4026531840'],
  ...['tcp', 'udp', 'udplite', 'sctp', 'dccp', 'gre', 'icmp', 'icmpv6'].map((name) => [name, `-p ${name}`] as const),
  ...UNNAMED_PROTOCOLS.map((number) => [`proto ${number}`, `-p ${number}`] as const),
  ...TCP_STATES.filter((state) => !['NONE', 'SYN_SENT2'].includes(state)).map(
    (state) => [`tcp and state ${state}`, `-p tcp --state ${state}`] as const,
  ),
  ...SCTP_STATES.filter((state) => state !== 'NONE').map(
    (state) => [`sctp and state ${state}`, `-p sctp --state ${state}`] as const,
  ),
  ...['tcp', 'udp', 'sctp', 'udplite'].flatMap((name) => [
    ...DESTINATION_PORTS.map((port) => [`${name} dst port ${port}`, `-p ${name} --dport ${port}`] as const),
    [`${name} reply src port 8080`, `-p ${name} --reply-port-src 8080`] as const,
  ]),
  ['tcp src port 1026', '-p tcp --sport 1026'],
  ['tcp reply dst port 1026', '-p tcp --reply-port-dst 1026'],
  ...[...ADDRESSES.ipv4, ...ADDRESSES.ipv6].flatMap((address) => [
    [`src host ${address}`, `-s ${address}`] as const,
    [`dst host ${address}`, `-d ${address}`] as const,
    [`reply src host ${address}`, `-r ${address}`] as const,
    [`reply dst host ${address}`, `-q ${address}`] as const,
  ]),
  ...[
    '10.0.0.0/8',
    '10.0.0.0/9',
    '128.0.0.0/1',
    '192.0.2.0/25',
    'fd00::/64',
    '2001:db8::/33',
    '::ffff:0.0.0.0/96',
  ].flatMap((network) => [
    [`src net ${network}`, `-s ${network}`] as const,
    [`dst net ${network}`, `-d ${network}`] as const,
  ]),
];

/** The same by argument, so that those with few values meet the others as often. */
const BY_ARGUMENT = new Map<string, string[]>();
for (const [text, args] of ALONE) {
  const names = args.replace(/(-\S+) \S+/g, '$1');
  BY_ARGUMENT.set(names, [...(BY_ARGUMENT.get(names) ?? []), text]);
}
const NEVER_PUSHED = [
  ...'zone 0|zone 5|orig zone 5|nat|snat|offload|port 80|portrange 22-80|src net 0.0.0.0/0|host 10.0.0.1'.split('|'),
  ...'tcp,udp|mark 1,7|state established|state none|timeout gt 4d|age lt 1h|bytes eq 0|id 5|ip|ip6|dccp'.split('|'),
  ...'natted-to 10.0.0.2|reply src net 10.0.0.0/9|src host 10.0.0.1,fd00::1|tcp and state syn_sent2'.split('|'),
  ...'tcp dst portrange 22-80|dccp dst port 0|tcp dst port 22,80|sctp and state none|udp dst port 53'.split('|'),
];

const condition: fc.Arbitrary<Filter> = fc
  .oneof(
    { arbitrary: fc.constantFrom(...BY_ARGUMENT.values()).chain((texts) => fc.constantFrom(...texts)), weight: 3 },
    { arbitrary: fc.constantFrom(...NEVER_PUSHED), weight: 1 },
  )
  .map((text) => parseFilter(text));

const anyFilter = fc.oneof(
  { arbitrary: fc.array(condition, { minLength: 1, maxLength: 3 }).map(allOf), weight: 4 },
  { arbitrary: condition.map((filter): Filter => ({ kind: 'not', filter })), weight: 1 },
  {
    arbitrary: fc
      .tuple(condition, fc.array(condition, { minLength: 1, maxLength: 2 }))
      .map(([filter, others]) => allOf([filter, anyOf(others)])),
    weight: 1,
  },
);

interface Question {
  filter: Filter;
  family: Family;
  plan: PushDown;
}

describe('push-down on the live kernel', function () {
  this.timeout(300_000);
  const alone = ALONE.map(([text, args]) => ({ filter: parseFilter(text), args }));
  const random = fc.sample(anyFilter, { numRuns: RANDOM_FILTERS, seed: 3 });
  const others = [...NEVER_PUSHED.map((text) => parseFilter(text)), ...random];
  const questions: Question[] = [...alone.map(({ filter }) => filter), ...others].flatMap((filter) =>
    FAMILIES.map((family) => ({ filter, family, plan: pushDown(filter, family) })),
  );
  let folder: string | undefined;
  const tables = new Map<Family, Buffer>();
  const answers: Buffer[] = [];

  before(async function () {
    skipFor(this, labUnavailable());
    folder = await mkdtemp(join(tmpdir(), 'ctsync-push-'));
    await writeFile(join(folder, 'flows'), `${madeFlows(FLOWS).join('\n')}\n`);
    // One namespace for all: it is gone with the shell, and nothing of it reaches the machine.
    await must(['unshare', '--net', 'bash', '-e', '-s'], { input: script(folder, questions), seconds: 240 });
    for (const family of FAMILIES) {
      const [table, after] = [await readFile(join(folder, family)), await readFile(join(folder, `${family}.after`))];
      expect(
        keys(after, () => true),
        'the table stayed as it was',
      ).to.deep.equal(keys(table, () => true));
      tables.set(family, table);
    }
    for (const i of questions.keys()) answers.push(await readFile(join(folder, String(i))));
  });

  after(async () => {
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  it('is tried on a table of every kind of flow', () => {
    expect(keys(tables.get('ipv4')!, () => true).length).to.be.greaterThan(1500);
    expect(keys(tables.get('ipv6')!, () => true).length).to.be.greaterThan(700);
  });

  it('gives each argument alone as it stands for its condition, and the same flows with it as without', () => {
    alone.forEach(({ filter, args }, i) => {
      const of = questions.slice(2 * i, 2 * i + 2);
      const asked = of.filter(({ plan }) => !plan.never);
      for (const { plan } of asked) expect(plan.args.join(' '), print(filter)).to.equal(args);
      const flows = of.reduce((sum, question, family) => sum + same(question, answers[2 * i + family]!), 0);
      // SEEN_REPLY and DCCP aside, an answer without flows would prove nothing.
      expect(flows, `flows that match ${print(filter)}`).to.be.greaterThan(0);
    });
  });

  it('gives the same flows pushed or not, whatever the filter is', () => {
    let pushed = 0;
    let flows = 0;
    for (let i = 2 * alone.length; i < questions.length; i++) {
      flows += same(questions[i]!, answers[i]!);
      if (questions[i]!.plan.args.length > 0) pushed++;
    }
    expect(pushed).to.be.greaterThan(RANDOM_FILTERS / 2);
    expect(flows).to.be.greaterThan(RANDOM_FILTERS);
  });

  /** That conntrack's answer holds the flows of the filter, tested by what is left of it and by the whole. */
  function same({ filter, family, plan }: Question, answer: Buffer): number {
    const expected = keys(tables.get(family)!, compile(filter));
    const what = `${print(filter)}, asked with -f ${family} ${plan.args.join(' ')}`;
    if (plan.never) {
      expect(expected, what).to.deep.equal([]);
      return 0;
    }
    expect(keys(answer, compile(filter)), what).to.deep.equal(expected);
    expect(keys(answer, plan.residual ? compile(plan.residual) : () => true), what).to.deep.equal(expected);
    return expected.length;
  }
});

function script(folder: string, questions: readonly Question[]): string {
  const asking = questions.flatMap(({ family, plan }, i) =>
    plan.never ? [`: > ${folder}/${i}`] : [`${commandOf(family, plan)} > ${folder}/${i} 2>> ${folder}/errors`],
  );
  const dumps = (suffix: string): string[] =>
    FAMILIES.map((family) => `${commandOf(family)} > ${folder}/${family}${suffix} 2>> ${folder}/errors`);
  return [SET_UP, `conntrack -R ${folder}/flows`, ...dumps(''), ...asking, ...dumps('.after')].join('\n');
}

function commandOf(family: Family, plan?: PushDown): string {
  const { tool, args } = kernelTable(
    family,
    { daemonConfig: '', silenceMs: undefined },
    plan ? { args: plan.args } : {},
  );
  return [tool, ...args].join(' ');
}

const SET_UP = `
nft 'add table inet lab; add chain inet lab c { type filter hook input priority 0; }; add rule inet lab c ct state new accept'
echo 1 > /proc/sys/net/netfilter/nf_conntrack_acct
echo 1 > /proc/sys/net/netfilter/nf_conntrack_timestamp`;

/** The lines of the flows that match, without what changes by the second, in order. */
function keys(dump: Buffer, matches: Parameters<typeof accepted>[1]): string[] {
  return accepted(dump, matches)
    .map((line) => line.replace(/^(\S+ +\d+ \S+ +\d+) \d+/, '$1').replace(/ (?:delta-time|use)=\d+/g, ''))
    .sort();
}

function accepted(dump: Buffer, matches: (row: Parameters<ReturnType<typeof compile>>[0]) => boolean): string[] {
  const parser = new FlowDumpParser(matches);
  const lines = parser.push(dump).map((row) => row.text(row.line));
  parser.end();
  expect(parser.tally).to.include({ unreadable: 0, cut: false });
  return lines;
}
