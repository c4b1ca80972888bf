import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { hostname, release, userInfo } from 'node:os';
import { CLOCK } from './clock.js';
import { readSmallFile, resolved, type Unreadable, unreadable } from './files.js';
import { findPrograms, findTool } from './find-tool.js';
import { readIncludedFiles } from './included-files.js';
import { LogFile } from './log-file.js';
import type { PathFacts, Place } from './place.js';
import { namesIn, processStats, targetOf, targetsIn } from './processes.js';

/** The machine that we run on. */
export const HERE: Place = {
  clock: CLOCK,
  get hostName() {
    return hostname();
  },
  get kernelRelease() {
    return release();
  },
  get isRoot() {
    return process.geteuid?.() === 0;
  },
  get userName() {
    return userName();
  },
  command: (command) => command,
  findTool,
  findPrograms: (name) => Promise.resolve(findPrograms(name)),
  readFile: (path, encoding) => Promise.resolve(readSmallFile(path, encoding)),
  look,
  holds: (path, text) => Promise.resolve(holds(path, text)),
  openLog: (path) => LogFile.open(path),
  resolved: (path) => Promise.resolve(resolved(path)),
  namesIn: (folder) => Promise.resolve(namesIn(folder)),
  included: (pattern, fromFile) => Promise.resolve(readIncludedFiles(pattern, fromFile)),
  targetsIn: (folder) => Promise.resolve(targetsIn(folder)),
  targetOf: (path) => Promise.resolve(targetOf(path)),
  processStats: (name) => Promise.resolve(processStats(name)),
};

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.geteuid?.() ?? 'unknown');
  }
}

function holds(path: string, text: string): boolean | undefined {
  const read = readSmallFile(path, 'latin1');
  return 'text' in read ? read.text.includes(text) : undefined;
}

async function look(path: string): Promise<PathFacts | Unreadable> {
  try {
    const found = await stat(path);
    const kind = found.isFile() ? 'file' : found.isDirectory() ? 'folder' : found.isSocket() ? 'socket' : 'other';
    const may = (mode: number): Promise<boolean> =>
      access(path, mode).then(
        () => true,
        () => false,
      );
    const readable = await may(constants.R_OK);
    const usable = await may(constants.R_OK | constants.W_OK);
    return { kind, written: found.mtime, readable, usable };
  } catch (error) {
    return unreadable(error);
  }
}
