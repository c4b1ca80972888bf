import { MATCHES, TARGETS } from './extensions.js';

/** Whether a rule of iptables-save belongs to connection tracking: by `-m state`, `-j MASQUERADE` … */
export function ruleTracks(rule: string): boolean {
  const words = splitWords(rule);
  return words.some((word, index) => {
    const name = words[index + 1] ?? '';
    if (word === '-m') return MATCHES.has(name);
    // CT --notrack takes packets out of connection tracking and does not switch it on.
    return word === '-j' && TARGETS.has(name) && !(name === 'CT' && words.includes('--notrack'));
  });
}

const WORD = /"[^"\\]*(?:\\.[^"\\]*)*"?|[^\s"]+/gs;

// A quoted word keeps its quotes, so that a comment such as "-j SNAT" is never taken for a target.
function splitWords(rule: string): string[] {
  return Array.from(rule.matchAll(WORD), ([word]) => word);
}
