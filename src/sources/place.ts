import type { IncludedFile, UnreadInclude } from '../model/keepalived-conf.js';
import type { Clock } from './clock.js';
import type { Unreadable } from './files.js';
import type { LogFile } from './log-file.js';
import type { ToolCommand } from './tool.js';

/** A small text file, or why it can't be read. */
export type FileText = { text: string } | { unreadable: Unreadable };

/** What stands at a path. */
export interface PathFacts {
  kind: 'file' | 'folder' | 'socket' | 'other';
  /** When it was last written. */
  written: Date;
  readable: boolean;
  /** Whether this user may read and write it. */
  usable: boolean;
}

/** Where the files of a place lie, where that is known better than by their usual paths. */
export interface NamedFiles {
  daemonConfig?: string | undefined;
  keepalivedConfig?: string | undefined;
  /** Where the last transition may be recorded, in the order of who is believed. */
  failoverState?: readonly [string, ...string[]] | undefined;
  /** The record of transitions, and the older one. */
  transitions?: readonly [string, ...string[]] | undefined;
}

/**
 * The machine that is asked: where its tools run, and where its files lie. Readers ask it, whichever it is. What can't be had is
 * undefined, or has its reason; a place that can't be reached any more is a Failure of every question.
 */
export interface Place {
  /** As the operator named it; absent for the machine that we run on. */
  readonly name?: string;
  /** Whether all answers were given at an earlier time, to whoever made a bundle: nothing is run, and there are no others. */
  readonly recorded?: true;
  /** How often counters were read; absent where they can be read again and again. One reading is no rate. */
  readonly readings?: 1 | 2;
  /** Both families of the kernel's table stand in one answer, which says how many flows it has, or does not. */
  readonly tableInOne?: 'announced' | 'unannounced';
  readonly clock: Clock;
  readonly files?: NamedFiles;
  readonly hostName: string;
  /** The version of the running kernel, by which the folder of its modules is named. */
  readonly kernelRelease: string;
  /** Whether what we run there has root's user id; it may lack capabilities all the same (a container). */
  readonly isRoot: boolean;
  /** The login name of the user that it is run as, or its number where it has no name. */
  readonly userName: string;
  /** The command as it has to be run here to be run there. */
  command(command: ToolCommand): ToolCommand;
  /** The path of a tool, or undefined where it is not installed. */
  findTool(name: string): string | undefined;
  /** Every program of a name on the search path, each once, in the order in which they would be found. */
  findPrograms(name: string): Promise<string[]>;
  readFile(path: string, encoding?: 'utf8' | 'latin1'): Promise<FileText>;
  look(path: string): Promise<PathFacts | Unreadable>;
  /** Whether a file, which may be a program, holds a text; undefined where it can't be read. */
  holds(path: string, text: string): Promise<boolean | undefined>;
  /** A log to be looked through from its end; absent where it comes as a stream. As {@link LogFile.open}. */
  openLog?(path: string): Promise<LogFile>;
  /** The path with all its links followed; as it is where they lead nowhere. */
  resolved(path: string): Promise<string>;
  /** The names in a folder; undefined where it is not ours to look into, and none where it is not there. */
  namesIn(folder: string): Promise<string[] | undefined>;
  /** The files that a line of keepalived.conf includes, those that can't be read among them. */
  included(pattern: string, fromFile: string): Promise<(IncludedFile | UnreadInclude)[]>;
  /** Where the links in a folder lead; undefined where it is not ours to look into, and none where it is not there. */
  targetsIn(folder: string): Promise<string[] | undefined>;
  /** Where a link leads. */
  targetOf(path: string): Promise<string | undefined>;
  /** `/proc/PID/stat` of every process of a name that can be seen, and maybe of others. */
  processStats(name: string): Promise<{ pid: number; stat: string }[]>;
}

/** Whether something stands at a path, and we may look at it. */
export async function existsAt(place: Place, path: string): Promise<boolean> {
  return 'kind' in (await place.look(path));
}
