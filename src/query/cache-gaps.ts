import type { CacheName } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import { type Condition, conditionsOf, type Filter } from './filter/ast.js';
import { print } from './filter/print.js';

/**
 * What the lines of a cache are like: those of a cache, or, where conntrackd keeps no internal one (DisableInternalCache),
 * those of the kernel's table in its place.
 */
export type CacheLines = 'cache' | 'kernel';

/** What is to be known of the flows of a cache: which of them, in which order, which of their fields. */
export interface Wanted {
  filter: Filter | undefined;
  /** As `--sort` has it. */
  sort?: string | undefined;
  /** As `--columns` has it. */
  columns?: string | undefined;
}

/** A part of a flow that a line may lack. */
type Part = 'reply' | 'one-way zone' | 'counters' | 'timeout' | 'age' | 'id' | 'labels' | 'use';

const IN_NEITHER: readonly Part[] = ['id', 'labels'];
const IN_NO_CACHE: readonly Part[] = [...IN_NEITHER, 'counters', 'timeout', 'age', 'use'];

/** What no line of such a kind has (formats.md §9). */
const LACKING: Readonly<Record<CacheName, Readonly<Record<CacheLines, readonly Part[]>>>> = {
  internal: { cache: IN_NO_CACHE, kernel: IN_NEITHER },
  external: { cache: [...IN_NO_CACHE, 'reply', 'one-way zone'], kernel: IN_NEITHER },
};

const BECAUSE: Readonly<Record<Part, string>> = {
  reply: 'conntrackd shows no reply tuple there, so neither replies nor translations are known',
  'one-way zone': 'conntrackd does not send the zone of one direction',
  counters: 'conntrackd keeps no bytes and packets',
  timeout: 'conntrackd keeps no timeouts',
  age: "conntrackd knows when a flow began only where it has read it from the kernel's table, not where it has heard of it",
  id: 'conntrackd shows no ids',
  labels: 'conntrackd shows no labels',
  use: 'conntrackd shows no use counts',
};

const ELSEWHERE = 'Ask "show conntrack table".';
const WHERE_REPLIES_ARE =
  'Ask the internal cache of the node that the flows pass, or "show conntrack table" once they are committed.';

/**
 * Refuses a question about what no line of the cache has: no flow would match, or all would, and that would look like an
 * answer about the flows.
 *
 * @throws Failure USAGE
 */
export function refuseGaps(cache: CacheName, lines: CacheLines, wanted: Wanted): void {
  const lacking = LACKING[cache][lines];
  const missing = partsOf(wanted).find(({ part }) => lacking.includes(part));
  if (missing === undefined) return;
  const { part, asked } = missing;
  throw new Failure('USAGE', `${asked} can not be told from the ${cache} cache: ${BECAUSE[part]}.`, {
    next: part === 'reply' ? WHERE_REPLIES_ARE : ELSEWHERE,
  });
}

/** What an operator has to know whose filter looks at more than the lines of the external cache have. */
export function notesOnGaps(cache: CacheName, { filter }: Wanted): string[] {
  if (cache === 'internal' || filter === undefined) return [];
  const conditions = conditionsOf(filter);
  const bothWays = conditions.filter((condition) => 'side' in condition && condition.side === 'any');
  const zones = conditions.filter((condition) => condition.kind === 'zone' && condition.direction === 'any');
  return [
    ...(bothWays.length === 0
      ? []
      : [`${listOf(bothWays)}: looked for in the original direction only, the external cache has no reply tuple.`]),
    ...(zones.length === 0
      ? []
      : [`${listOf(zones)}: a flow with a zone in one direction counts as zone 0, conntrackd does not send that.`]),
  ];
}

function listOf(conditions: readonly Condition[]): string {
  return [...new Set(conditions.map((condition) => `"${print(condition)}"`))].join(', ');
}

/** What is asked for that a line may lack, each with how it was asked for. */
function partsOf({ filter, sort, columns }: Wanted): { part: Part; asked: string }[] {
  const conditions = filter === undefined ? [] : conditionsOf(filter);
  return [
    ...conditions.map((condition) => ({ part: ofCondition(condition), asked: `"${print(condition)}"` })),
    ...wordsOf(sort).map((word) => ({ part: ofSortKey(nameOf(word)), asked: `--sort ${word}` })),
    ...wordsOf(columns).map((word) => ({ part: ofColumn(nameOf(word)), asked: `--columns ${word}` })),
  ].flatMap(({ part, asked }) => (part === undefined ? [] : [{ part, asked }]));
}

function ofCondition(condition: Condition): Part | undefined {
  switch (condition.kind) {
    case 'address':
    case 'port':
      return condition.side.startsWith('reply') ? 'reply' : undefined;
    case 'nat':
    case 'natted-to':
      return 'reply';
    case 'zone':
      return condition.direction === 'any' ? undefined : 'one-way zone';
    case 'compare':
      return condition.quantity === 'timeout' || condition.quantity === 'age' ? condition.quantity : 'counters';
    case 'id':
      return 'id';
    case 'label':
      return 'labels';
    default:
      return undefined;
  }
}

function ofSortKey(key: string): Part | undefined {
  return key === 'age' ? 'age' : ofColumn(key);
}

/** A column may stay empty where few flows have what it shows, such as an age; it must not where none can. */
function ofColumn(name: string): Part | undefined {
  if (/bytes|packets/.test(name)) return 'counters';
  if (name === 'timeout' || name === 'id' || name === 'labels' || name === 'use') return name;
  if (name === 'original_zone' || name === 'reply_zone') return 'one-way zone';
  return name === 'nat' || name.startsWith('reply_') ? 'reply' : undefined;
}

function wordsOf(list: string | undefined): string[] {
  return list?.split(',').map((word) => word.trim()) ?? [];
}

/** A sort key or a column in the spelling of the columns. */
function nameOf(word: string): string {
  return word.replace(/^[-+]/, '').replaceAll('-', '_').toLowerCase();
}
