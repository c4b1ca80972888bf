import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { childEnvironment, launch } from '../lab/run.js';
import type { Outcome } from '../lab/run.js';
import { waitFor } from '../lab/wait.js';
import { NEUTRAL } from './ctsync.js';

/** A command that goes on showing something until it is told to end. */
export class Following {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  private stdout = '';
  private stderr = '';

  constructor(argv: readonly string[], env: Record<string, string | undefined> = {}) {
    this.child = launch(argv, { env: childEnvironment({ ...NEUTRAL, ...env }), stdio: ['ignore', 'pipe', 'pipe'] });
    this.closed = once(this.child, 'close');
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Settles once it has said something on stderr. */
  async tells(pattern: RegExp): Promise<void> {
    await waitFor(() => pattern.test(this.stderr), { what: `${String(pattern)}, not ${this.stderr}` });
  }

  /** Settles once the command watches a file: what is written from then on is shown as it comes. */
  async ready(): Promise<void> {
    await waitFor(() => this.hasWatch(), { what: 'the command to watch the log' });
  }

  /** Whole lines so far, once they are what is waited for. */
  async until(enough: (lines: string[]) => boolean): Promise<string[]> {
    const lines = (): string[] => this.stdout.split('\n').slice(0, -1);
    await waitFor(() => enough(lines()), { seconds: 30, what: `more than ${JSON.stringify(this.stdout)}` });
    return lines();
  }

  /** Ctrl-C, or another signal, and how the command has ended. */
  async interrupt(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<Outcome> {
    this.child.kill(signal);
    await this.closed;
    return { stdout: this.stdout, stderr: this.stderr, code: this.child.exitCode, signal: this.child.signalCode };
  }

  /** The reader goes. */
  hangUp(): void {
    this.child.stdout?.destroy();
  }

  /** How it has ended by itself. */
  async ended(): Promise<Omit<Outcome, 'stdout'>> {
    await this.closed;
    return { stderr: this.stderr, code: this.child.exitCode, signal: this.child.signalCode };
  }

  private hasWatch(): boolean {
    const info = `/proc/${this.child.pid}/fdinfo`;
    return readdirSync(info).some((fd) => readFileSync(`${info}/${fd}`, 'latin1').includes('inotify wd:'));
  }
}
