import { readFileSync } from 'node:fs';

/** A member begins with a line of its name and its size in bytes; its bytes follow, then one line end. */
const MEMBER = /^--- (\S+) (\d+)$/;

/**
 * The members of a text archive made by make-archive.mjs, byte for byte, in the archive's order. Lines before the first
 * member are a note for the reader of the file.
 *
 * @throws Error if a member is not as long as it says, which is what an edited archive looks like.
 */
export function readArchive(path: string | URL): Map<string, Buffer> {
  const archive = readFileSync(path);
  const members = new Map<string, Buffer>();
  let at = 0;
  while (at < archive.length) {
    const lineEnd = archive.indexOf('\n', at);
    const line = archive.toString('latin1', at, lineEnd === -1 ? archive.length : lineEnd);
    const [, name, size] = MEMBER.exec(line) ?? [];
    if (name !== undefined) {
      const from = lineEnd + 1;
      const to = from + Number(size);
      if (archive[to] !== 0x0a) throw new Error(`${String(path)}: ${name} is not ${size} bytes long`);
      members.set(name, archive.subarray(from, to));
      at = to + 1;
    } else if (members.size === 0 && line.startsWith('#')) {
      at = lineEnd + 1;
    } else {
      throw new Error(`${String(path)}: no member begins at byte ${at}`);
    }
  }
  return members;
}
