import type { BundleManifest, BundleNode } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import type { Bundle } from '../archive/bundle.js';

/** A node that both bundles have. */
export interface NodePair {
  a: BundleNode;
  b: BundleNode;
}

/** Which nodes belong together: `fw1` in both, or `fw1=fw2`. */
export type NamedPair = readonly [a: string, b: string];

/**
 * The nodes that both bundles have, in the order of the first: those that the operator names, or else those of one host name. A
 * name in the bundle decides where the host's does not: where two nodes have the same one, or where it was replaced.
 *
 * @throws Failure USAGE where there is none
 */
export function matchedNodes(a: Bundle, b: Bundle, named: readonly NamedPair[]): NodePair[] {
  const pairs =
    named.length > 0
      ? named.map(([first, second]) => ({ a: nodeOf(a, first), b: nodeOf(b, second) }))
      : a.manifest.nodes.flatMap((node) => {
          const other = otherOf(node, a.manifest, b.manifest);
          return other === undefined ? [] : [{ a: node, b: other }];
        });
  if (pairs.length > 0) return pairs;
  throw new Failure('USAGE', `The bundles have no node in common: ${said(a)}, ${said(b)}.`, {
    next: `Say which belong together, such as --node ${a.manifest.nodes[0]!.name}=${b.manifest.nodes[0]!.name}.`,
  });
}

/** Whether addresses and names were replaced in a bundle; passwords are removed from every one. */
export function isCleaned({ cleaned = {} }: BundleManifest): boolean {
  return Object.entries(cleaned).some(([kind, count]) => kind !== 'secrets' && count > 0);
}

function otherOf(node: BundleNode, a: BundleManifest, b: BundleManifest): BundleNode | undefined {
  const hosts = b.nodes.filter(({ host }) => host === node.host);
  const isAlone = a.nodes.filter(({ host }) => host === node.host).length === 1;
  if (hosts.length === 1 && isAlone) return hosts[0];
  if (hosts.length === 0 && !isCleaned(a) && !isCleaned(b)) return undefined;
  const candidates = hosts.length > 0 ? hosts : b.nodes;
  const isOne = a.nodes.length === 1 && b.nodes.length === 1;
  return candidates.find(({ name }) => name === node.name) ?? (isOne ? candidates[0] : undefined);
}

function nodeOf({ manifest: { nodes }, name: bundle }: Bundle, name: string): BundleNode {
  const found = nodes.find((node) => node.name === name) ?? nodes.find(({ host }) => host === name);
  if (found) return found;
  throw new Failure('USAGE', `${bundle} has no node ${name}.`, {
    next: `It has ${nodes.map((node) => node.name).join(' and ')}.`,
  });
}

function said({ name, manifest: { nodes } }: Bundle): string {
  const names = nodes.map((node) => (node.name === node.host ? node.name : `${node.name} [${node.host}]`));
  return `${name} has ${names.join(' and ')}`;
}
