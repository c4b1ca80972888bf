import type { Place } from '../../sources/place.js';

/** What conntrackd of conntrack-tools says it is; to look for that in a program does not run it. */
const ITS_NAME = 'Connection tracking userspace daemon';

/** Programs called conntrackd on the search path that are not the one of conntrack-tools, which is none of theirs to be. */
export async function otherConntrackds(place: Place): Promise<string[]> {
  const strangers: string[] = [];
  for (const path of await place.findPrograms('conntrackd')) {
    if ((await place.holds(path, ITS_NAME)) === false) strangers.push(path);
  }
  return strangers;
}
