import type { Counter } from '../../model/number.js';
import { escapeControl } from '../escape.js';
import { scaled } from '../scaled.js';

/** A figure of a page on a line of its own. */
export interface Figure {
  name: string;
  value: Counter;
  /** For each second; `unknown` of a counter that has none. Absent where it is no counter. */
  rate?: number | 'unknown';
}

/** A line as conntrackd lays it out, and the figures in it. */
export interface Row {
  text: string;
  figures: readonly Figure[];
}

/** Lines that belong together, below a title. */
export interface Block {
  title?: string;
  rows: readonly Row[];
}

const TAB = 8;
const NAME_WIDTH = 40;
const VALUE_WIDTH = 20;
const RATE_WIDTH = 14;

/**
 * Blocks with a blank line between them.
 *
 * @param apart every figure on a line of its own, with its rate behind it; else in the daemon's own columns
 * @returns text with a line end after its last line
 */
export function layOut(blocks: readonly Block[], apart: boolean): string {
  return blocks
    .map((block) =>
      linesOf(block, apart)
        .map((line) => `${line}\n`)
        .join(''),
    )
    .join('\n');
}

function linesOf({ title, rows }: Block, apart: boolean): string[] {
  const lines = rows.flatMap(({ text, figures }) => (apart && figures.length > 0 ? figures.map(alone) : [text]));
  return title === undefined ? lines : [title, ...lines];
}

function alone({ name, value, rate }: Figure): string {
  const counted = `${name}:`.padEnd(NAME_WIDTH) + String(value).padStart(VALUE_WIDTH);
  if (rate === undefined) return counted;
  return counted + (rate === 'unknown' ? '-' : `${scaled(rate)}/s`).padStart(RATE_WIDTH);
}

/** A figure that only grows, with its rate where there is one. */
export function counter(name: string, value: Counter, rate: number | undefined): Figure {
  return { name, value, rate: rate ?? 'unknown' };
}

/** A line without figures. */
export function plain(text: string): Row {
  return { text, figures: [] };
}

/** What stands before a figure on most pages: a name, indented by so many tabs, up to the column of the figures. */
export function named(name: string, tabs = 0): string {
  return `${indented(name, tabs)}:`.padEnd(NAME_WIDTH);
}

/** Behind as many tabs of conntrackd's, which are spaces here. */
export function indented(text: string, tabs: number): string {
  return ' '.repeat(tabs * TAB) + text;
}

/** A number in a column of 12 characters, as conntrackd's 32-bit ones are, or of 20. */
export function column(value: Counter, width: 12 | 20 = 12): string {
  return String(value).padStart(width);
}

/** The lines that ctsync does not know. */
export function extraBlock(extra: readonly string[] | undefined): Block[] {
  if (extra === undefined) return [];
  return [{ title: 'other lines of the page:', rows: extra.map((line) => plain(`  ${escapeControl(line)}`)) }];
}
