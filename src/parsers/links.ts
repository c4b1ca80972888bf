import type { DedicatedLink, LinkPage } from '../model/link.js';
import { LINK_TRAFFIC, linkTraffic, transportOf } from './link-traffic.js';
import { PageBlock } from './page-block.js';
import { cutShort, notThisPage, refuseUntitled } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';

interface LinkBlock {
  transport: string;
  device: string;
  status: string;
  role: string;
  lines: PageBlock;
}

const QUERY = 'conntrackd -s link';
const WHEN_EMPTY = 'a conntrackd that does not synchronise (no Sync section) has no dedicated link';

const IN_USE = 'ACTIVE';
const TITLE = /^(multicast|UDP|TCP) traffic device=(.*) status=([\w-]+) role=([\w-]+):\s*$/s;
/** The stray bytes in place of a name may be more than a name has, and hold the lines of another page (formats.md §14). */
const ALMOST_TITLE = /(?:multicast|UDP|TCP) traffic device=/;
const NO_TITLE = 'the title of a link can not be read, as may be where its interface was deleted';

/**
 * conntrackd's `-s link` page: every configured dedicated link with its state and figures. One of them is in use, also
 * where none is up. A page without the whole block of another one can't be told from the page of a daemon with fewer
 * links; if anything else is missing, it is refused.
 *
 * @param text The page as printed, decoded as latin1: the name of a deleted interface may be any bytes.
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, or not whole.
 */
export function parseLinks(text: string): LinkPage {
  const blocks: LinkBlock[] = [];
  const extra: string[] = [];
  let current: PageBlock | undefined;
  const lines = linesOfPage(text);
  for (const line of lines) {
    const begun = linkBlock(line);
    if (begun !== undefined) {
      blocks.push(begun);
      current = begun.lines;
    } else if (isBlank(line)) {
      current = undefined;
    } else if (!current?.take(line)) {
      if (ALMOST_TITLE.test(line)) throw cutShort(QUERY, NO_TITLE);
      if (current === undefined) refuseUntitled(QUERY, line, LINK_TRAFFIC);
      // What stands below a title that ctsync does not know is as unknown.
      current ??= new PageBlock(line, []);
      extra.push(line);
    }
  }
  if (blocks.length === 0) throw notThisPage(QUERY, text, WHEN_EMPTY);
  refuseTornPage(blocks);
  // Half a title is no title: without this, the link that it announces would be missing in silence.
  if (!text.endsWith('\n') && lines.at(-1) === extra.at(-1)) throw cutShort(QUERY, 'it ends in the middle of a line');
  return { links: blocks.map(dedicatedLink), ...(extra.length > 0 && { extra }) };
}

function linkBlock(line: string): LinkBlock | undefined {
  const [, transport, device, status, role] = TITLE.exec(line) ?? [];
  if (transport === undefined || device === undefined || status === undefined || role === undefined) return undefined;
  return { transport, device, status, role, lines: new PageBlock(`${transport} traffic`, LINK_TRAFFIC) };
}

function refuseTornPage(blocks: readonly LinkBlock[]): void {
  for (const [index, { lines }] of blocks.entries()) {
    const missing = lines.missing();
    if (missing !== undefined) throw cutShort(QUERY, `link ${index + 1} lacks its line "${missing}"`);
  }
  if (!blocks.some(({ role }) => role === IN_USE)) throw cutShort(QUERY, 'the block of the link in use is missing');
}

function dedicatedLink({ transport, device, status, role, lines }: LinkBlock): DedicatedLink {
  return {
    transport: transportOf(transport),
    ...(device !== '' && { device }),
    status,
    role,
    sent: linkTraffic(lines, 'sent'),
    received: linkTraffic(lines, 'received'),
  };
}
