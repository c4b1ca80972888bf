import { readFileSync } from 'node:fs';
import { documentOf } from '../support/documents.js';
import type { Lab } from './lab.js';
import type { RouterName } from './plan.js';
import { childEnvironment, ended, launch, type RunOptions } from './run.js';

/** The parts of an action's document that tests look at. */
export interface ActionAnswer {
  outcome?: string;
  role?: string;
  notes?: string[];
  at_stake?: Record<string, number>;
  left?: Record<string, number>;
  steps?: { command: string; outcome: string; evidence?: string; committed?: { flows: number; failed: number } }[];
  error?: { code: string; message: string; next?: string };
}

/** The valid document of an action that is typed on a router, and its exit code. */
export async function act(lab: Lab, router: RouterName, line: string, options: RunOptions = {}) {
  const { stdout, code } = await lab.ctsync(router, [...line.split(' '), '--json'], options);
  return { code, document: documentOf(stdout) as unknown as ActionAnswer };
}

/** `-f external: done`. */
export function stepsOf({ steps = [] }: ActionAnswer): string[] {
  return steps.map(({ command, outcome }) => `${command.replace(/^conntrackd -C \S+ /, '')}: ${outcome}`);
}

/** Makes each such call of a router's conntrackd last so much longer. Call the result to end that. */
export async function slowed(
  lab: Lab,
  router: RouterName,
  { call, microseconds }: { call: string; microseconds: number },
): Promise<() => Promise<void>> {
  const pid = String(lab[router].conntrackd.pid);
  const inject = `inject=${call}:delay_enter=${microseconds}`;
  const strace = launch(['strace', '-qq', '-o', '/dev/null', '-e', `trace=${call}`, '-e', inject, '-p', pid], {
    env: childEnvironment(),
    stdio: 'ignore',
  });
  await lab.waitFor(() => !/^TracerPid:\s+0$/m.test(readFileSync(`/proc/${pid}/status`, 'utf8')));
  return async () => {
    strace.kill('SIGINT');
    await ended(strace);
  };
}

/** What conntrackd of a router has logged since this was called. */
export function loggedSince(lab: Lab, router: RouterName): () => string {
  const read = (): string => readFileSync(lab[router].file('conntrackd.log'), 'utf8');
  const { length } = read();
  return () => read().slice(length);
}

/** How many flows conntrackd's internal and external cache hold. */
export async function active(lab: Lab, router: RouterName): Promise<number[]> {
  return [...(await lab[router].ask('-s')).matchAll(/current active connections:\s+(\d+)/g)].map(([, n]) => Number(n));
}
