import Table from 'cli-table3';
import type { FailoverState } from '../model/failover-state.js';
import type { Health } from '../model/health.js';
import type { DedicatedLink } from '../model/link.js';
import type {
  CacheSize,
  DaemonStatus,
  FailoverMechanism,
  GroupRole,
  StatusWarning,
  SyncStatus,
} from '../model/sync-status.js';
import { BORDERLESS } from './borderless.js';
import { duration } from './duration.js';
import { escapeControl } from './escape.js';
import { fold } from './fold.js';
import { healthLines } from './health-lines.js';

type Line = readonly [name: string, value: string | readonly string[]];

/** Width of the names: that of the documentation's longest, `last state transition`, and one space. */
const NAME_WIDTH = 22;
const SEPARATOR = ': ';

/** What surrounds a status: when it is now, which a capture can't tell, and how wide the terminal is. */
export interface StatusSurroundings {
  now?: Date;
  columns?: number | undefined;
  /** Whether every finding is shown with its evidence, and what was not checked. */
  verbose?: boolean;
}

/** The status page: the documentation's four lines first, then what is true right now, each as `name : value`. */
export function renderStatusPage(
  status: SyncStatus,
  health: Health,
  { now, columns, verbose = false }: StatusSurroundings = {},
): string {
  const unavailable = new Map(status.unavailable.map(({ part, reason }) => [part, reason]));
  const value = (part: string, known: string | undefined): string =>
    known ?? `unknown [${unavailable.get(part) ?? 'nothing tells'}]`;
  const lines: Line[] = [
    ['sync-interface', value('sync-interface', interfaces(status.sync_interfaces))],
    ['failover-mechanism', value('failover-mechanism', mechanism(status.failover_mechanism))],
    ['last state transition', transition(status.last_transition, unavailable.get('last state transition'), now)],
    ['ExpectationSync', value('sync-interface', expectationSync(status.expectation_sync))],
    ...roles(status, unavailable),
    ...daemon(status.daemon, unavailable, now),
    ...links(status.links, unavailable.get('links')),
    ...caches(status.caches, unavailable.get('caches')),
    ...warnings(status.warnings ?? []),
    ...healthLines(health, verbose),
  ];
  return layOut(lines, columns);
}

function interfaces(names: readonly string[] | undefined): string | undefined {
  return names?.length === 0 ? 'none [the configuration has no dedicated link]' : names?.join(', ');
}

function mechanism(found: FailoverMechanism | undefined): string | undefined {
  if (!found) return undefined;
  if (found.sync_groups.length > 0) return `vrrp [${groups(found.sync_groups)}]${hookFaults(found)}`;
  if (found.reason !== undefined) return `none found [${found.reason}]`;
  if (found.without_hook.length === 0) return `none found [${NO_GROUP}]`;
  const verb = found.without_hook.length === 1 ? 'has' : 'have';
  return `none found [${groups(found.without_hook, 'sync group')} ${verb} no notify script for conntrackd]`;
}

/** What the lines of keepalived.conf lack: the finding says what to do. */
function hookFaults({ without_hook: without, faulty_hooks: faulty = [] }: FailoverMechanism): string {
  const none = without.map((group) => `; ${group}: no hook`);
  const lines = faulty.map(({ sync_group: group, missing, wrong }) => {
    const names = [...new Set([...missing, ...wrong])].map((event) => `notify_${event}`).join(', ');
    return `; ${group}: ${names} missing or wrong`;
  });
  return [...none, ...lines].join('');
}

function groups(names: readonly string[], word = 'sync-group'): string {
  return `${names.length === 1 ? word : `${word}s`} ${names.join(', ')}`;
}

function transition(last: FailoverState | undefined, reason: string | undefined, now: Date | undefined): string {
  if (last) return `${last.state} at ${last.at === undefined ? last.at_text : withAge(last.at, now)}`;
  return reason === undefined ? 'no transition yet!' : `unknown [${reason}]`;
}

function withAge(time: string, now: Date | undefined): string {
  if (now === undefined) return time;
  const seconds = (now.getTime() - Date.parse(time)) / 1000;
  // A second is what two readings of one clock may differ by.
  return seconds < -1 ? `${time} (in the future by this clock)` : `${time} (${duration(Math.max(seconds, 0))} ago)`;
}

function expectationSync(configured: SyncStatus['expectation_sync']): string | undefined {
  return Array.isArray(configured) ? configured.join(', ') : configured;
}

function roles(
  { roles: known, failover_mechanism: found }: SyncStatus,
  unavailable: ReadonlyMap<string, string>,
): Line[] {
  if (!known) return [['role', `unknown [${unavailable.get('role') ?? found?.reason ?? 'no sync group is known'}]`]];
  if (known.length === 0) return [['role', `unknown [${hasGroup(found) ? NO_ADDRESS : NO_GROUP}]`]];
  return known.map((group) => ['role', role(group)]);
}

const NO_GROUP = 'keepalived has no sync group';
const NO_ADDRESS = 'no sync group has a virtual address';

