import { run } from '../lab/run.js';
import { commandLine, NEUTRAL } from './ctsync.js';
import { missingTools } from './missing-tools.js';

/** Why there is no terminal to run anything on, as one sentence; absent where there is. */
export function terminalUnavailable(): string | undefined {
  return missingTools('terminals need', ['script', 'stty']);
}

/**
 * What the built release shows on a real terminal of so many columns: stdout and stderr as they mix there, without the
 * carriage returns that the terminal adds.
 */
export async function onTerminal(
  args: readonly string[],
  { columns = 80, env = {} }: { columns?: number; env?: Record<string, string> } = {},
): Promise<{ text: string; code: number | null }> {
  const words = commandLine(args).map((word) => `'${word}'`);
  const command = `stty cols ${columns} rows 24; exec ${words.join(' ')}`;
  const { stdout, code } = await run(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
    env: { ...NEUTRAL, TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
  return { text: stdout.replaceAll('\r\n', '\n'), code };
}

/** The text without the sequences that colour it. */
export function uncoloured(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is to be taken away
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
