import { existsAt, type Place } from '../sources/place.js';

const LOADED = '/proc/sys/net/netfilter/nf_conntrack_max';

/** Whether connection tracking is loaded. Where it is not, conntrack would load it: looking changes nothing. */
export function trackingLoaded(place: Place): Promise<boolean> {
  return existsAt(place, LOADED);
}

/** What is to be said instead of an answer where connection tracking is not loaded. */
export const NOT_LOADED =
  'Connection tracking is not loaded in this kernel, so there is nothing to show. A NAT or stateful firewall rule loads it.';
