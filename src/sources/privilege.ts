import { userInfo } from 'node:os';
import { findTool } from './find-tool.js';
import type { ToolCommand } from './tool.js';

/** True where this process has root's user id; it may lack capabilities all the same (a container). */
export function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

/** The login name of this process's user, or its number where it has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? 'unknown');
  }
}

/** The same command as root, without a question: sudo refuses at once where a password would be needed. */
export function asRoot(command: ToolCommand): ToolCommand {
  return {
    silenceMs: command.silenceMs,
    tool: 'sudo',
    args: ['-n', '--', findTool(command.tool) ?? command.tool, ...command.args],
  };
}

/**
 * The line that lets this user run exactly these commands as root. Blanks, `,`, `:`, `=`, `#` and `\` are special in sudoers,
 * and `*`, `?`, `[`, `]`, `!` would allow other commands as well.
 */
export function sudoersLine(commands: readonly ToolCommand[]): string {
  const lines = commands.map(({ tool, args }) => [findTool(tool) ?? tool, ...args].map(inSudoers).join(' '));
  return `${userName()} ALL=(root) NOPASSWD: ${lines.join(', ')}`;
}

function inSudoers(word: string): string {
  // A backslash is read twice: in the line, and in the pattern that the words of a command are.
  return word.replaceAll('\\', '\\\\').replace(/[\\\s,:=#*?[\]!]/g, '\\$&');
}
