import { MATCHES, TARGETS } from './extensions.js';

/** What in a rule of iptables-save belongs to connection tracking: `-m state`, `-j MASQUERADE` …; undefined if nothing. */
export function ruleEvidence(rule: string): string | undefined {
  const words = splitWords(rule);
  for (const [index, word] of words.entries()) {
    const name = words[index + 1] ?? '';
    if (word === '-m' && MATCHES.has(name)) return `-m ${name}`;
    // CT --notrack takes packets out of connection tracking and does not switch it on.
    if (word === '-j' && TARGETS.has(name) && !(name === 'CT' && words.includes('--notrack'))) return `-j ${name}`;
  }
  return undefined;
}

const WORD = /"[^"\\]*(?:\\.[^"\\]*)*"?|[^\s"]+/gs;

// A quoted word keeps its quotes, so that a comment such as "-j SNAT" is never taken for a target.
function splitWords(rule: string): string[] {
  return Array.from(rule.matchAll(WORD), ([word]) => word);
}
