import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import { READABLE_FOR_US } from '../../sources/replaced-file.js';

/** A file for an archive; its content has as many bytes as it says. */
export interface PackedFile {
  path: string;
  bytes: number;
  content: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/**
 * A tar archive of files that nobody in particular owns, all of one time: the same files give the same archive, wherever
 * they come from.
 *
 * @throws whatever a content ends in
 */
export async function* tarred(files: Iterable<PackedFile>, mtime: Date): AsyncGenerator<Buffer> {
  const archive = pack();
  const filled = fill(archive, files, mtime);
  try {
    yield* archive;
  } finally {
    // Nobody reads any more, and what is being packed must not wait for that.
    archive.destroy();
    await filled;
  }
}

/** Never throws: whoever reads the archive gets what is wrong. */
async function fill(archive: Pack, files: Iterable<PackedFile>, mtime: Date): Promise<void> {
  try {
    for (const { path, bytes, content } of files) {
      const header = { name: path, size: bytes, mode: READABLE_FOR_US, uid: 0, gid: 0, mtime, type: 'file' } as const;
      await pipeline(content, archive.entry(header));
    }
    archive.finalize();
  } catch (error) {
    archive.destroy(error as Error);
  }
}
