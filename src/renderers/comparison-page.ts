import type {
  BundleComparison,
  Change,
  ComparedBundle,
  ComparedPart,
  CounterComparison,
  FactComparison,
  FlowComparison,
  NodeComparison,
} from '../model/bundle-comparison.js';
import type { AnewSign } from '../model/bundle-counters.js';
import { counterName, growthText, SEEN } from './bundle-counters.js';
import { duration } from './duration.js';
import { escapeControl } from './escape.js';
import { fold } from './fold.js';
import { grouped } from './scaled.js';

const NAME_WIDTH = 'the same '.length;
const INDENT = '  ';
/** Of each part; JSON has more of them. */
const MOST_SHOWN = 20;

const ALL_PARTS: readonly ComparedPart[] = [
  'versions',
  'boot',
  'configuration',
  'settings',
  'firewall',
  'addresses',
  'links',
  'state',
  'findings',
  'counters',
  'flows',
];

/**
 * What changed between two bundles, part by part: `-` has gone, `+` has come.
 *
 * @param columns width of the terminal; undefined where lines are not to be broken
 */
export function renderComparison({ a, b, nodes }: BundleComparison, columns: number | undefined): string {
  const head = [...bundleLines('A', a), ...bundleLines('B', b)];
  return [head, ...nodes.map(nodeLines)]
    .map((lines) => lines.flatMap((line) => broken(line, columns)).join('\n'))
    .join('\n\n')
    .concat('\n');
}

function bundleLines(
  letter: string,
  { name, created_at: at, cleaned, alone = [], problems }: ComparedBundle,
): string[] {
  return [
    line(letter, `${name}, made ${at}${cleaned ? ', addresses and names replaced' : ''}`),
    ...(alone.length === 0 ? [] : [line('', `only ${letter} has ${alone.join(' and ')}, which was not compared`)]),
    ...problems.map((problem) => line('problem', `in ${letter}, ${problem}`)),
  ];
}

function nodeLines(node: NodeComparison): string[] {
  const { a, b, host, seconds, different, facts, counters, flows, flows_lack: flowsLack = [], lacks = [] } = node;
  const name = a === b ? a : `${a} and ${b}`;
  const uncompared = facts.filter(({ lacks: why }) => why !== undefined).map(({ part }): ComparedPart => part);
  const open = [
    ...uncompared,
    ...(flows === undefined ? ['flows' as const] : []),
    ...(counters.lacks ? ['counters' as const] : []),
  ];
  const same = ALL_PARTS.filter((part) => !different.includes(part) && !open.includes(part));
  const why = [
    ...new Set([...lacks, ...facts.flatMap((each) => each.lacks ?? []), ...(counters.lacks ?? []), ...flowsLack]),
  ];
  return [
    line('node', `${host === name ? name : `${name} [${host}]`}, ${later(seconds)}`),
    line(
      'differs',
      different.length > 0
        ? different.map(partName).join(', ')
        : why.length > 0
          ? 'nothing that was compared'
          : 'nothing',
    ),
    ...(same.length === 0 ? [] : [line('the same', same.map(partName).join(', '))]),
    ...why.map((reason) => line('lacking', reason)),
    ...facts.flatMap(factLines),
    ...counterLines(counters),
    ...flowLines(flows),
  ];
}

/** Counters of usual work may have changed all the same. */
function partName(part: ComparedPart): string {
  return part === 'counters' ? 'counters of trouble' : part;
}

function later(seconds: number): string {
  if (seconds === 0) return 'of the same time';
  return seconds < 0 ? `B is ${duration(-seconds)} older than A` : `B is ${duration(seconds)} younger than A`;
}

function factLines({ part, changes, more = 0 }: FactComparison): string[] {
  if (changes.length === 0) return [];
  const left = changes.length - MOST_SHOWN + more;
  return [
    part,
    ...changes.slice(0, MOST_SHOWN).map((change) => INDENT + changeText(change)),
    ...(left > 0 ? [`${INDENT}and ${grouped(left)} more: --json lists ${more > 0 ? 'some of them' : 'them'}`] : []),
  ];
}

function changeText({ of, a, b }: Change): string {
  if (a !== undefined && b !== undefined) return `${of}: ${a} -> ${b}`;
  return a === undefined ? `+ ${of}: ${b ?? ''}` : `- ${of}: ${a}`;
}

function counterLines({ troubles, usual, restarted }: CounterComparison): string[] {
  const rows = troubles.map(
    (each) => `${INDENT}${counterName(each)}: ${each.before} -> ${each.now} [${growthText(each)}]`,
  );
  const others = usual.length === 0 ? [] : [`${INDENT}${usual.length} of usual work have changed: --json lists them`];
  const anew = restarted === undefined ? [] : [`${INDENT}${anewText(restarted)}`];
  return rows.length + others.length + anew.length === 0 ? [] : ['counters', ...anew, ...rows, ...others];
}

function anewText(sign: AnewSign): string {
  const who = sign === 'boot' ? 'the node was' : 'conntrackd was';
  return `${who} started anew [${SEEN[sign]}]: its counters began again at 0`;
}

function flowLines(flows: FlowComparison | undefined): string[] {
  if (flows === undefined) return [];
  const { a, b, both, only_a: onlyA, only_b: onlyB } = flows;
  return [
    'flows',
    `${INDENT}${grouped(a)} in A, ${grouped(b)} in B: ${grouped(both)} in both, ${grouped(onlyA)} only in A, ${grouped(onlyB)} only in B`,
  ];
}

function line(name: string, value: string): string {
  return `${name.padEnd(NAME_WIDTH)}: ${value}`;
}

/** On a terminal, in lines of its width; what continues a line stands further in. */
function broken(text: string, columns: number | undefined): string[] {
  const safe = escapeControl(text);
  if (columns === undefined || safe.length <= columns) return [safe];
  const [first = '', ...rest] = fold(safe, columns);
  const indent = INDENT.repeat(2);
  const left = rest.length === 0 ? [] : fold(rest.join(' '), Math.max(columns - indent.length, 1));
  return [first, ...left.map((each) => indent + each)];
}
