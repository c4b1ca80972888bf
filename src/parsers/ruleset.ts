import { Failure } from '../model/failure.js';
import { ruleTracks } from './ruleset/iptables-rule.js';
import { NFT_TRACKING, statementTracks } from './ruleset/nft-statement.js';

type Json = Record<string, unknown>;

/**
 * Whether a ruleset in nft's JSON (`nft -j list ruleset`) makes the kernel track connections: by a rule that looks at the
 * connection or translates addresses, or by an object that belongs to connection tracking. A nat chain without such a rule
 * does not, and `notrack` does not (found by loading them into Linux 6.18).
 *
 * @throws Failure `BAD_ANSWER` where the text is no such JSON
 */
export function nftTracks(text: string): boolean {
  const { nftables: items } = parseNft(text);
  if (!Array.isArray(items)) throw badAnswer('nft -j list ruleset', 'the list `nftables` is not there');
  return (items as unknown[]).some((item) => isRecord(item) && itemTracks(item));
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

function itemTracks(item: Json): boolean {
  const { rule } = item;
  if (isRecord(rule)) return statementTracks(rule['expr']);
  return Object.entries(item).some(([kind, value]) => NFT_TRACKING.has(kind) && isRecord(value));
}

/**
 * Whether what `iptables-save` or `ip6tables-save` prints makes the kernel track connections. An empty text is an empty
 * ruleset.
 *
 * @param command which of the two, for the sentence of the failure
 * @throws Failure `BAD_ANSWER` where a line is none of iptables-save's, or the end is missing
 */
export function iptablesTracks(text: string, command: string): boolean {
  let table: string | undefined;
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1).trim();
    else if (line === 'COMMIT') table = undefined;
    else if (table !== undefined && RULE.test(line)) {
      if (ruleTracks(line)) return true;
    } else if (!(line.trim() === '' || line.startsWith('#') || (table !== undefined && line.startsWith(':')))) {
      throw badAnswer(command, `it has the line "${line.slice(0, LONGEST_QUOTE).replace(/\p{C}/gu, '\uFFFD')}"`);
    }
  }
  if (table !== undefined) throw badAnswer(command, `it ends within table ${table}`);
  return false;
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
