import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { ChildProcess } from 'node:child_process';
import { childEnvironment, launch } from '../lab/run.js';
import type { Outcome } from '../lab/run.js';
import { NEUTRAL } from './ctsync.js';

/** A command whose output is not read on after its beginning, until somebody asks for all of it. */
export class UnreadOutput {
  private readonly child: ChildProcess;
  private readonly closed: Promise<unknown>;
  /** The process behind `nsenter`, by the number that the machine knows it by. */
  private inner: number | undefined;
  private stdout = '';
  private stderr = '';

  private constructor(argv: readonly string[], env: Record<string, string | undefined>) {
    this.child = launch(argv, { env: childEnvironment({ ...NEUTRAL, ...env }), stdio: ['ignore', 'pipe', 'pipe'] });
    this.closed = once(this.child, 'close');
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
  }

  /** Starts a command; resolves when the beginning of its output is there. */
  static async of(argv: readonly string[], env: Record<string, string | undefined> = {}): Promise<UnreadOutput> {
    const output = new UnreadOutput(argv, env);
    const { stdout } = output.child;
    await Promise.race([once(stdout!, 'data'), output.closed]);
    stdout!.pause();
    return output;
  }

  /**
   * Sends a signal to the command that `nsenter` runs. To be followed by `rest` at once: who is told to end does not wait
   * long for a reader.
   */
  async signal(name: NodeJS.Signals): Promise<void> {
    this.inner ??= Number(await readFile(`/proc/${this.child.pid}/task/${this.child.pid}/children`, 'utf8'));
    process.kill(this.inner, name);
  }

  /** Reads the rest, and tells how the command has ended. */
  async rest(): Promise<Outcome> {
    this.child.stdout?.resume();
    await this.closed;
    return this.ending();
  }

  /** Waits for the command to end although nobody reads. */
  async endUnread(): Promise<Omit<Outcome, 'stdout'>> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    const { stderr, code, signal } = this.ending();
    this.child.stdout?.destroy();
    return { stderr, code, signal };
  }

  private ending(): Outcome {
    const { stdout, stderr, child } = this;
    return { stdout, stderr, code: child.exitCode, signal: child.signalCode };
  }
}
