import type { KeepalivedConf } from '../../model/keepalived-conf.js';
import { LET_READ, type Missing } from './material.js';

/**
 * Why keepalived's configuration is not known whole: files that it includes and that were not read. What can't be read
 * is a failure; what is only not in the capture is none. Undefined where all were read.
 */
export function unreadIncludes({ unread }: KeepalivedConf): Missing | undefined {
  const failed = unread.filter(({ why }) => why === 'unreadable');
  const [first, ...others] = failed.length > 0 ? failed : unread;
  if (first === undefined) return undefined;
  const { file, from, line, reason } = first;
  const more = others.length === 0 ? '' : `, and ${others.length} more like it`;
  const missing = `${file} ${reason}, and ${from} includes it in line ${line}${more}`;
  return failed.length > 0 ? { missing, code: 'CONFIG_UNREADABLE', next: LET_READ } : { missing };
}
