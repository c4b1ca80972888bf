import type { ChildProcess } from 'node:child_process';
import { openSync, closeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { childEnvironment, ended, launch } from './run.js';

/** A daemon of the lab, kept in the foreground of its namespace, its words appended to a file. */
export class Service {
  private child: ChildProcess | undefined;

  constructor(
    private readonly namespace: string,
    private readonly argv: readonly string[],
    private readonly output: string,
  ) {}

  /** Process id; absent while it doesn't run. */
  get pid(): number | undefined {
    return this.running ? this.child?.pid : undefined;
  }

  get running(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Starts it unless it runs; whether it is ready is for the caller to ask. */
  start(): void {
    if (this.running) return;
    const file = openSync(this.output, 'a', 0o600);
    // detached: a Ctrl-C at the terminal must reach us alone, so that the lab is taken down in order.
    this.child = launch(['ip', 'netns', 'exec', this.namespace, ...this.argv], {
      env: childEnvironment(),
      stdio: ['ignore', file, file],
      detached: true,
    });
    closeSync(file);
  }

  /** Asks it to end, with its own goodbyes; after 5 s it is killed. */
  async stop(): Promise<void> {
    if (this.child === undefined || !this.running) return;
    this.child.kill('SIGTERM');
    const over = ended(this.child);
    const late = new AbortController();
    await Promise.race([over, sleep(5000, undefined, { signal: late.signal }).catch(() => undefined)]);
    late.abort();
    if (this.running) this.child.kill('SIGKILL');
    await over;
  }

  /** Ends it at once, as a crash would: sockets, locks and virtual addresses stay behind. */
  async kill(): Promise<void> {
    if (this.child === undefined || !this.running) return;
    this.child.kill('SIGKILL');
    await ended(this.child);
  }
}
