import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { childEnvironment, ended, launch } from './run.js';

const PROGRAM = fileURLToPath(new URL('./agent.mjs', import.meta.url));

interface Pending {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

interface Answer {
  number: number;
  result?: unknown;
  error?: string;
}

/** A traffic program (agent.mjs) in a namespace. */
export class Agent {
  private readonly pending = new Map<number, Pending>();
  private readonly child: ChildProcess;
  private orders = 0;

  constructor(namespace: string) {
    // detached: a Ctrl-C at the terminal must reach us alone, so that the lab is taken down in order.
    this.child = launch(['ip', 'netns', 'exec', namespace, process.execPath, PROGRAM], {
      env: childEnvironment(),
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    const { stdin, stdout } = this.child;
    if (stdin === null || stdout === null) throw new TypeError('the agent has no pipes');
    stdin.on('error', () => undefined);
    createInterface({ input: stdout }).on('line', (line) => {
      this.settle(JSON.parse(line) as Answer);
    });
    this.child.once('error', (error) => {
      this.fail(error);
    });
    this.child.once('exit', () => {
      this.fail(new Error(`the traffic program in ${namespace} has ended`));
    });
  }

  /** Gives an order and waits for its answer; rejects with the program's own words where it can't be done in time. */
  tell<T>(order: string, details: Record<string, unknown> = {}): Promise<T> {
    const number = (this.orders += 1);
    const { stdin, exitCode } = this.child;
    if (stdin === null || exitCode !== null) return Promise.reject(new Error('the traffic program is not running'));
    return new Promise<T>((resolve, reject) => {
      this.pending.set(number, { resolve: resolve as (result: unknown) => void, reject });
      stdin.write(`${JSON.stringify({ seconds: 10, ...details, number, order })}\n`);
    });
  }

  async end(): Promise<void> {
    this.child.stdin?.end();
    await ended(this.child);
  }

  private settle(answer: Answer): void {
    const waiting = this.pending.get(answer.number);
    this.pending.delete(answer.number);
    if (answer.error === undefined) waiting?.resolve(answer.result);
    else waiting?.reject(new Error(answer.error));
  }

  private fail(error: Error): void {
    for (const waiting of this.pending.values()) waiting.reject(error);
    this.pending.clear();
  }
}
