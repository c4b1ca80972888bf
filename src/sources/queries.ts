import type { DaemonPageName } from '../model/daemon-pages.js';
import type { Family } from '../model/flow.js';
import type { ToolCommand } from './tool.js';

/** A selective scan of a big table is silent for long (formats.md §16.18). */
const CONNTRACK_SILENCE_MS = 120_000;
/** During a commit of a million flows conntrackd still answers within a second (formats.md §14). */
const CONNTRACKD_SILENCE_MS = 10_000;
/** For a table that it reads, and for a bulk update, it answers nobody meanwhile. */
const CONNTRACKD_WORK_MS = 120_000;
const SMALL_TOOL_SILENCE_MS = 10_000;
/** The longest time that a timer can hold, 24 days: a log may be silent for as long as nothing happens. */
export const ENDLESS_MS = 0x7fff_ffff;

/** Settings of the command line that every query honours. */
export interface QueryOptions {
  /** conntrackd's configuration file. */
  daemonConfig: string;
  /** The operator's own deadline, in milliseconds. */
  silenceMs: number | undefined;
  /** Whether the tools are kept from the operator's terminal: what has begun to change something is not ended by Ctrl-C. */
  apart?: boolean;
}

/** Which flows of the kernel's table are wanted, and what of them. */
export interface TableSelection {
  /** Arguments by which conntrack leaves flows out. */
  args?: readonly string[];
  /** Whether the names of labels are wanted: conntrack complains on stderr where it has no file with them. */
  labels?: boolean;
  /** Whether nothing is shown before all of them have been read. */
  whole?: boolean;
}

/** The kernel's table. `-f` always: without it the old versions answer for IPv4 only (formats.md §1). */
export function kernelTable(
  family: Family,
  options: QueryOptions,
  { args = [], labels = false, whole = false }: TableSelection = {},
): ToolCommand {
  const words = labels ? 'extended,id,labels' : 'extended,id';
  // What conntrack selects comes with pauses: where it is shown as it comes, it is not to be kept back.
  return { ...conntrack(['-L', '-f', family, '-o', words, ...args], options), bulk: whole || args.length === 0 };
}

/** The kernel's table as others have asked for it: both families in one answer, without ids. */
export function tableOfBothFamilies(options: QueryOptions): ToolCommand {
  return conntrack(['-L', '-o', 'extended'], options);
}

/** The flows that have ended but are not gone. Of both families: this list is one for both (formats.md §6). */
export function dyingFlows(options: QueryOptions): ToolCommand {
  return conntrack(['-L', 'dying', '-o', 'extended,id'], options);
}

/** The kernel's expectations. `-f` always: without it every version answers for IPv4 only (formats.md §5). */
export function expectations(family: Family, options: QueryOptions): ToolCommand {
  return conntrack(['-L', 'expect', '-f', family], options);
}

/** The kernel's counters of each CPU. */
export function conntrackStatistics(options: QueryOptions): ToolCommand {
  return conntrack(['-S'], options);
}

/** The kernel's counters of expectations of each CPU. */
export function conntrackExpectStatistics(options: QueryOptions): ToolCommand {
  return conntrack(['-S', 'expect'], options);
}

/** One of conntrackd's caches, as text: by itself its client hands over 4 KiB at a time, as conntrack does. */
export function flowCache(cache: 'internal' | 'external', options: QueryOptions): ToolCommand {
  return { ...conntrackd([cache === 'internal' ? '-i' : '-e'], options), bulk: true };
}

/** The expectations in one of conntrackd's caches; empty where expectations are not synchronised. */
export function expectationCache(cache: 'internal' | 'external', options: QueryOptions): ToolCommand {
  return conntrackd([cache === 'internal' ? '-i' : '-e', 'expect'], options);
}

const PAGE_REQUESTS: Readonly<Record<DaemonPageName, number>> = {
  main: 21,
  network: 28,
  cache: 29,
  runtime: 30,
  link: 31,
  rsqueue: 32,
  process: 35,
  queue: 36,
  expect: 37,
};

/** One of conntrackd's nine pages of statistics, by the word that asks for it (formats.md §8). */
export function daemonPage(page: DaemonPageName, options: QueryOptions): ToolCommand {
  return { ...conntrackd(page === 'main' ? ['-s'] : ['-s', page], options), request: PAGE_REQUESTS[page] };
}

/** conntrackd's general page. */
export function generalStatistics(options: QueryOptions): ToolCommand {
  return daemonPage('main', options);
}

/** conntrackd's page about itself, in every mode. */
export function runtimeStatistics(options: QueryOptions): ToolCommand {
  return daemonPage('runtime', options);
}

/** conntrackd's page about all dedicated links. */
export function linkStatistics(options: QueryOptions): ToolCommand {
  return daemonPage('link', options);
}

