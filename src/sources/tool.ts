/** A tool of the system and the exact arguments it is run with: never a shell line. */
export interface ToolCommand {
  tool: string;
  args: readonly string[];
  /** How long the tool may say nothing before it is ended, in milliseconds. */
  silenceMs: number;
  /** Much comes, and without pauses: it is better written in larger pieces than the tool would by itself. */
  bulk?: boolean;
  /** The code by which conntrackd itself takes the same question on its control socket (formats.md §8). */
  request?: number;
}

/** A command as an operator would type it. */
export function commandLine({ tool, args }: ToolCommand): string {
  return [tool, ...args].join(' ');
}

/** How a tool ended. */
export interface ToolOutcome {
  /** Absent where a signal ended it or it could not be started. */
  exitCode?: number;
  /** The signal that ended it, `SIGSEGV`. */
  signal?: string;
  /** Why it could not be started: `ENOENT`, `EACCES`. */
  spawnError?: string;
  /** All that it wrote to stderr, decoded as latin1. */
  stderr: string;
}

/** A running tool. */
export interface ToolStream {
  command: ToolCommand;
  /** stdout as it comes; must be read to its end, or left early, before `outcome` settles. */
  chunks: AsyncIterable<Buffer>;
  outcome(): Promise<ToolOutcome>;
}

/** A tool that has ended, with all that it said. */
export interface ToolAnswer extends ToolOutcome {
  command: ToolCommand;
  stdout: Buffer;
}
