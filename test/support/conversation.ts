import type { ChildProcess } from 'node:child_process';
import { childEnvironment, launch } from '../lab/run.js';
import { waitFor } from '../lab/wait.js';
import { NEUTRAL } from './ctsync.js';

/** What an operator types to end a line, and to end what runs. */
export const ENTER = '\r';
export const CTRL_C = '\u0003';
export const CTRL_D = '\u0004';

/** A command line on a real terminal of 80 columns, and somebody who reads there and types. */
export class Conversation {
  /** All that the terminal has shown, without the carriage returns that it adds. */
  text = '';
  /** Its exit code, once it has ended and all was read. */
  readonly end: Promise<number | null>;
  private readonly child: ChildProcess;

  /** @param enter what the terminal, and all that runs on it, is to be run by: a sandbox, or a node of a lab */
  constructor(
    commandLine: readonly string[],
    enter: (argv: readonly string[]) => readonly string[],
    env: Record<string, string> = {},
  ) {
    const words = commandLine.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' ');
    const script = ['script', '--quiet', '--return', '--command', `stty cols 80 rows 24; exec ${words}`, '/dev/null'];
    this.child = launch(enter(script), {
      env: childEnvironment({ ...NEUTRAL, TERM: 'xterm-256color', SHELL: '/bin/sh', PAGER: 'cat', ...env }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    this.end = new Promise((resolve) => this.child.once('close', resolve));
    this.child.stdin?.on('error', () => undefined);
    this.child.stdout?.on('data', (bytes: Buffer) => {
      this.text += bytes.toString('utf8').replaceAll('\r\n', '\n');
    });
  }

  /** Settles once that was shown. */
  async reads(words: string): Promise<void> {
    await waitFor(() => Promise.resolve(this.text.includes(words)), { what: `the terminal to show "${words}"` });
  }

  types(keys: string): void {
    this.child.stdin?.write(keys);
  }
}