/** conntrackd's page about its children: dumps, mostly. */
export function daemonChildren(options: QueryOptions): ToolCommand {
  return daemonPage('process', options);
}

/**
 * A request that changes what conntrackd or the kernel holds, such as `-f external`. Its client ends when the work does, and
 * its exit code tells nothing of it (formats.md §8). To be run once: what was not answered may still be carried out.
 */
export function daemonRequest(words: readonly string[], options: QueryOptions): ToolCommand {
  return { ...conntrackd([...words], options), silenceMs: options.silenceMs ?? CONNTRACKD_WORK_MS };
}

/** Empties the kernel's table, or that of its expectations: of both families (without `-f`). */
export function emptyTable(table: 'flows' | 'expectations', options: QueryOptions): ToolCommand {
  return conntrack(table === 'flows' ? ['-F'] : ['-F', 'expect'], options);
}

/** A line for syslog. */
export function syslogLine(text: string): ToolCommand {
  return {
    tool: 'logger',
    args: ['-t', 'ctsync', '-p', 'daemon.notice', '--', text],
    silenceMs: SMALL_TOOL_SILENCE_MS,
    apart: true,
  };
}

/** The version of the installed conntrackd, which need not be the one that runs. */
export function daemonVersion(options: QueryOptions): ToolCommand {
  return small('conntrackd', ['-v'], options);
}

/** The addresses of this network namespace. */
export function addresses(options: QueryOptions): ToolCommand {
  return small('ip', ['-j', 'addr'], options);
}

/** All firewall rules of nf_tables, those that iptables made among them. */
export function nftRuleset(options: QueryOptions): ToolCommand {
  return small('nft', ['-j', 'list', 'ruleset'], options);
}

/** Firewall rules as iptables understands them: a tool's name may stand for the one of nf_tables or for the legacy one. */
export function iptablesRulesets(options: QueryOptions): (ToolCommand & { family: Family })[] {
  const saves = (family: Family, tools: string[]) => tools.map((tool) => ({ ...small(tool, [], options), family }));
  return [
    ...saves('ipv4', ['iptables-save', 'iptables-legacy-save']),
    ...saves('ipv6', ['ip6tables-save', 'ip6tables-legacy-save']),
  ];
}

/** A whole log file, as root may read it. */
export function wholeLog(path: string, options: QueryOptions): ToolCommand {
  return small('cat', [path], options);
}

/** The last lines of a log file. */
export function lastOfLog(path: string, lines: number, options: QueryOptions): ToolCommand {
  return small('tail', ['-n', String(lines), path], options);
}

/** The end of a log file and what is written to it, whichever file is at the path. */
export function followedLog(path: string, lines: number | 'all'): ToolCommand {
  return { tool: 'tail', args: ['-n', lines === 'all' ? '+1' : String(lines), '-F', path], silenceMs: ENDLESS_MS };
}

/** What is wanted of the journal. */
export interface JournalSelection {
  /** No more than the last so many. */
  lines: number | 'all';
  /** Seconds since the epoch. */
  since?: number;
  /** Whether it is read on as it is written. */
  follow: boolean;
}

/** What the journal has of conntrackd, an object a line. It has all fields in UTC. */
export function journal(
  identifier: string,
  { lines, since, follow }: JournalSelection,
  options: QueryOptions,
): ToolCommand {
  const selected = [
    ...(lines === 'all' ? (follow ? ['--no-tail'] : []) : ['-n', String(lines)]),
    ...(since === undefined ? [] : [`--since=@${since}`]),
    ...(follow ? ['-f'] : []),
  ];
  const command = small('journalctl', ['--no-pager', '-q', '-o', 'json', '-t', identifier, ...selected], options);
  return follow ? { ...command, silenceMs: ENDLESS_MS } : command;
}

/** Asks the journal for one line: what is said on stderr tells whether we may read it. */
export function journalProbe(identifier: string, options: QueryOptions): ToolCommand {
  return small('journalctl', ['--no-pager', '-o', 'json', '-t', identifier, '-n', '1'], options);
}

function conntrack(args: string[], options: QueryOptions): ToolCommand {
  return commandOf('conntrack', args, CONNTRACK_SILENCE_MS, options);
}

function conntrackd(args: string[], options: QueryOptions): ToolCommand {
  return commandOf('conntrackd', ['-C', options.daemonConfig, ...args], CONNTRACKD_SILENCE_MS, options);
}

function small(tool: string, args: string[], options: QueryOptions): ToolCommand {
  return commandOf(tool, args, SMALL_TOOL_SILENCE_MS, options);
}

function commandOf(tool: string, args: string[], usualMs: number, { silenceMs, apart }: QueryOptions): ToolCommand {
  return { tool, args, silenceMs: silenceMs ?? usualMs, ...(apart ? { apart } : {}) };
}
