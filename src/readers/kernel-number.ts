import { parseSysctl } from '../parsers/flow-count.js';
import { readSmallFile } from '../sources/files.js';

const FOLDER = '/proc/sys/net/netfilter';

/** A number of the kernel's connection tracking; undefined where it can't be read: it is not loaded. */
export function kernelNumber(name: 'count' | 'max' | 'acct' | 'timestamp'): number | undefined {
  const read = readSmallFile(`${FOLDER}/nf_conntrack_${name}`);
  const value = 'text' in read ? parseSysctl(read.text) : undefined;
  return value === undefined ? undefined : Number(value);
}
