import { DAEMON_PAGES } from '../../model/daemon-pages.js';
import { SYSLOG_NAME } from '../../parsers/daemon-log/log-line.js';
import type { LogName } from '../../readers/daemon-log/question.js';
import type { SourceOptions } from '../../sources/options.js';
import { failoverStateFiles, transitionFiles } from '../../sources/options.js';
import {
  conntrackExpectStatistics,
  conntrackStatistics,
  daemonPage,
  dyingFlows,
  expectationCache,
  expectations,
  flowCache,
  kernelTable,
} from '../../sources/queries.js';
import type { ToolCommand } from '../../sources/tool.js';

/** One thing that is asked for. */
export interface Wanted {
  /** Its path in the folder of its node. */
  name: string;
  /** The tool that gives it, or the path of the file. */
  from: ToolCommand | { path: string };
  /** Lines are flows or expectations, of which there may be a million. */
  rows?: true;
  /** Whether conntrackd itself has to answer: one that hangs is not asked again. */
  ofDaemon?: true;
  /** Which of two readings it is. */
  sample?: 1 | 2;
  /** It is cut by whoever gives it: with so many bytes there was more. */
  longest?: number;
  /** The same in lines. */
  mostLines?: number;
}

/** What the operator has named. */
export interface CollectQuestion {
  keepalivedConfig?: string | undefined;
  /** Lines of the logs; absent for the usual number. */
  since?: Date | undefined;
}

const LOG_LINES = 5000;
/** Of a time that somebody has named: more is no log of a daemon that is well. */
const LOG_LINES_SINCE = 100_000;
/** Hundreds of thousands of lines: years of a daemon that is well. */
const LOG_BYTES = 16 * 1024 * 1024;
const TIMED = 'short-iso-precise';
const KEEPALIVED = ['/etc/keepalived/keepalived.conf', '/run/keepalived/keepalived.conf'] as const;

/** The counters: what rises can be seen only where they are read twice. */
export function countersOf({ query }: SourceOptions, sample: 1 | 2): Wanted[] {
  const folder = `counters-${sample}`;
  return [
    { name: `${folder}/conntrack-S.txt`, from: conntrackStatistics(query), sample },
    { name: `${folder}/conntrack-S-expect.txt`, from: conntrackExpectStatistics(query), sample },
    ...DAEMON_PAGES.map((page) => ({
      name: `${folder}/${page === 'main' ? 's' : `s-${page}`}.txt`,
      from: daemonPage(page, query),
      ofDaemon: true as const,
      sample,
    })),
    { name: `${folder}/nf_conntrack_count.txt`, from: { path: '/proc/sys/net/netfilter/nf_conntrack_count' }, sample },
    ...['udp', 'udp6', 'tcp', 'tcp6', 'snmp', 'softnet_stat'].map((file) => ({
      name: `${folder}/proc-net-${file}.txt`,
      from: { path: `/proc/net/${file}` },
      sample,
    })),
  ];
}

