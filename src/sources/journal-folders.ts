import { readdirSync } from 'node:fs';

/** Where journald writes: on the disk, or in memory. */
const FOLDERS = ['/var/log/journal', '/run/log/journal'] as const;

/** Whether there is a journal of any machine here, readable or not: journalctl itself does not always say that there is none. */
export function hasJournal(): boolean {
  return FOLDERS.some((folder) => {
    try {
      return readdirSync(folder, { withFileTypes: true }).some((found) => found.isDirectory());
    } catch {
      return false;
    }
  });
}
