import type { Place } from './place.js';
import type { ToolCommand } from './tool.js';

/** The same command as root, without a question: sudo refuses at once where a password would be needed. */
export function asRoot(command: ToolCommand, place: Place): ToolCommand {
  return {
    silenceMs: command.silenceMs,
    tool: 'sudo',
    args: ['-n', '--', place.findTool(command.tool) ?? command.tool, ...command.args],
  };
}

/**
 * The line that lets the user of a place run exactly these commands as root. Blanks, `,`, `:`, `=`, `#` and `\` are special in
 * sudoers, and `*`, `?`, `[`, `]`, `!` would allow other commands as well.
 */
export function sudoersLine(commands: readonly ToolCommand[], place: Place): string {
  const lines = commands.map(({ tool, args }) => [place.findTool(tool) ?? tool, ...args].map(inSudoers).join(' '));
  return `${place.userName} ALL=(root) NOPASSWD: ${lines.join(', ')}`;
}

function inSudoers(word: string): string {
  // A backslash is read twice: in the line, and in the pattern that the words of a command are.
  return word.replaceAll('\\', '\\\\').replace(/[\\\s,:=#*?[\]!]/g, '\\$&');
}
