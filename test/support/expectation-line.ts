import type { Expectation } from '../../src/model/expectation.js';
import type { Tuple } from '../../src/model/flow.js';

/** An expectation as conntrack would print it (formats.md §5): the other way round of the parser, written on its own. */
export function printExpectation(expectation: Expectation): string {
  const { printed_at, timeout, protocol, tuple, mask, master, zone, flags, helper } = expectation;
  const words = [...(timeout === undefined ? [] : [String(timeout)]), `proto=${protocol.number}`];
  words.push(...printTuple('', tuple), ...printTuple('mask-', mask), ...printTuple('master-', master));
  if (zone !== undefined) words.push(`zone=${zone}`);
  if (flags.length > 0) words.push(flags.map((flag) => flag.toUpperCase()).join(','));
  if (expectation.class !== undefined) words.push(`class=${expectation.class}`);
  if (helper !== undefined) words.push(`helper=${helper}`);
  if (expectation.expires_in !== undefined) words.push(`[expires in ${expectation.expires_in}s]`);
  if (expectation.active_since !== undefined) words.push(`[active since ${expectation.active_since}s]`);
  words.push(...(expectation.extra ?? []));
  return `${printed_at === undefined ? '' : printTime(printed_at)}${words.join(' ')}`;
}

function printTuple(prefix: string, { src, dst, ...ports }: Tuple): string[] {
  const words = Object.entries(ports).map(([key, value]) => `${key}=${String(value)}`);
  return [`${prefix}src=${src}`, `${prefix}dst=${dst}`, ...words];
}

/** `[1.5     ]` and a tab is 5 µs after the first second. */
function printTime(time: string): string {
  const [, seconds, micros] = /^(.*)\.(\d{6})Z$/.exec(time) ?? [];
  return `[${Date.parse(`${seconds!}Z`) / 1000}.${String(Number(micros)).padEnd(6)}]\t`;
}
