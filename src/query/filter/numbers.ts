import type { Mark, PortRange } from './ast.js';
import { Mistake, quoted, type Word } from './mistake.js';

const U16 = 0xffff;
const U32 = 0xffff_ffff;
const U64 = (1n << 64n) - 1n;
const KILO = 1000n;
const KIBI = 1024n;
const PREFIXES = 'kmgtpe';

const SECONDS: Readonly<Record<string, bigint>> = { '': 1n, s: 1n, m: 60n, h: 3600n, d: 86_400n, w: 604_800n };

/**
 * A port, 0 to 65535.
 *
 * @throws Mistake
 */
export function portOf(word: Word): number {
  if (/[a-z]/i.test(word.text)) {
    throw new Mistake(
      `${quoted(word.text)} is no port`,
      'Write the number: names of services are not looked up.',
      word.at,
    );
  }
  return wholeNumber(word, U16, 'port');
}

/**
 * A port or `FIRST-LAST`.
 *
 * @throws Mistake
 */
export function portRangeOf({ text, at }: Word): PortRange {
  const [first = '', last, ...more] = text.split('-');
  if (more.length > 0) throw new Mistake(`${quoted(text)} is no port or range`, 'Write a range like 8000-8100.', at);
  const from = portOf({ text: first, at });
  if (last === undefined) return { first: from, last: from };
  const to = portOf({ text: last, at: at + first.length + 1 });
  if (from > to) throw new Mistake(`the range ${quoted(text)} runs backwards`, `Write ${to}-${from}.`, at);
  return { first: from, last: to };
}

/**
 * `VALUE` or `VALUE/MASK`, each decimal or with 0x.
 *
 * @throws Mistake
 */
export function markOf({ text, at }: Word): Mark {
  const [value = '', mask, ...more] = text.split('/');
  if (more.length > 0) throw new Mistake(`${quoted(text)} is no mark`, 'Write it like 0x10 or 0x10/0xf0.', at);
  const wanted = wholeNumber({ text: value, at }, U32, 'mark');
  if (mask === undefined) return { value: wanted, mask: U32 };
  const bits = wholeNumber({ text: mask, at: at + value.length + 1 }, U32, 'mask');
  // In numbers of 32 bits without a sign.
  const within = (wanted & bits) >>> 0;
  if (within !== wanted) {
    throw new Mistake(
      `no mark can match ${quoted(text)}: the value has bits that are not in the mask`,
      `Write 0x${within.toString(16)}/0x${bits.toString(16)} or another mask.`,
      at,
    );
  }
  return { value: wanted, mask: bits };
}

/**
 * A zone, 0 to 65535.
 *
 * @throws Mistake
 */
export function zoneOf(word: Word): number {
  return wholeNumber(word, U16, 'zone');
}

/**
 * The number that conntrack prints behind `id=`.
 *
 * @throws Mistake
 */
export function idOf(word: Word): number {
  return wholeNumber(word, U32, 'id');
}

/**
 * An IP protocol number, 0 to 255.
 *
 * @throws Mistake
 */
export function protocolNumberOf(word: Word): number {
  return wholeNumber(word, 0xff, 'protocol number');
}

/**
 * How many bytes or packets: `10M` is 10,000,000, `10Mi` is 10 * 1024 * 1024; a fraction as in `1.5G`, and a B behind it.
 *
 * @throws Mistake
 */
export function amountOf({ text, at }: Word): bigint {
  const [, whole, fraction = '', prefix = '', binary] = /^(\d+)(?:\.(\d+))?([kmgtpe])?(i)?b?$/i.exec(text) ?? [];
  if (whole === undefined || (binary !== undefined && prefix === '')) {
    throw new Mistake(`${quoted(text)} is no amount`, 'Write it like 500, 10M, 1.5G or 64Ki.', at);
  }
  const power = BigInt(prefix === '' ? 0 : PREFIXES.indexOf(prefix.toLowerCase()) + 1);
  const unit = (binary === undefined ? KILO : KIBI) ** power;
  return fits(scaled(whole, fraction, unit), { text, at });
}

/**
 * A time in seconds: `90`, `90s`, `15m`, `1h30m`, `2d`, `1w`.
 *
 * @throws Mistake
 */
export function secondsOf({ text, at }: Word): bigint {
  if (!/^(?:\d+|(?:\d+[smhdw])+)$/i.test(text)) {
    throw new Mistake(`${quoted(text)} is no time`, 'Write it like 90, 15m, 1h30m, 2d or 1w.', at);
  }
  let seconds = 0n;
  for (const [, number = '', unit = ''] of text.matchAll(/(\d+)([a-z]?)/gi))
    seconds += BigInt(number) * SECONDS[unit.toLowerCase()]!;
  return fits(seconds, { text, at });
}

/** Digits with a fraction times the unit, rounded down to whole ones. */
function scaled(whole: string, fraction: string, unit: bigint): bigint {
  return (BigInt(whole + fraction) * unit) / 10n ** BigInt(fraction.length);
}

function fits(value: bigint, { text, at }: Word): bigint {
  if (value <= U64) return value;
  throw new Mistake(`${quoted(text)} is more than a counter of 64 bits holds`, `The most is ${U64}.`, at);
}

function wholeNumber({ text, at }: Word, most: number, what: string): number {
  const value = /^(?:\d{1,10}|0x[0-9a-f]{1,8})$/i.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new Mistake(`${quoted(text)} is no ${what}`, `Write a number from 0 to ${most}.`, at);
}
