import { join } from 'node:path';
import { documentOf } from '../support/documents.js';
import type { Lab } from './lab.js';
import type { RouterName } from './plan.js';
import type { Outcome } from './run.js';

/** The router's own folders; its daemon's files are those of the lab. */
export function foldersOf(lab: Lab, router: RouterName): Record<string, string> {
  const folder = lab[router].folder;
  return {
    CTSYNC_CONFIG_DIR: join(folder, 'etc'),
    CTSYNC_STATE_DIR: join(folder, 'lib'),
    CTSYNC_RUN_DIR: join(folder, 'run'),
  };
}

/** Runs ctsync on a router with its own folders. */
export function on(lab: Lab, router: RouterName, ...args: string[]): Promise<Outcome> {
  return lab.ctsync(router, args, { env: foldersOf(lab, router) });
}

/** What a line says that has to end with exit code 0. */
export async function done(lab: Lab, router: RouterName, line: string): Promise<string> {
  const outcome = await on(lab, router, ...line.split(' '));
  if (outcome.code !== 0) throw new Error(`${line}: ${outcome.code}\n${outcome.stderr}${outcome.stdout}`);
  return outcome.stdout;
}

/** The valid document of a commit, and its exit code. */
export async function committed(lab: Lab, router: RouterName, ...flags: string[]) {
  const { stdout, code } = await on(lab, router, 'commit', '--json', ...flags);
  return { code, document: documentOf(stdout) as unknown as CommitAnswer };
}

/** The parts of a commit's document that tests look at. */
interface CommitAnswer {
  outcome: string;
  changes: string[];
  findings: { severity: string; message: string; statement?: string }[];
  steps: string[];
  notes: string[];
  error?: { code: string; message: string; tool_says?: string; next?: string };
}
