import { existsAt, type Place } from './place.js';
import type { QueryOptions } from './queries.js';
import type { ToolCommand } from './tool.js';

/** Where and how an answer is to be read: what the source flags of a command say. */
export interface SourceOptions {
  /** Path of a capture, or `-` for stdin; absent for this host. */
  from?: string;
  /** The machine that is asked, where nothing was captured. */
  place: Place;
  query: QueryOptions;
  /** Whether `sudo -n` may be tried where a tool needs rights that we lack. */
  sudo: boolean;
  /** All that a view asks with rights that we may lack; absent where that is the one command which is refused. */
  asked?: readonly ToolCommand[];
  /** Fires when the operator or the system ends us. */
  abort: AbortSignal;
}

/** What was captured, where it is no machine that is asked: a file, stdin, or a bundle. */
export function capturedAt({ from, place }: Pick<SourceOptions, 'from' | 'place'>): string | undefined {
  return from ?? (place.recorded ? place.name : undefined);
}

/** Where conntrackd's configuration stands: VyOS writes it at boot, elsewhere it is the administrator's. */
const DAEMON_CONFIGS = ['/run/conntrackd/conntrackd.conf', '/etc/conntrackd/conntrackd.conf'] as const;

/** The configuration file that the operator named, else the first that exists, else the usual one. */
export async function daemonConfigPath(named: string | undefined, place: Place): Promise<string> {
  if (named !== undefined && named !== '') return named;
  if (place.files?.daemonConfig !== undefined) return place.files.daemonConfig;
  return (await existsAt(place, DAEMON_CONFIGS[0])) ? DAEMON_CONFIGS[0] : DAEMON_CONFIGS[1];
}

const RUN_DIR = '/run/ctsync';
/** VyOS's hook keeps the last transition only, with a date in the words of its locale. */
const VYOS_STATE = '/var/run/vyatta-conntrackd-failover-state';

/** Where the last transition may be recorded: by our hook, else by VyOS's. */
export function failoverStateFiles({ files }: Pick<Place, 'files'>): readonly [string, ...string[]] {
  if (files?.failoverState !== undefined) return files.failoverState;
  return [`${process.env['CTSYNC_RUN_DIR'] || RUN_DIR}/failover-state`, VYOS_STATE];
}

/** The lock by which the failover hook has one run at a time. */
export function failoverLock(): string {
  return `${process.env['CTSYNC_RUN_DIR'] || RUN_DIR}/failover.lock`;
}

/** The lock by which one ctsync at a time changes the configuration, or restarts the daemon. */
export function configurationLock(env: NodeJS.ProcessEnv = process.env): string {
  return `${env['CTSYNC_RUN_DIR'] || RUN_DIR}/configuration.lock`;
}

const STATE_DIR = '/var/lib/ctsync';

/** Where the failover hook records transitions: the file that it writes, and the older one beside it. */
export function transitionFiles({ files }: Pick<Place, 'files'>): readonly [string, ...string[]] {
  if (files?.transitions !== undefined) return files.transitions;
  const file = `${process.env['CTSYNC_STATE_DIR'] || STATE_DIR}/transitions.ndjson`;
  return [file, `${file}.1`];
}

/** What the failover hook has to be told behind the group, since keepalived hands on no variables: none where all is usual. */
export function hookPlaces(daemonConfig: string): string[] {
  const { CTSYNC_STATE_DIR: stateDir, CTSYNC_RUN_DIR: runDir } = process.env;
  const isUsual = DAEMON_CONFIGS.some((file) => file === daemonConfig);
  if (!stateDir && !runDir) return isUsual ? [] : [daemonConfig];
  return [daemonConfig, stateDir || STATE_DIR, ...(runDir ? [runDir] : [])];
}
