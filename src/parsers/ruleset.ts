import { Failure } from '../model/failure.js';
import type { ConntrackUse } from '../model/ruleset.js';
import { ruleEvidence } from './ruleset/iptables-rule.js';
import { NFT_EVIDENCE, statementEvidence } from './ruleset/nft-statement.js';

type Json = Record<string, unknown>;

/**
 * Whether a ruleset in nft's JSON (`nft -j list ruleset`) makes the kernel track connections: by a rule that looks at the
 * connection or translates addresses, or by an object that belongs to connection tracking. A nat chain without such a rule
 * does not, and `notrack` does not (found by loading them into Linux 6.18).
 *
 * @throws Failure `BAD_ANSWER` where the text is no such JSON
 */
export function conntrackUseOfNft(text: string): ConntrackUse {
  const { nftables: items } = parseNft(text);
  if (!Array.isArray(items)) throw badAnswer('nft -j list ruleset', 'the list `nftables` is not there');
  for (const item of items as unknown[]) {
    const evidence = isRecord(item) ? itemEvidence(item) : undefined;
    if (evidence !== undefined) return { uses: true, evidence };
  }
  return { uses: false };
}

function parseNft(text: string): Json {
  try {
    const ruleset: unknown = JSON.parse(text);
    if (isRecord(ruleset)) return ruleset;
  } catch (cause) {
    throw badAnswer('nft -j list ruleset', 'it is no JSON', cause);
  }
  throw badAnswer('nft -j list ruleset', 'it is no object');
}

function itemEvidence(item: Json): string | undefined {
  const { rule } = item;
  if (isRecord(rule)) {
    const evidence = statementEvidence(rule['expr']);
    return evidence === undefined ? undefined : `${evidence} in chain ${nameOf(rule, 'chain')} of ${tableOf(rule)}`;
  }
  for (const [kind, value] of Object.entries(item)) {
    if (NFT_EVIDENCE.has(kind) && isRecord(value)) return `${kind} ${nameOf(value, 'name')} in ${tableOf(value)}`;
  }
  return undefined;
}

function tableOf(object: Json): string {
  return `table ${nameOf(object, 'family')} ${nameOf(object, 'table')}`;
}

function nameOf(object: Json, key: string): string {
  return typeof object[key] === 'string' ? object[key] : '?';
}

/**
 * Whether what `iptables-save` or `ip6tables-save` prints makes the kernel track connections. An empty text is an empty
 * ruleset.
 *
 * @param command which of the two, for the sentence of the failure
 * @throws Failure `BAD_ANSWER` where a line is none of iptables-save's, or the end is missing
 */
export function conntrackUseOfIptables(text: string, command: string): ConntrackUse {
  let table: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    else if (line === 'COMMIT') table = undefined;
    else if (table !== undefined && RULE.test(line)) {
      const evidence = ruleEvidence(line);
      if (evidence !== undefined) return { uses: true, evidence: `${evidence} in table ${table} (${command})` };
    } else if (!(line.trim() === '' || line.startsWith('#') || (table !== undefined && line.startsWith(':')))) {
      throw badAnswer(command, `it has the line "${line.slice(0, LONGEST_QUOTE).replace(/\p{C}/gu, '\uFFFD')}"`);
    }
  }
  if (table !== undefined) throw badAnswer(command, `it ends within table ${table}`);
  return { uses: false };
}

const LONGEST_QUOTE = 80;

// Counters stand before a rule with -c.
const RULE = /^(?:\[\d+:\d+\] )?-A /;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function badAnswer(command: string, what: string, cause?: unknown): Failure {
  return new Failure('BAD_ANSWER', `The answer of \`${command}\` can't be understood: ${what}.`, {
    next: `Run \`${command}\` by hand.`,
    cause,
  });
}
