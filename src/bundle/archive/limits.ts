const MIB = 1024 * 1024;

/** How much a bundle may hold before it is refused: whoever made it may mean harm. */
export interface BundleLimits {
  /** Bytes of all its files together, unpacked. */
  bytes: number;
  /** Files and folders. */
  members: number;
  /** Bytes of `manifest.json`, which is read as a whole. */
  manifestBytes: number;
  /** Unpacked bytes for each packed one, once {@link UNJUDGED_BYTES} are unpacked. */
  ratio: number;
}

/**
 * Tables of flows are packed to a fifth or a tenth, a log that says one thing all the time to a fiftieth; a bomb of zeros to
 * a thousandth, which is the most that gzip does.
 */
export const USUAL_LIMITS: BundleLimits = {
  bytes: 4096 * MIB,
  members: 10_000,
  manifestBytes: 16 * MIB,
  ratio: 200,
};

/** Before that, no ratio is judged: it does no harm, and a log that was emptied while it was open begins with zeros. */
export const UNJUDGED_BYTES = 64 * MIB;

/** A manifest is one text, and what is made of it takes many times its room. */
const LARGEST_MANIFEST = 256 * MIB;

/**
 * The limits of an operator who trusts a bundle up to a size: no ratio is judged, and what else grows with the size of a bundle
 * may be as many times the usual.
 *
 * @param bytes of all its files together, unpacked
 */
export function limitsFor(bytes: number): BundleLimits {
  const times = Math.max(bytes / USUAL_LIMITS.bytes, 1);
  return {
    bytes,
    members: Math.floor(USUAL_LIMITS.members * times),
    manifestBytes: Math.min(Math.floor(USUAL_LIMITS.manifestBytes * times), LARGEST_MANIFEST),
    ratio: Number.POSITIVE_INFINITY,
  };
}
