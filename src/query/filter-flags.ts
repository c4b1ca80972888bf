import type { Family } from '../model/flow.js';
import { allOf, anyOf, type Endpoint, type Filter } from './filter/ast.js';
import { build } from './filter/build.js';
import { check } from './filter/check.js';
import { Mistake, quoted, reading, type Word } from './filter/mistake.js';
import { endpointOf } from './filter/networks.js';
import { parseFilter } from './filter/parse.js';

/** What an operator gave on the command line, as text; every list has commas between its values. */
export interface FilterFlags {
  /** The family that the command is for, where it is for one. */
  family?: Family | undefined;
  /** `ADDRESS[/PREFIX][:PORT]`, `[IPV6[/PREFIX]]:PORT`: where the flow came from, in the original direction. */
  source?: string | undefined;
  /** As `source`: where it went to. */
  destination?: string | undefined;
  /** Ports and ranges, at either end and in either direction. */
  port?: string | undefined;
  /** Names and numbers. */
  protocol?: string | undefined;
  state?: string | undefined;
  /** `VALUE[/MASK]`. */
  mark?: string | undefined;
  /** Zones of the flow or of one of its directions. */
  zone?: string | undefined;
  nat?: 'src' | 'dst' | 'any' | undefined;
  assured?: boolean | undefined;
  unreplied?: boolean | undefined;
  offload?: boolean | undefined;
  id?: string | undefined;
  /** An expression, see {@link parseFilter}. */
  filter?: string | undefined;
}

type Words = readonly [Word, ...Word[]];

const NAT = { src: 'snat', dst: 'dnat', any: 'any' } as const;

/** The flags that take a list, and what their words make. */
const LISTS: readonly (readonly [keyof FilterFlags, (words: Words) => Filter])[] = [
  ['source', (words) => endpoints('src', words)],
  ['destination', (words) => endpoints('dst', words)],
  ['port', (words) => build.port([null, null], words)],
  ['protocol', (words) => build.protocol(words)],
  ['state', build.state],
  ['mark', build.mark],
  ['zone', (words) => build.zone(null, words)],
  ['id', build.id],
];

/**
 * The filter that the flags of a command make together: each of them has to match.
 *
 * @returns undefined where no flag asks for anything
 * @throws Failure `USAGE` that names the flag, or the two conditions that exclude each other
 */
export function filterOf(flags: FilterFlags): Filter | undefined {
  const filters: Filter[] = flags.family === undefined ? [] : [{ kind: 'family', family: flags.family }];
  for (const [name, make] of LISTS) {
    const text = flags[name];
    if (typeof text === 'string') filters.push(reading(`--${name}`, () => make(wordsOf(text))));
  }
  if (flags.nat !== undefined) filters.push(build.nat(NAT[flags.nat]));
  for (const status of ['assured', 'unreplied', 'offload'] as const)
    if (flags[status]) filters.push(build.status(status));
  if (flags.filter !== undefined) filters.push(parseFilter(flags.filter));
  if (filters.length === 0) return undefined;
  const filter = allOf(filters);
  reading('the filter', () => check(filter));
  return filter;
}

function wordsOf(text: string): Words {
  const words = text.split(',').map((word) => ({ text: word.trim(), at: 0 }));
  if (words.some((word) => word.text === '')) {
    throw new Mistake(`${quoted(text)} lacks a value`, 'Give values with commas between them.');
  }
  return words as [Word, ...Word[]];
}

/** Addresses of which any may match; one with a port matches only with it. */
function endpoints(side: 'src' | 'dst', words: Words): Filter {
  const all = words.map(endpointOf);
  const plain = all.filter(({ port }) => port === undefined).map(({ network }) => network);
  const withPort = all.filter(({ port }) => port !== undefined).map((endpoint) => at(side, endpoint));
  return anyOf([...(plain.length > 0 ? [{ kind: 'address', side, networks: plain } as const] : []), ...withPort]);
}

function at(side: 'src' | 'dst', { network, port = 0 }: Endpoint): Filter {
  return allOf([
    { kind: 'address', side, networks: [network] },
    { kind: 'port', side, ranges: [{ first: port, last: port }] },
  ]);
}
