import * as Flags from '@oclif/core/flags';
import { Failure } from '../model/failure.js';

const FACTORS = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

/** The flags of every command that opens a support bundle. */
export const openingFlags = {
  'max-unpacked': Flags.custom<number>({
    summary:
      'open a bundle that unpacks to no more than this, such as 8G or 500M, however small it is packed [default: 4G]',
    helpValue: 'SIZE',
    helpGroup: 'SOURCE',
    parse: (input) => Promise.resolve(bytesOf(input)),
  })(),
};

/** What an operator can do where a bundle is refused for its size. */
const RAISE = 'Open it only if you trust where it comes from, and allow more then: --max-unpacked 8G, for one.';

/** How the flags have a bundle opened: for `openBundle`. */
export function openingOf(
  flags: { 'max-unpacked'?: number | undefined },
  abort: AbortSignal,
): { maxUnpacked: number | undefined; raise: string; abort: AbortSignal } {
  return { maxUnpacked: flags['max-unpacked'], raise: RAISE, abort };
}

/**
 * What a command that is given bundles as arguments takes no other source beside.
 *
 * @throws Failure USAGE
 */
export function refuseOtherSources(flags: Partial<Record<'from' | 'host' | 'node', unknown>>): void {
  const flag = (['from', 'host', 'node'] as const).find((each) => flags[each] !== undefined);
  if (flag === undefined) return;
  throw new Failure('USAGE', `--${flag} says where to read from, and so does the bundle.`, { next: 'Leave it out.' });
}

function bytesOf(input: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,15})([kmgt]?)$/i.exec(input) ?? [];
  const bytes = Number(digits) * FACTORS[unit.toLowerCase() as keyof typeof FACTORS];
  if (bytes > 0 && Number.isSafeInteger(bytes)) return bytes;
  throw new Error(
    `--max-unpacked takes a size above 0, such as 8G, 500M or a number of bytes, not ${JSON.stringify(input)}`,
  );
}
