import { userInfo } from 'node:os';
import { readOwn, writeOwn } from '../store/files.js';
import type { StorePaths } from '../store/folders.js';

/** As many as an operator may want to look back to. */
const KEPT = 100;

/** Notes a commit for whoever asks later: when, by whom, why and what. The oldest are dropped. */
export function noteCommit({ commits }: StorePaths, comment: string | undefined, changes: readonly string[]): void {
  const line = JSON.stringify({
    at: new Date().toISOString(),
    user: process.env['SUDO_USER'] || userInfo().username,
    ...(comment ? { comment } : {}),
    changes,
  });
  const before = (readOwn(commits) ?? '').split('\n').filter((each) => each !== '');
  writeOwn(
    commits,
    [...before, line]
      .slice(-KEPT)
      .map((each) => `${each}\n`)
      .join(''),
  );
}
