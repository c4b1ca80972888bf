import type { Member } from '../archive/members.js';

const NEWLINE = 0x0a;
const WHOLE = /^ipv[46] /;

/**
 * Whether sos has kept only the end of an answer, as it does of long ones (`--log-size`, 25 MiB by default): it lies in
 * `sos_strings` then. An answer that is exactly so long is whole, and lies there as well.
 */
export function isCutByReport({ path }: Member): boolean {
  return path.endsWith('.tailed');
}

/** Rows from the first whole one on: the rest of the one before may look like a row of an old version's. */
export function withoutTornLine(member: Member): Member {
  const read = async function* (): AsyncGenerator<Buffer> {
    let begun = false;
    for await (const piece of member.read()) {
      if (begun) {
        yield piece;
        continue;
      }
      if (WHOLE.test(piece.toString('latin1', 0, WHOLE_BYTES))) begun = true;
      const newline = piece.indexOf(NEWLINE);
      if (!begun && newline < 0) continue;
      yield begun ? piece : piece.subarray(newline + 1);
      begun = true;
    }
  };
  return { ...member, read };
}

const WHOLE_BYTES = 5;
