import type { BundleSummary, NodeVerdict } from '../model/bundle-summary.js';
import { type BundleItem, type BundleManifest, type BundleNode, isAbsent } from '../model/bundle.js';
import { escapeControl } from './escape.js';

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

/** When and where a bundle was made, how its nodes were then, and what is missing or was altered since. */
export function renderBundleSummary({ manifest, verdicts, problems }: BundleSummary): string {
  const { created_at: created, tool, nodes } = manifest;
  const pages = nodes.map((node) =>
    nodePage(
      node,
      verdicts.find((verdict) => verdict.node === node.name),
    ),
  );
  const lines = [
    line('made', `${created} by ${tool.name} ${tool.version}`),
    line('cleaned', cleaned(manifest)),
    ...problems.map((problem) => line('problem', problem)),
  ];
  return [lines.join(''), ...pages].join('\n');
}

function nodePage(node: BundleNode, verdict: NodeVerdict | undefined): string {
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
  ].join('');
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
