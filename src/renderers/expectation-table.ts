import type { CacheName } from '../model/dump.js';
import type { Expectation, ExpectationListing } from '../model/expectation.js';
import { type Column, ColumnLayout } from './columns.js';
import { duration } from './duration.js';
import { escapeControl } from './escape.js';
import type { Sink } from './sink.js';
import { TextBuffer } from './text-buffer.js';
import { theme } from './theme.js';

const NOTHING = '-';
const ANY = 'any';
const WHOLE_PORT = 0xffff;
/** Enough for every address with its mask and port. */
const MOST = 100;

/**
 * The expectations, a row each, with those of their fields that any of them has, and a count line.
 *
 * @param cache which of conntrackd's caches they are in; absent: they are the kernel's
 */
export function renderExpectationTable(
  { expectations, summary, complete }: ExpectationListing,
  { columns, colour }: Pick<Sink, 'columns' | 'colour'>,
  cache?: CacheName,
): string {
  const where = cache === undefined ? '' : ` in the ${cache} cache`;
  const counted = footer(summary, complete, where);
  if (expectations.length === 0) return `No expectations${where}.\n${complete === true ? '' : counted}`;
  const layout = new ColumnLayout(columnsOf(expectations), expectations, columns);
  const out = new TextBuffer().text(`${theme(colour).heading(layout.header().trimEnd())}\n`);
  for (const expectation of expectations) layout.write(expectation, out);
  return `${out.take().toString('utf8')}${counted === '' ? '' : `\n${counted}`}`;
}

/** As under a table of flows: empty where a capture can't tell whether it is all, and nothing is wrong with it. */
function footer(
  { shown, unreadable, elapsed_ms }: ExpectationListing['summary'],
  complete: boolean | undefined,
  where: string,
): string {
  const state = complete === false ? 'INCOMPLETE' : unreadable > 0 ? 'partly unreadable' : complete ? 'complete' : '';
  if (state === '') return '';
  const lines = unreadable === 0 ? '' : `, ${unreadable} unreadable ${unreadable === 1 ? 'line' : 'lines'}`;
  const time = elapsed_ms === undefined ? '' : ` (${(elapsed_ms / 1000).toFixed(1)} s)`;
  return `${shown} ${shown === 1 ? 'expectation' : 'expectations'}${lines}${where}, ${state}${time}.\n`;
}

/** Not in conntrackd's caches, which say how long they have had an object instead. */
const TIMEOUT = 'TIMEOUT';

const COLUMNS: readonly (readonly [title: string, cell: (expectation: Expectation) => string | undefined])[] = [
  ['SOURCE', ({ tuple, mask }) => endpoint(masked(tuple.src, mask.src), maskedPort(tuple.sport, mask.sport))],
  ['DESTINATION', ({ tuple, mask }) => endpoint(masked(tuple.dst, mask.dst), maskedPort(tuple.dport, mask.dport))],
  ['PROTOCOL', ({ protocol }) => `${protocol.name} [${protocol.number}]`],
  [TIMEOUT, ({ timeout }) => textOf(timeout)],
  ['HELPER', ({ helper }) => helper],
  ['MASTER SOURCE', ({ master }) => endpoint(master.src, textOf(master.sport))],
  ['MASTER DESTINATION', ({ master }) => endpoint(master.dst, textOf(master.dport))],
];

/** Those that few expectations have; shown only where one has them. */
const RARE: typeof COLUMNS = [
  ['CLASS', (expectation) => (expectation.class === 0 ? undefined : textOf(expectation.class))],
  ['ZONE', ({ zone }) => textOf(zone)],
  ['FLAGS', ({ flags }) => (flags.length === 0 ? undefined : flags.join(','))],
  ['EXPIRES IN', ({ expires_in }) => durationOf(expires_in)],
  ['CACHED FOR', ({ active_since }) => durationOf(active_since)],
];

function columnsOf(expectations: readonly Expectation[]): Column<Expectation>[] {
  const rare = RARE.filter(([, cell]) => expectations.some((expectation) => cell(expectation) !== undefined));
  const cached = expectations.some(({ active_since }) => active_since !== undefined);
  const usual = cached ? COLUMNS.filter(([title]) => title !== TIMEOUT) : COLUMNS;
  return [...usual, ...rare].map(([title, cell]) => ({
    title,
    width: title.length + 1,
    most: MOST,
    write: (out, expectation) => out.text(ascii(cell(expectation) ?? NOTHING)),
  }));
}

function textOf(value: number | undefined): string | undefined {
  return value === undefined ? undefined : String(value);
}

function durationOf(seconds: number | undefined): string | undefined {
  return seconds === undefined ? undefined : duration(seconds);
}

/** An address as far as it has to match: whole, `any`, or with the mask behind a slash. */
function masked(address: string, mask: string): string {
  if (/^[0.:]+$/.test(mask)) return ANY;
  return mask === '255.255.255.255' || /^(?:ffff:){7}ffff$/.test(mask) ? address : `${address}/${mask}`;
}

/** As {@link masked}; undefined where the protocol has no ports. */
function maskedPort(port: number | undefined, mask: number | undefined): string | undefined {
  if (port === undefined || mask === WHOLE_PORT || mask === undefined) return textOf(port);
  return mask === 0 ? ANY : `${port}/${mask}`;
}

/** `address:port`, `[address]:port` for IPv6, or the address alone. */
function endpoint(address: string, port: string | undefined): string {
  if (port === undefined) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

/** Names may hold any bytes; cells are ASCII. */
function ascii(text: string): string {
  return escapeControl(text).replace(/[^ -~]/gu, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