function hasGroup(found: FailoverMechanism | undefined): boolean {
  return found === undefined || found.sync_groups.length + found.without_hook.length > 0;
}

function role({ sync_group, role, held, missing }: GroupRole): string {
  if (role === 'master') return `master of ${sync_group} [holds ${held.join(', ')}]`;
  if (role === 'backup') return `backup of ${sync_group} [holds none of its virtual addresses]`;
  return `partly master of ${sync_group} [holds ${held.join(', ')}; does not hold ${missing.join(', ')}]`;
}

function daemon(found: DaemonStatus, unavailable: ReadonlyMap<string, string>, now: Date | undefined): Line[] {
  const lines: Line[] = [['daemon', running(found, unavailable, now)]];
  if (found.mode !== undefined)
    lines.push(['mode', `${found.mode === 'stats' ? 'statistics' : found.mode.toUpperCase()}, as configured`]);
  const version = found.installed_version ?? `unknown [${unavailable.get('installed version') ?? 'nothing tells'}]`;
  lines.push(['installed version', `conntrackd ${version}`]);
  return lines;
}

function running(found: DaemonStatus, unavailable: ReadonlyMap<string, string>, now: Date | undefined): string {
  const silent = unavailable.get('daemon');
  const since = found.running_since === undefined ? undefined : `since ${withAge(found.running_since, now)}`;
  const process = found.pid === undefined ? '' : ` [process ${found.pid}]`;
  if (silent !== undefined) return since === undefined ? silent : `${silent}; it runs ${since}${process}`;
  if (since !== undefined) return `running ${since}${process}`;
  if (now === undefined) return `had run for ${found.uptime ?? 'an unknown time'}`;
  const why = unavailable.get('daemon process');
  return `running for ${found.uptime ?? 'an unknown time'}${why === undefined ? '' : ` [${why}]`}`;
}

function links(known: readonly DedicatedLink[] | undefined, reason: string | undefined): Line[] {
  if (!known) return [['links', `unknown [${reason ?? 'nothing tells'}]`]];
  return known.map((link) => [`link ${link.device ?? '?'}`, linkState(link)]);
}

function linkState({ interface_missing: missing, configured_device, status, role, transport }: DedicatedLink): string {
  if (missing) return `its interface does not exist [${transport}, ${role}]`;
  const edited = configured_device === undefined ? '' : `; the configuration now names ${configured_device} instead`;
  return `${status}, ${role} [${transport}]${edited}`;
}

function caches(known: readonly CacheSize[] | undefined, reason: string | undefined): Line[] {
  if (!known) return [['caches', `unknown [${reason ?? 'nothing tells'}]`]];
  return known.map(({ name, kind, active }) => [`${name} cache`, cacheSize(kind, active)]);
}

function cacheSize(kind: CacheSize['kind'], active: CacheSize['active']): string {
  if (kind === 'bypass') return 'none [DisableInternalCache is on]';
  if (kind === 'inject') return 'none [DisableExternalCache is on]';
  return active === undefined ? 'unknown' : `${active} ${active === 1 ? 'flow' : 'flows'}`;
}

/**
 * What makes the page mean something else than the files seem to say: where keepalived's can't be followed, and what is
 * wrong with conntrackd's as a whole. Single lines that conntrackd ignores are in the document.
 */
function warnings(found: readonly StatusWarning[]): Line[] {
  const shown = found.filter(({ program, line }) => program === 'keepalived' || line === undefined);
  return shown.map(({ file, line, message }) => [
    'warning',
    `${file}${line === undefined ? '' : ` line ${line}`}: ${message}`,
  ]);
}

/** On a terminal a long value goes on under its own beginning, on a narrow one under its name. */
function layOut(lines: readonly Line[], columns: number | undefined): string {
  const width = nameWidth(lines);
  const room = columns === undefined ? Infinity : columns - width - SEPARATOR.length;
  if (columns !== undefined && room < NAME_WIDTH) return stacked(lines, columns);
  const table = new Table({
    ...BORDERLESS,
  });
  table.push(
    ...lines.map(([name, value]) => [
      escapeControl(name).padEnd(width) + SEPARATOR,
      [value]
        .flat()
        .flatMap((line) => fold(escapeControl(line), room))
        .join('\n'),
    ]),
  );
  return `${table.toString().replace(/ +$/gm, '')}\n`;
}

const INDENT = '  ';

function stacked(lines: readonly Line[], columns: number): string {
  const room = Math.max(columns - INDENT.length, 1);
  const parts = lines.flatMap(([name, value]) => [
    `${escapeControl(name)}:`,
    ...[value].flat().flatMap((line) => fold(escapeControl(line), room).map((part) => INDENT + part)),
  ]);
  return parts.map((line) => `${line.trimEnd()}\n`).join('');
}

function nameWidth(lines: readonly Line[]): number {
  return Math.max(NAME_WIDTH, ...lines.map(([name]) => escapeControl(name).length + 1));
}
