import type { BundleComparison, ComparedBundle, ComparedPart, NodeComparison } from '../../model/bundle-comparison.js';
import type { BundleNode } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import type { Bundle } from '../archive/bundle.js';
import { openBundle, type OpenOptions } from '../archive/open.js';
import { type CounterReading, counterReading } from '../contents/counter-reading.js';
import { judgementOf } from '../contents/judgement.js';
import { NodeContents } from '../contents/node-contents.js';
import type { Both } from './both.js';
import { incomparable } from './cleaned.js';
import { comparedConfigurations, comparedFirewall, comparedSettings } from './configuration.js';
import { comparedCounters } from './counters.js';
import { comparedFlows } from './flows.js';
import { isCleaned, matchedNodes, type NamedPair, type NodePair } from './matching.js';
import { comparedAddresses, comparedLinks } from './network.js';
import { comparedBoots, comparedVersions } from './software.js';
import { comparedFindings, comparedStates } from './state.js';

/** How two bundles are compared. */
export type CompareOptions = OpenOptions & { abort: AbortSignal; nodes: readonly NamedPair[] };

/**
 * What changed between two bundles of one node, or of one pair.
 *
 * @throws Failure USAGE where they have no node in common, and as `openBundle`
 */
export async function compareBundles(a: string, b: string, options: CompareOptions): Promise<BundleComparison> {
  if (a === '-' && b === '-') {
    throw new Failure('USAGE', 'Only one of the bundles can come from stdin.', {
      next: 'Give the path of the other one.',
    });
  }
  const first = await openBundle(a, options);
  try {
    const second = await openBundle(b, options);
    try {
      return await comparison(first, second, options);
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

async function comparison(a: Bundle, b: Bundle, { nodes: named, abort }: CompareOptions): Promise<BundleComparison> {
  const pairs = matchedNodes(a, b, named);
  const nodes: NodeComparison[] = [];
  for (const pair of pairs) nodes.push(await comparedNode(pair, a, b, abort));
  return {
    a: compared(
      a,
      pairs.map((pair) => pair.a),
      named,
    ),
    b: compared(
      b,
      pairs.map((pair) => pair.b),
      named,
    ),
    nodes,
    differs: nodes.some(({ different }) => different.length > 0),
  };
}

/** Where the operator names nodes, the others are not missed. */
function compared(bundle: Bundle, matched: readonly BundleNode[], named: readonly NamedPair[]): ComparedBundle {
  const { name, manifest, problems } = bundle;
  const others = named.length > 0 ? [] : manifest.nodes.filter((node) => !matched.includes(node));
  const alone = others.map((node) => node.name);
  return {
    name,
    created_at: manifest.created_at,
    cleaned: isCleaned(manifest),
    ...(alone.length > 0 && { alone }),
    problems: [...problems],
  };
}

async function comparedNode(pair: NodePair, a: Bundle, b: Bundle, abort: AbortSignal): Promise<NodeComparison> {
  const contents = { a: new NodeContents(a, pair.a), b: new NodeContents(b, pair.b) };
  const both: Both = { ...contents, incomparable: await incomparable(contents.a, contents.b), abort };
  const first = { reading: await lastReading(both.a), judgement: await judgementOf(both.a) };
  const second = { reading: await lastReading(both.b), judgement: await judgementOf(both.b) };
  const facts = [
    await comparedVersions(both),
    comparedBoots(both),
    await comparedConfigurations(both),
    await comparedSettings(both),
    await comparedFirewall(both),
    await comparedAddresses(both),
    await comparedLinks(both, first.reading, second.reading),
    comparedStates(first.judgement, second.judgement),
    comparedFindings(first.judgement, second.judgement),
  ];
  const found = { facts, counters: comparedCounters(both, first, second), ...(await comparedFlows(both)) };
  return {
    a: pair.a.name,
    b: pair.b.name,
    host: pair.b.host,
    seconds: (Date.parse(pair.b.collected_at) - Date.parse(pair.a.collected_at)) / 1000,
    different: differentParts(found),
    ...found,
    ...lacksOf(contents.a, contents.b),
  };
}

const MOST_NAMED = 3;

function lacksOf(a: NodeContents, b: NodeContents): Pick<NodeComparison, 'lacks'> {
  const lacks = [
    ...notWhole('A', a),
    ...notWhole('B', b),
    ...a.lacks.map((lack) => `In A, ${lack}`),
    ...b.lacks.map((lack) => `In B, ${lack}`),
  ];
  return lacks.length > 0 ? { lacks } : {};
}

function notWhole(bundle: string, { partial }: NodeContents): string[] {
  if (partial.length === 0) return [];
  const more = partial.length - MOST_NAMED;
  const names = partial.slice(0, MOST_NAMED).map(({ name }) => name);
  return [`Not whole in ${bundle}: ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`];
}

/** The second of both readings, or the first where conntrackd did not answer any more. */
async function lastReading(contents: NodeContents): Promise<CounterReading> {
  const second = await counterReading(contents, 2);
  return second.at.size > 0 ? second : counterReading(contents, 1);
}

function differentParts({
  facts,
  counters,
  flows,
}: Pick<NodeComparison, 'facts' | 'counters' | 'flows'>): ComparedPart[] {
  const troubled = counters.troubles.some(({ grown = 0 }) => grown > 0);
  return [
    ...facts.filter(({ changes }) => changes.length > 0).map(({ part }) => part),
    ...(troubled || counters.restarted ? (['counters'] as const) : []),
    ...(flows && flows.only_a + flows.only_b > 0 ? (['flows'] as const) : []),
  ];
}
