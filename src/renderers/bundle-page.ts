import type { BundleItem, BundleManifest } from '../model/bundle.js';
import { escapeControl } from './escape.js';

const WIDTH = 'support bundle '.length;

/** Where a bundle was written, what is in it, and what is missing and why. */
export function renderBundleMade(path: string, { nodes, cleaned }: BundleManifest): string {
  const items = nodes.flatMap((node) => node.items.map((item) => ({ item, node: node.name })));
  const missing = items.filter(({ item }) => !item.complete);
  const lines = [
    line('support bundle', path),
    line('nodes', nodes.map(({ name }) => name).join(', ')),
    line('items', `${items.length - missing.length}, and ${missing.length} that are not whole`),
    ...Object.entries(cleaned ?? {})
      .filter(([, count]) => count > 0)
      .map(([kind, count]) => line('replaced', `${count} ${kind.replaceAll('_', ' ')}`)),
    ...missing.map(({ item, node }) => line('not whole', `${node}/${item.name} [${reasonOf(item)}]`)),
  ];
  return escapeControl(lines.join(''));
}

/** What would be collected: a line each. */
export function renderBundlePlan(plan: readonly { name: string; from: string }[]): string {
  const width = Math.max(...plan.map(({ name }) => name.length));
  return plan.map(({ name, from }) => `${name.padEnd(width)}  ${from}\n`).join('');
}

function reasonOf({ error, reason }: BundleItem): string {
  return (error?.message ?? reason ?? 'not known why').replace(/\.$/, '');
}

function line(name: string, value: string): string {
  return `${name.padEnd(WIDTH)}: ${value}\n`;
}
