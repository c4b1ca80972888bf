import { TimeZone } from '../../parsers/time-zone.js';
import { hostTimeZone, processTimeZone } from '../../sources/time-zone.js';
import { socketOwner } from '../daemon-process.js';

/** The zone in which this host's conntrackd writes its times: that of its own TZ where that can be seen, else the host's. */
export async function daemonZone(socket: string | undefined): Promise<TimeZone | undefined> {
  const owner = socket === undefined ? undefined : await socketOwner(socket);
  const told = owner === undefined || owner === 'unseen' ? undefined : await processTimeZone(owner.pid);
  const name = told ?? hostTimeZone();
  return name === undefined ? undefined : TimeZone.named(name);
}

/** What an operator should read where the zone is not known. */
export const ZONE_UNKNOWN =
  "The zone of this host's clock has no name here, so times are shown as written: --timezone ZONE puts them into UTC.";
