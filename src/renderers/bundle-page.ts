import type { NodeCounters } from '../model/bundle-counters.js';
import type { BundleSummary, NodeTalkers, NodeVerdict } from '../model/bundle-summary.js';
import { type BundleItem, type BundleManifest, type BundleNode, isAbsent } from '../model/bundle.js';
import { counterLines } from './bundle-counters.js';
import { escapeControl } from './escape.js';
import { topLines, type TopView } from './top-table.js';

const WIDTH = 'support bundle '.length;

/** Where a bundle was written, what is in it, and what is missing and why. */
export function renderBundleMade(path: string, manifest: BundleManifest): string {
  const { nodes } = manifest;
  const items = nodes.flatMap((node) => node.items.map((item) => ({ ...item, name: `${node.name}/${item.name}` })));
  return [
    line('support bundle', path),
    line('nodes', nodes.map(({ name }) => name).join(', ')),
    line('replaced', cleaned(manifest)),
    ...itemLines(items),
  ].join('');
}

/** What is known of a node beside what the manifest says. */
interface KnownOfNode {
  verdict: NodeVerdict | undefined;
  counters: NodeCounters | undefined;
  talkers: NodeTalkers | undefined;
}

/** When and where a bundle was made, how its nodes were then, and what is missing or was altered since. */
export function renderBundleSummary(
  { manifest, verdicts, counters = [], talkers = [], problems }: BundleSummary,
  view: Pick<TopView, 'terminal' | 'blocks'>,
): string {
  const { created_at: created, tool, nodes } = manifest;
  const pages = nodes.map((node) => {
    const isOfNode = ({ node: name }: { node: string }): boolean => name === node.name;
    const known = {
      verdict: verdicts.find(isOfNode),
      counters: counters.find(isOfNode),
      talkers: talkers.find(isOfNode),
    };
    return nodePage(node, known, view);
  });
  const lines = [
    line('made', `${created} by ${tool.name} ${tool.version}`),
    line('cleaned', cleaned(manifest)),
    ...problems.map((problem) => line('problem', problem)),
  ];
  return [lines.join(''), ...pages].join('\n');
}

function nodePage(
  node: BundleNode,
  { verdict, counters, talkers }: KnownOfNode,
  view: Pick<TopView, 'terminal' | 'blocks'>,
): string {
  const { name, host, kernel, clock_offset_ms: offset, versions, items } = node;
  const tools = Object.entries(versions).map(([tool, version]) => `${tool} ${version}`);
  const findings = (verdict?.findings ?? []).filter(({ severity }) => severity !== 'information');
  return [
    line('node', host === name ? name : `${name} [${host}]`),
    ...(kernel === undefined ? [] : [line('kernel', kernel)]),
    ...(offset === undefined ? [] : [line('clock', `${offset} ms ahead of the first node's`)]),
    ...(tools.length === 0 ? [] : [line('versions', tools.join(', '))]),
    line('verdict', verdict?.verdict?.toUpperCase() ?? 'not in the bundle'),
    ...findings.map(({ code, severity, message }) => line(severity, `${code} ${message}`)),
    ...itemLines(items),
    ...(counters ? counterLines(counters, line) : []),
    ...talkerLines(talkers, view),
  ].join('');
}

function talkerLines(talkers: NodeTalkers | undefined, view: Pick<TopView, 'terminal' | 'blocks'>): string[] {
  if (talkers === undefined) return [line('talkers', 'the tables are not in the bundle')];
  const { metric, groups, complete, notes = [], total } = talkers;
  const which = groups.length === 0 ? `none, of ${total.flows} flows` : `the sources with the most ${metric}`;
  return [
    line('talkers', complete ? which : `${which}; the tables are not whole`),
    ...notes.map((note) => line('', note)),
    ...(groups.length === 0 ? [] : topLines(talkers, { ...view, names: ['src'] }).map((text) => `${text}\n`)),
  ];
}

function cleaned({ cleaned: counts }: BundleManifest): string {
  const replaced = Object.entries(counts ?? {}).filter(([, count]) => count > 0);
  if (replaced.length === 0) return 'nothing was replaced';
  return replaced.map(([kind, count]) => `${count} ${kind.replaceAll('_', ' ')}`).join(', ');
}

/** What would be collected: a line each. */
export function renderBundlePlan(plan: readonly { name: string; from: string }[]): string {
  const width = Math.max(...plan.map(({ name }) => name.length));
  return plan.map(({ name, from }) => `${name.padEnd(width)}  ${from}\n`).join('');
}

/** How many there are, and what is missing that should be there. */
function itemLines(items: readonly BundleItem[]): string[] {
  const whole = items.filter(({ complete }) => complete).length;
  const absent = items.filter(isAbsent).length;
  const broken = items.filter((item) => !item.complete && !isAbsent(item));
  return [
    line('items', `${whole} whole, ${absent} that the host does not have, ${broken.length} not whole`),
    ...broken.map((item) => line('not whole', `${item.name} [${reasonOf(item)}]`)),
  ];
}

function reasonOf({ error, reason }: BundleItem): string {
  return (error?.message ?? reason ?? 'not known why').replace(/\.$/, '');
}

function line(name: string, value: string): string {
  return escapeControl(`${name.padEnd(WIDTH)}: ${value}`) + '\n';
}
