import { readSmallFile } from '../../sources/files.js';
import { findPrograms } from '../../sources/find-tool.js';

/** What conntrackd of conntrack-tools says it is; to look for that in a program does not run it. */
const ITS_NAME = 'Connection tracking userspace daemon';

/** Programs called conntrackd on the search path that are not the one of conntrack-tools, which is none of theirs to be. */
export function otherConntrackds(): string[] {
  return findPrograms('conntrackd').filter((path) => {
    const read = readSmallFile(path, 'latin1');
    return 'text' in read && !read.text.includes(ITS_NAME);
  });
}
