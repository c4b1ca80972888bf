import { fileURLToPath } from 'node:url';
import { run } from '../lab/run.js';
import type { Outcome, RunOptions } from '../lab/run.js';

const ENTRY = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/** Variables of the machine or of the test run that would change what ctsync says or how Node runs it. */
export const NEUTRAL: Record<string, string | undefined> = {
  NODE_OPTIONS: undefined,
  NODE_EXTRA_CA_CERTS: undefined,
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  COLUMNS: undefined,
  CTSYNC_PAGER: undefined,
  PAGER: undefined,
  LESS: undefined,
  LESSOPEN: undefined,
  LESSSECURE: undefined,
  SUDO_UID: undefined,
  DEBUG: undefined,
  CTSYNC_DAEMON_CONFIG: undefined,
  CTSYNC_KEEPALIVED_CONFIG: undefined,
  CTSYNC_RUN_DIR: undefined,
  CTSYNC_STATE_DIR: undefined,
};

/** The command line that starts the built release. */
export function commandLine(args: readonly string[]): string[] {
  return [process.execPath, ENTRY, ...args];
}

/** Runs the built release through its real command line, on this machine and as this user. */
export function ctsync(args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return run(commandLine(args), { ...options, env: { ...NEUTRAL, ...options.env } });
}

/** The path of a fixture: `documentation/table.txt`. */
export function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}
