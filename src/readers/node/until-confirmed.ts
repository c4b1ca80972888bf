import { type Sampled, unconfirmedFor } from '../../sync/confirmation.js';

/**
 * Looks at a node on as long as what its samples show may be a moment's.
 *
 * @param again one more sample, the last one between it and the first
 */
export async function untilConfirmed<Seen extends { node: Sampled }>(
  first: Seen,
  again: (last: Seen) => Promise<Seen>,
  waitFor: (milliseconds: number) => Promise<void>,
): Promise<Seen> {
  let seen = first;
  for (let rest = unconfirmedFor(seen.node); rest > 0; rest = unconfirmedFor(seen.node)) {
    await waitFor(rest);
    seen = await again(seen);
  }
  return seen;
}