/** All that is read once. */
export function onceFrom({ place, query }: SourceOptions, { keepalivedConfig, since }: CollectQuestion): Wanted[] {
  const small = (tool: string, ...args: string[]): ToolCommand => ({
    tool,
    args,
    silenceMs: query.silenceMs ?? 10_000,
  });
  const keepalived = keepalivedConfig === undefined ? KEEPALIVED : [keepalivedConfig];
  return [
    { name: 'config/conntrackd.conf', from: { path: query.daemonConfig } },
    ...numbered('config/keepalived', '.conf', keepalived),
    ...numbered('state/failover-state', '', failoverStateFiles(place)),
    ...numbered('state/transitions', '.ndjson', transitionFiles(place)),
    { name: 'kernel/sysctl.txt', from: small('grep', '-r', '', '/proc/sys/net/netfilter') },
    { name: 'kernel/module.txt', from: small('grep', '-r', '', '/sys/module/nf_conntrack/parameters') },
    { name: 'kernel/buffers.txt', from: small('grep', '-r', '', '/proc/sys/net/core') },
    { name: 'kernel/version.txt', from: { path: '/proc/version' } },
    { name: 'kernel/os-release.txt', from: { path: '/etc/os-release' } },
    { name: 'versions/conntrack.txt', from: small('conntrack', '-V') },
    { name: 'versions/conntrackd.txt', from: small('conntrackd', '-v') },
    { name: 'versions/keepalived.txt', from: small('keepalived', '-v') },
    { name: 'network/addresses.json', from: small('ip', '-j', 'addr') },
    { name: 'network/links.txt', from: small('ip', '-s', 'link') },
    { name: 'network/routes-ipv4.txt', from: small('ip', 'route', 'show', 'table', 'all') },
    { name: 'network/routes-ipv6.txt', from: small('ip', '-6', 'route', 'show', 'table', 'all') },
    { name: 'network/neighbours.txt', from: small('ip', 'neigh') },
    ...journals(small, since),
    ...(['ipv4', 'ipv6'] as const).map((family) => ({
      name: `kernel/expect-${family}.txt`,
      from: expectations(family, query),
      rows: true as const,
    })),
    ...(['ipv4', 'ipv6'] as const).map((family) => ({
      name: `kernel/table-${family}.txt`,
      from: kernelTable(family, query, { whole: true }),
      rows: true as const,
    })),
    { name: 'kernel/dying.txt', from: dyingFlows(query), rows: true },
    ...(['internal', 'external'] as const).flatMap((cache): Wanted[] => [
      { name: `caches/${cache}.txt`, from: flowCache(cache, query), rows: true, ofDaemon: true },
      { name: `caches/${cache}-expect.txt`, from: expectationCache(cache, query), rows: true, ofDaemon: true },
    ]),
  ];
}

/** Whether to ask for it would load connection tracking into the kernel. */
export function loadsTracking({ from }: Wanted): boolean {
  return 'tool' in from && from.tool === 'conntrack' && from.args[0] !== '-V';
}

/** The end of a log file of conntrackd's. */
export function logFile(name: LogName, path: string): Wanted {
  return {
    name: name === 'daemon' ? 'logs/conntrackd.log' : 'logs/conntrackd-stats.log',
    from: { tool: 'tail', args: ['-c', String(LOG_BYTES), path], silenceMs: 10_000 },
    longest: LOG_BYTES,
  };
}

/** What conntrackd has told syslog, in a file that others write to, too. */
export function syslogFile(path: string): Wanted {
  return {
    name: 'logs/syslog.txt',
    from: { tool: 'grep', args: ['-aF', SYSLOG_NAME, path], silenceMs: 60_000 },
  };
}

function journals(small: (tool: string, ...args: string[]) => ToolCommand, since: Date | undefined): Wanted[] {
  const seconds = since === undefined ? [] : [`--since=@${Math.floor(since.getTime() / 1000)}`];
  const lines = since === undefined ? LOG_LINES : LOG_LINES_SINCE;
  const journal = (name: string, format: string, ...which: string[]): Wanted => ({
    name: `logs/${name}.txt`,
    from: small('journalctl', '--no-pager', '-q', '-o', format, '-n', String(lines), ...seconds, ...which),
    ...(since === undefined ? {} : { mostLines: lines }),
  });
  return [
    journal('journal-conntrackd', 'json', '-t', SYSLOG_NAME),
    journal('journal-keepalived', TIMED, '-t', 'Keepalived_vrrp'),
    journal('journal-kernel', TIMED, '-k', '--grep', 'conntrack'),
  ];
}

function numbered(name: string, suffix: string, paths: readonly string[]): Wanted[] {
  return paths.map((path, i) => ({ name: `${name}${i === 0 ? '' : `-${i + 1}`}${suffix}`, from: { path } }));
}
