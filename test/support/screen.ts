import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from '../lab/run.js';
import { waitFor } from '../lab/wait.js';
import { NEUTRAL } from './ctsync.js';
import { missingTools } from './missing-tools.js';

/** Why there is no screen to look at, as one sentence; absent where there is. */
export function screenUnavailable(): string | undefined {
  return missingTools('screens need', ['tmux', 'less']);
}

/** A shell with job control and a prompt that can be told from what commands say. */
const SHELL = ['env', 'PS1=ready> ', 'HISTFILE=', 'bash', '--noprofile', '--norc'];

let opened = 0;

/** A terminal with an interactive shell on it: keys are pressed, and what stands on the screen is read. */
export class Screen {
  private readonly folder: string;
  private readonly server: string;
  private lines = 0;

  private constructor(folder: string, server: string) {
    this.folder = folder;
    this.server = server;
  }

  static async open({ columns = 80, rows = 24 }: { columns?: number; rows?: number } = {}): Promise<Screen> {
    const folder = mkdtempSync(join(tmpdir(), 'ctsync-screen-'));
    const screen = new Screen(folder, `ctsync-${process.pid}-${++opened}`);
    const size = ['-x', String(columns), '-y', String(rows)];
    await screen.tmux('-f', '/dev/null', 'new-session', '-d', ...size, ...SHELL);
    await screen.shows(/^ready>/m);
    return screen;
  }

  /** Types a command line, which is to end with `code=` and its exit code on a line. */
  async start(argv: readonly string[], env: Record<string, string> = {}): Promise<void> {
    const script = join(this.folder, String(++this.lines));
    const variables = Object.entries(env).map(([name, value]) => `export ${name}=${quoted(value)}\n`);
    writeFileSync(script, `${variables.join('')}exec ${argv.map(quoted).join(' ')}\n`);
    await this.press('C-l');
    await this.type(`sh ${script}; echo code=$?`);
  }

  /** Types a line and the return key. */
  async type(line: string): Promise<void> {
    await this.tmux('send-keys', '-l', line);
    await this.press('Enter');
  }

  /** Presses keys, by tmux's names: `C-c`, `q`. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux('send-keys', ...keys);
  }

  /** What stands on the screen, without the empty rows at its end. */
  async text(): Promise<string> {
    return (await this.tmux('capture-pane', '-p')).replace(/\n*$/, '\n');
  }

  /** Waits until the screen shows something, and gives back all of it. */
  shows(pattern: RegExp, seconds = 15): Promise<string> {
    const shown = async (): Promise<string> => {
      const text = await this.text();
      return pattern.test(text) ? text : '';
    };
    return waitFor(shown, { seconds, what: String(pattern) });
  }

  async close(): Promise<void> {
    await run(this.argv('kill-server'));
    rmSync(this.folder, { recursive: true });
  }

  private tmux(...args: string[]): Promise<string> {
    return must(this.argv(...args), { env: { ...NEUTRAL, TERM: 'xterm-256color' } });
  }

  private argv(...args: string[]): string[] {
    return ['tmux', '-L', this.server, ...args];
  }
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
