import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

// All of it is read at once, since the kernel has it in memory and waits for nobody to tell it: promises of files would take a
// hundred times as long.

/** `/proc/PID/stat` of every process of a name that can be seen. */
export function processStats(program: string): { pid: number; stat: string }[] {
  return (namesIn('/proc') ?? [])
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      // In UTF-8, which Node.js reads in one call; any other way takes 128 KiB of memory a file.
      const stat = attempt(() => readFileSync(`/proc/${name}/stat`, 'utf8'));
      return stat?.includes(`(${program})`) !== true ? [] : [{ pid: Number(name), stat }];
    });
}

/** Where the links in a folder lead; undefined where it is not ours to look into, and none where it is not there. */
export function targetsIn(folder: string): string[] | undefined {
  return namesIn(folder)?.map((name) => targetOf(`${folder}/${name}`) ?? '');
}

export function targetOf(path: string): string | undefined {
  return attempt(() => readlinkSync(path));
}

/** The names in a folder; undefined where it is not ours to look into, and none where it is not there. */
export function namesIn(folder: string): string[] | undefined {
  try {
    return readdirSync(folder);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'EACCES' || code === 'EPERM' ? undefined : [];
  }
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
