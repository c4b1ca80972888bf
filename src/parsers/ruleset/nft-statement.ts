import { MATCHES, TARGETS } from './extensions.js';

/**
 * Names in nft's JSON that stand for connection tracking, as keys of an expression, a statement or an object; each was
 * seen to switch it on in Linux 6.18, but `flow` and `flowtable`, for which that kernel was not built.
 */
export const NFT_TRACKING: ReadonlySet<string> = new Set([
  ...['ct', 'ct helper', 'ct timeout', 'ct expectation', 'ct count'],
  ...['snat', 'dnat', 'masquerade', 'redirect', 'synproxy', 'flow', 'flowtable'],
]);

/** Whether anything in the statements of a rule belongs to connection tracking. */
export function statementTracks(statements: unknown): boolean {
  // By a list of what is still to be looked at: JSON may be nested deeper than calls can be.
  const waiting: unknown[] = [statements];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (Array.isArray(value)) {
      for (const each of value) waiting.push(each);
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, inner] of Object.entries(value)) {
        if (NFT_TRACKING.has(key) || (key === 'xt' && isConntrackExtension(inner))) return true;
        waiting.push(inner);
      }
    }
  }
  return false;
}

// iptables-nft keeps extensions that nft has no words for as `xt`, newer ones with their name.
function isConntrackExtension(inner: unknown): boolean {
  if (typeof inner !== 'object' || inner === null || !('name' in inner)) return false;
  return typeof inner.name === 'string' && (MATCHES.has(inner.name) || TARGETS.has(inner.name));
}
