import { hostname, release } from 'node:os';

/** The first part of this host's name. */
export function shortHostName(): string {
  return hostname().split('.')[0] ?? '';
}

/** The version of the running kernel, by which the folder of its modules is named. */
export function kernelRelease(): string {
  return release();
}
