import { parseSysctl } from '../parsers/flow-count.js';
import type { Place } from '../sources/place.js';

const FOLDER = '/proc/sys/net/netfilter';

/** A number of the kernel's connection tracking; undefined where it can't be read: it is not loaded. */
export async function kernelNumber(
  name: 'count' | 'max' | 'acct' | 'timestamp',
  place: Place,
): Promise<number | undefined> {
  const read = await place.readFile(`${FOLDER}/nf_conntrack_${name}`);
  const value = 'text' in read ? parseSysctl(read.text) : undefined;
  return value === undefined ? undefined : Number(value);
}
