import { Failure } from '../../model/failure.js';
import { findTool } from '../../sources/find-tool.js';
import { startTool } from '../../sources/process.js';
import { type BundleLimits, UNJUDGED_BYTES } from '../archive/limits.js';
import { Refused } from '../archive/refused.js';

/** An archive that wants more to be unpacked was not packed by sos: `xz -9` takes 65 MiB. */
const MEMORY = '256MiB';
const SILENCE_MS = 60_000;

/**
 * What a file that is packed with xz holds. Node.js can't unpack it, so the system's xz does.
 *
 * @param packed bytes of the file
 * @throws Refused where it is damaged, or a bomb; Failure TOOL_MISSING, TIMEOUT, INTERRUPTED
 */
export async function* unpackedXz(
  path: string,
  packed: number,
  { ratio }: Pick<BundleLimits, 'ratio'>,
  abort?: AbortSignal,
): AsyncGenerator<Buffer> {
  if (findTool('xz') === undefined) throw noXz(path);
  const args = ['--decompress', '--stdout', '--quiet', `--memlimit-decompress=${MEMORY}`, '--', path];
  const xz = startTool({ tool: 'xz', args, silenceMs: SILENCE_MS, bulk: true }, abort);
  let unpacked = 0;
  for await (const piece of xz.chunks) {
    unpacked += piece.length;
    if (unpacked > UNJUDGED_BYTES && unpacked > packed * ratio) {
      throw new Refused(`it unpacks to more than ${ratio} times its size, as a decompression bomb does`, {
        limit: true,
      });
    }
    yield piece;
  }
  const { exitCode, stderr } = await xz.outcome();
  if (exitCode !== 0) throw new Refused(`what is packed is damaged (${saidBy(stderr)})`);
}

/** `xz: PATH: Unexpected end of input` */
function saidBy(stderr: string): string {
  return stderr.trim().split('\n').at(-1)?.split(': ').at(-1)?.trim() || 'xz does not say how';
}

function noXz(path: string): Failure {
  return new Failure('TOOL_MISSING', `${path} is packed with xz, which is not installed here.`, {
    next: 'Install it (Debian and Ubuntu: apt install xz-utils), or unpack the report elsewhere and give its folder.',
  });
}
