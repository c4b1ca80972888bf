import type { NetworkPage } from '../model/daemon-pages.js';
import { activeLink } from './active-link.js';
import { type LineForm, PageBlock } from './page-block.js';
import { cutShort, moreThanOnePage, notThisPage, refuseTornBlock, refuseUnfinished } from './page-failure.js';
import { isBlank, linesOfPage } from './page-lines.js';
import { statisticsBlock, type StatisticsBlock } from './statistics-blocks.js';

const QUERY = 'conntrackd -s network';
const WHEN_EMPTY = 'a conntrackd that does not synchronise (no Sync section) has no such page';

/** `Malformed messages` stands in two sections, so a line means something in its own section only. */
const RECEIVED = [
  line('malformed', 'Malformed messages'),
  line('wrong_version', 'Wrong protocol version'),
  line('malformed_header', 'Malformed header'),
  line('malformed_payload', 'Malformed payload'),
  line('bad_type', 'Bad message type'),
  line('truncated', 'Truncated message'),
  line('bad_size', 'Bad message size'),
];
const SENT = [line('malformed', 'Malformed messages')];
const SEQUENCE = [line('lost', 'Packets lost'), line('before', 'Packets before')];

function line(counter: string, name: string): LineForm {
  return { name, pattern: new RegExp(`^\\s*${name}\\s*:\\s*(?<${counter}>\\d+)\\s*$`) };
}

/**
 * conntrackd's `-s network` page (formats.md §10).
 *
 * @param text The page as printed, decoded as latin1: the name of a deleted interface may be any bytes.
 * @throws Failure `BAD_ANSWER` if the text is empty, no such page, not whole, or more than one page.
 */
export function parseNetworkPage(text: string): NetworkPage {
  const reading = new NetworkReading();
  for (const printed of linesOfPage(text)) reading.take(printed);
  if (!reading.begun) throw notThisPage(QUERY, text, WHEN_EMPTY);
  const page = reading.whole();
  refuseUnfinished(QUERY, text);
  return page;
}

type LinkBlock = StatisticsBlock & { of: 'link' };

const NETWORK = 'network statistics:';
const TRACKING = 'sequence tracking statistics:';

/** The page while it is being read, line by line. */
class NetworkReading {
  private readonly received = new PageBlock('network statistics, recv', RECEIVED);
  private readonly sent = new PageBlock('network statistics, send', SENT);
  private readonly sequence = new PageBlock('sequence tracking statistics, recv', SEQUENCE);
  /** By the titles of the sections: the parts of each. */
  private readonly parts = new Map([
    [
      NETWORK,
      new Map([
        ['recv:', this.received],
        ['send:', this.sent],
      ]),
    ],
    [TRACKING, new Map([['recv:', this.sequence]])],
  ]);
  private readonly sections = new Set<string>();
  private link: LinkBlock | undefined;
  private section: string | undefined;
  private current: PageBlock | undefined;
  private readonly extra: string[] = [];

  /** Whether anything has come that no other page has. */
  get begun(): boolean {
    return this.sections.size > 0;
  }

  take(printed: string): void {
    const title = printed.trim();
    const block = statisticsBlock(printed);
    const part = this.section === undefined ? undefined : this.parts.get(this.section)?.get(title);
    if (isBlank(printed)) this.begin(undefined, undefined);
    else if (this.parts.has(title)) this.beginSection(title);
    else if (block?.of === 'link') this.beginLink(block);
    else if (part !== undefined) this.current = part;
    else if (!this.current?.take(printed)) this.extra.push(printed);
  }

  /** @throws Failure `BAD_ANSWER` */
  whole(): NetworkPage {
    const { received, sent, sequence, link, extra } = this;
    for (const block of [received, sent, sequence]) refuseTornBlock(QUERY, block);
    if (link === undefined) throw cutShort(QUERY, 'the block of the link, with which it ends, is missing');
    refuseTornBlock(QUERY, link.lines);
    return {
      received: {
        malformed: received.required('malformed'),
        wrong_version: received.required('wrong_version'),
        malformed_header: received.required('malformed_header'),
        malformed_payload: received.required('malformed_payload'),
        bad_type: received.required('bad_type'),
        truncated: received.required('truncated'),
        bad_size: received.required('bad_size'),
      },
      sent: { malformed: sent.required('malformed') },
      sequence: { lost: sequence.required('lost'), before: sequence.required('before') },
      link: activeLink(link),
      ...(extra.length > 0 && { extra }),
    };
  }

  private beginSection(title: string): void {
    if (this.sections.has(title)) throw moreThanOnePage(QUERY, title.replace(/:$/, ''));
    this.sections.add(title);
    this.begin(title, undefined);
  }

  private beginLink(link: LinkBlock): void {
    if (this.link !== undefined) throw moreThanOnePage(QUERY, link.lines.title);
    this.link = link;
    this.begin(undefined, link.lines);
  }

  private begin(section: string | undefined, block: PageBlock | undefined): void {
    this.section = section;
    this.current = block;
  }
}
