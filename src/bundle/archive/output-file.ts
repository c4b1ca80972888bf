import { linkSync, lstatSync, renameSync, rmSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '../../model/failure.js';
import { NEW_FILE, notWritten, READABLE_FOR_US, refuseOthers, syncFolder } from '../../sources/replaced-file.js';
import { partName } from './part-names.js';

/** Where an archive goes. */
export interface OutputFile {
  path: string;
  /** Whether a file that is there already may be replaced. */
  replace: boolean;
}

const WORDS = { what: 'The bundle was', instead: 'Name the file itself.' };

/**
 * Refuses an output that is there and may not be replaced: any link, folder or device, and a file where nobody said so.
 *
 * @throws Failure OUTPUT_FAILED
 */
export function refuseOutput({ path, replace }: OutputFile): void {
  refuseOthers(path, WORDS);
  if (!replace && lstatSync(path, { throwIfNoEntry: false }) !== undefined) throw isThere(path);
}

function isThere(path: string): Failure {
  return new Failure('OUTPUT_FAILED', `The bundle was not written: ${path} is there already.`, {
    next: 'Name another file, or remove that one.',
  });
}

/**
 * Writes a file as a whole or not at all: it is under a name of its own until it is on the disk. Only we can read it.
 *
 * @throws Failure OUTPUT_FAILED, INTERRUPTED, whatever the pieces end in; what was at the path is then as it was
 */
export async function writeOutput(
  output: OutputFile,
  pieces: AsyncIterable<Buffer>,
  abort: AbortSignal,
): Promise<void> {
  const part = join(dirname(output.path), await partName());
  const remove = (): void => rmSync(part, { force: true });
  // A second signal ends us at once.
  process.on('exit', remove);
  try {
    await withNewFile(part, (file) => fill(file, pieces, output));
    if (abort.aborted) throw Failure.interrupted();
    putInPlace(part, output);
    syncFolder(dirname(output.path));
  } catch (error) {
    throw outputFailure(output.path, error);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

async function withNewFile(path: string, use: (file: FileHandle) => Promise<void>): Promise<void> {
  const file = await open(path, NEW_FILE, READABLE_FOR_US);
  try {
    // Whatever the umask says.
    await file.chmod(READABLE_FOR_US);
    await use(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function fill(file: FileHandle, pieces: AsyncIterable<Buffer>, { path }: OutputFile): Promise<void> {
  for await (const piece of pieces) {
    await file.writeFile(piece).catch((error: unknown) => {
      throw outputFailure(path, error);
    });
  }
}

/** Where nothing may be replaced, a second name is made, which the system refuses if something is there by now. */
function putInPlace(part: string, output: OutputFile): void {
  refuseOutput(output);
  if (output.replace) return renameSync(part, output.path);
  try {
    linkSync(part, output.path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') throw isThere(output.path);
    // A file system without second names.
    renameSync(part, output.path);
  }
}

/** What the system says of our output as a failure; others as they are. */
export function outputFailure(path: string, error: unknown): unknown {
  const isSystems = error instanceof Error && 'syscall' in error;
  return isSystems ? notWritten(path, WORDS, error as NodeJS.ErrnoException) : error;
}
