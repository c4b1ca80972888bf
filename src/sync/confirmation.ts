import type { NodeObservation } from '../model/node-observation.js';
import { grewUnacknowledged, heardPackets, modeOf, SILENCE_MS } from './health/links.js';
import { lostMessages } from './health/messages.js';

/** The peer sends a message each second, so a loss that goes on shows within this time. */
const LOSSES_MS = 3000;

/** A peer that had no time to acknowledge anything has some within this time. */
const OWING_MS = 3000;

/** A node of which two samples or three are known. */
export type Sampled = Pick<NodeObservation, 'conf' | 'before' | 'between' | 'now'>;

/**
 * How long a node has to be looked at on, in milliseconds, before what its samples show can be judged: the silence of the
 * peer, losses where nobody sends again, or messages that it does not acknowledge. Not more than 0 where that is enough.
 */
export function unconfirmedFor(node: Sampled): number {
  return Math.max(silentSoFar(node), lossesSoFar(node), owingSoFar(node));
}

function silentSoFar(node: Sampled): number {
  const { before, now } = node;
  if (before === undefined || modeOf(node) === 'alarm') return 0;
  const [was, is] = [heardPackets(before), heardPackets(now)];
  if (was === undefined || is === undefined || was !== is) return 0;
  return SILENCE_MS - (now.at - before.at);
}

/** Losses that only the last of the samples shows may be the gap that a restart of the peer leaves. */
function lossesSoFar(node: Sampled): number {
  const { before, between, now } = node;
  const mode = modeOf(node);
  if (before === undefined || mode === undefined || mode === 'ftfw') return 0;
  const was = lostMessages(between ?? before);
  const is = lostMessages(now);
  const began = lostMessages(before);
  if (was === undefined || is === undefined || is <= was || was !== began) return 0;
  return LOSSES_MS;
}

function owingSoFar({ conf, before, between, now }: Sampled): number {
  if (before === undefined || between !== undefined) return 0;
  return grewUnacknowledged(conf, before, now) ? OWING_MS : 0;
}
