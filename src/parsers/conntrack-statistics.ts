import { Failure } from '../model/failure.js';
import type { ConntrackStatistics, CpuStatistics, TrackingCounters } from '../model/conntrack-statistics.js';
import { counterOf, type Counter } from '../model/number.js';
import { notThisPage } from './page-failure.js';

type CounterName = keyof TrackingCounters;

/** Every counter, in the order in which conntrack prints those of today's kernels; those of old ones behind them. */
export const COUNTERS: readonly CounterName[] = [
  ...(['found', 'invalid', 'insert', 'insert_failed', 'drop', 'early_drop', 'error', 'search_restart'] as const),
  ...(['clash_resolve', 'chaintoolong', 'expect_new', 'expect_create', 'expect_delete'] as const),
  ...(['searched', 'new', 'ignore', 'delete', 'delete_list'] as const),
];

/** What /proc calls otherwise (formats.md §7). */
const PROC_NAMES: Readonly<Record<string, CounterName>> = {
  clashres: 'clash_resolve',
  icmp_error: 'error',
  chainlength: 'chaintoolong',
};
const KNOWN: ReadonlySet<string> = new Set(COUNTERS);
/** How many flows there are: no counter, and the same in every line of /proc. */
const ENTRIES = 'entries';

const QUERY = 'conntrack -S';
const WHEN_EMPTY = 'conntrack prints a line for each CPU';
const CPU_LINE = /^cpu=(\d{1,5})\s+(.*)$/;
const FIGURE = /^(\S+?)=(\d{1,19})$/;
const HEADER = /^entries\s+\w+/;
const COLUMN = /^[0-9a-f]{1,16}$/i;

/** What has been read of one CPU. */
interface CpuFigures {
  counters: Map<CounterName, Counter>;
  entries?: Counter;
  extra: string[];
}

/**
 * The kernel's counters from `conntrack -S`, `conntrack -S expect` or both, or from /proc/net/stat/nf_conntrack. Figures
 * are taken by name, never by their place: names and places differ between kernels and between the two sources. A text of
 * which a part is missing is refused, for its sums would be too small.
 *
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, not whole, or more than one page
 */
export function parseConntrackStatistics(text: string): ConntrackStatistics {
  const lines = text.split('\n');
  if (lines.pop() !== '') throw notWhole('the page ends in the middle of a line');
  const header = lines.findIndex((line) => HEADER.test(line));
  const { cpus, extra } = header < 0 ? readCpuLines(lines) : readProcLines(lines, header);
  if (cpus.size === 0) throw notThisPage(QUERY, text, WHEN_EMPTY);
  refuseUnequal(cpus);
  // conntrack names the flows only where it was refused by netlink and has read /proc itself.
  const entries = [...cpus.values()][0]?.entries;
  return {
    read_from: entries === undefined ? 'netlink' : 'proc',
    total: totalOf(cpus),
    cpus: [...cpus].sort(([a], [b]) => a - b).map(([cpu, figures]) => cpuStatistics(cpu, figures)),
    ...(entries === undefined ? {} : { entries }),
    ...(extra.length > 0 && { extra }),
  };
}

interface Page {
  cpus: Map<number, CpuFigures>;
  extra: string[];
}

/** `cpu=0   <TAB>found=0 invalid=10 `: the lines of one CPU may be of both tables. */
function readCpuLines(lines: readonly string[]): Page {
  const page: Page = { cpus: new Map(), extra: [] };
  for (const line of lines) {
    const [, cpu, figures] = CPU_LINE.exec(line) ?? [];
    if (cpu === undefined) {
      if (line !== '') page.extra.push(line);
      continue;
    }
    const of = figuresOf(page, Number(cpu));
    for (const word of figures!.trim().split(/\s+/)) {
      const [, name, digits] = FIGURE.exec(word) ?? [];
      if (name === undefined) of.extra.push(word);
      else take(of, name, counterOf(digits!));
    }
  }
  return page;
}

/** A header of names, and for each CPU a line of hexadecimal figures below them. */
function readProcLines(lines: readonly string[], header: number): Page {
  const names = columnsOf(lines[header]!);
  const page: Page = { cpus: new Map(), extra: lines.slice(0, header).filter((line) => line !== '') };
  lines.slice(header + 1).forEach((line, cpu) => {
    const figures = columnsOf(line);
    if (figures.length !== names.length || !figures.every((figure) => COLUMN.test(figure))) {
      throw notWhole(`line ${header + cpu + 2} has not a figure for each name`);
    }
    const of = figuresOf(page, cpu);
    names.forEach((name, i) => take(of, name, counterOf(String(BigInt(`0x${figures[i]!}`)))));
  });
  return page;
}

function columnsOf(line: string): string[] {
  return line.trim().split(/\s+/);
}

function figuresOf(page: Page, cpu: number): CpuFigures {
  const known = page.cpus.get(cpu);
  if (known) return known;
  const made: CpuFigures = { counters: new Map(), extra: [] };
  page.cpus.set(cpu, made);
  return made;
}

function take(of: CpuFigures, printed: string, figure: Counter): void {
  const name = Object.hasOwn(PROC_NAMES, printed) ? PROC_NAMES[printed]! : printed;
  if (name === ENTRIES) of.entries = figure;
  else if (!KNOWN.has(name)) of.extra.push(`${printed}=${figure}`);
  else if (!of.counters.has(name as CounterName)) of.counters.set(name as CounterName, figure);
  else throw notWhole(`a CPU has "${printed}" twice, so this is more than one page`);
}

/** Every CPU has the same counters; where one lacks some, a line was damaged, and the sums would be too small. */
function refuseUnequal(cpus: Page['cpus']): void {
  const all = new Set([...cpus.values()].flatMap(({ counters }) => [...counters.keys()]));
  for (const [cpu, { counters }] of cpus) {
    const missing = [...all].find((name) => !counters.has(name));
    if (missing !== undefined) throw notWhole(`CPU ${cpu} lacks "${missing}", which another has`);
  }
  if (all.size === 0) throw notWhole('no CPU has a counter that ctsync knows');
}

function notWhole(what: string): Failure {
  return new Failure('BAD_ANSWER', `The counters of connection tracking can not be read: ${what}.`, {
    next: 'Ask again; if it stays so, run conntrack -S by hand and compare.',
  });
}

function totalOf(cpus: Page['cpus']): TrackingCounters {
  return countersOf((name) => {
    const figures = [...cpus.values()].flatMap(({ counters }) => counters.get(name) ?? []);
    if (figures.length === 0) return undefined;
    return counterOf(String(figures.reduce((sum: bigint, figure) => sum + BigInt(figure), 0n)));
  });
}

function cpuStatistics(cpu: number, { counters, extra }: CpuFigures): CpuStatistics {
  return { cpu, counters: countersOf((name) => counters.get(name)), ...(extra.length > 0 && { extra }) };
}

function countersOf(figureOf: (name: CounterName) => Counter | undefined): TrackingCounters {
  const counters: TrackingCounters = {};
  for (const name of COUNTERS) {
    const figure = figureOf(name);
    if (figure !== undefined) counters[name] = figure;
  }
  return counters;
}
