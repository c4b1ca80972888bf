import type { DaemonChild, ProcessPage } from '../model/daemon-pages.js';
import { notThisPage, refuseUnfinished } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';

const QUERY = 'conntrackd -s process';
const CHILD = /^PID=(\d{1,10}) type=(\S+)\s*$/;

/**
 * conntrackd's `-s process` page (formats.md §10). An empty one says that the daemon has no child now.
 *
 * @param text The page as printed, decoded as latin1.
 * @throws Failure `BAD_ANSWER` if the text is no such page, or ends in the middle of a line.
 */
export function parseProcessPage(text: string): ProcessPage {
  const children: DaemonChild[] = [];
  const extra: string[] = [];
  for (const line of linesOfPage(text)) {
    const [, pid, type] = CHILD.exec(line) ?? [];
    if (pid !== undefined && type !== undefined) children.push({ pid: Number(pid), type });
    else if (!isBlank(line)) extra.push(line);
  }
  if (children.length === 0 && extra.length > 0) throw notThisPage(QUERY, text, '');
  if (children.length > 0) refuseUnfinished(QUERY, text);
  return { children, ...(extra.length > 0 && { extra }) };
}
