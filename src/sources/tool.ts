import { Failure } from '../model/failure.js';

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
  /** Its stdin stays open as long as we live, so that it can end with us. */
  holdsStdin?: boolean;
  /** In a session of its own: Ctrl-C, or a terminal that is gone, is for us to deal with. */
  apart?: boolean;
  /** Ourselves: in the operator's own language and time zone. */
  ownEnvironment?: boolean;
  /** What it is called in sentences, where its words tell an operator nothing. */
  called?: string;
  /** How it gets to the machine that it is run on; absent where that is ours. */
  via?: Carrier;
  /** What it said at an earlier time: it is not run. */
  recorded?: RecordedAnswer;
}

/** What a tool said and how it ended, kept by somebody. */
export interface RecordedAnswer {
  /** stdout; whatever is known to be missing of it is a Failure at its end. */
  chunks: () => AsyncIterable<Buffer>;
  outcome: ToolOutcome;
}

/** Brings a command to another machine. */
export interface Carrier {
  /** The name of the machine, for sentences. */
  name: string;
  /** The command that is to be run here instead. */
  carried(words: readonly string[]): [string, ...string[]];
  /**
   * How the tool ended there, by how the carrier ended here.
   *
   * @throws Failure HOST_UNREACHABLE where it is the way to it that has failed
   */
  arrived(outcome: ToolOutcome): ToolOutcome;
}

/** A command as an operator would type it. */
export function commandLine({ tool, args, called, via }: ToolCommand): string {
  const line = called ?? [tool, ...args].join(' ');
  return via === undefined ? line : `${line} (on ${via.name})`;
}

/** The failure of a tool that was ended because it was silent. */
export function saidNothing(command: ToolCommand): Failure {
  return new Failure(
    'TIMEOUT',
    `${commandLine(command)} said nothing for ${command.silenceMs / 1000} s and was ended.`,
    { next: 'If the machine is only slow, allow more with --timeout SECONDS.' },
  );
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
