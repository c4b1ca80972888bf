import { run } from '../lab/run.js';
import { commandLine, NEUTRAL } from './ctsync.js';
import { missingTools } from './missing-tools.js';

/** Why there is no terminal to run anything on, as one sentence; absent where there is. */
export function terminalUnavailable(): string | undefined {
  return missingTools('terminals need', ['script', 'stty']);
}

interface TerminalOptions {
  columns?: number;
  rows?: number;
  /** Without a PAGER of its own no page goes through one. */
  env?: Record<string, string>;
  /** What a shell is to make of the command's stdin or output: `< /dev/null`. */
  redirected?: string;
}

/**
 * What the built release shows on a real terminal of so many columns: stdout and stderr as they mix there, without the
 * carriage returns that the terminal adds.
 */
export async function onTerminal(
  args: readonly string[],
  { columns = 80, rows = 24, env = {}, redirected = '' }: TerminalOptions = {},
): Promise<{ text: string; code: number | null }> {
  const words = commandLine(args).map((word) => `'${word}'`);
  const command = `stty cols ${columns} rows ${rows}; exec ${words.join(' ')} ${redirected}`;
  const { stdout, code } = await run(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...NEUTRAL, TERM: 'xterm-256color', SHELL: '/bin/sh', PAGER: 'cat', ...env },
  });
  return { text: stdout.replaceAll('\r\n', '\n'), code };
}

/** The text without the sequences that colour it. */
export function uncoloured(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is to be taken away
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
