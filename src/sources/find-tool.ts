import { accessSync, constants, statSync } from 'node:fs';
import { join } from 'node:path';
import { resolved } from './files.js';

/** Where the tools live that a user's PATH often lacks (Debian: /usr/sbin is root's). */
const SYSTEM_FOLDERS = '/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin';

/** The search path for tools: the user's own, then the system's. */
export function searchPath(): string {
  return [process.env['PATH'], SYSTEM_FOLDERS].filter(Boolean).join(':');
}

/** The path of a tool, which may be named by one, or undefined where it is not installed. */
export function findTool(name: string): string | undefined {
  return placesOf(name).find(isProgram);
}

/** Every program of a name on the search path, each once, in the order in which they would be found. */
export function findPrograms(name: string): string[] {
  return [...new Set(placesOf(name).filter(isProgram).map(resolved))];
}

function placesOf(name: string): string[] {
  if (name.includes('/')) return [name];
  return searchPath()
    .split(':')
    .map((folder) => join(folder, name));
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    // A folder of that name may be entered, which is the same right.
    return statSync(path).isFile();
  } catch {
    // Not there, or not for us to run: the next folder may have it.
    return false;
  }
}
