import type { LinkPageRates, LinkRates } from '../model/daemon-rates.js';
import type { LinkPage } from '../model/link.js';
import type { ActiveLinkStatistics, LinkTraffic } from '../model/statistics.js';
import type { Meter } from './meter.js';

interface Traffic {
  device?: string;
  sent: LinkTraffic;
  received: LinkTraffic;
}

/**
 * The rates of the link block of a page. Its figures are those of the link in use: where that is another one than before,
 * their difference means nothing.
 */
export function activeLinkRates(
  meter: Meter,
  page: string,
  before: ActiveLinkStatistics | undefined,
  now: ActiveLinkStatistics | undefined,
): { link?: LinkRates } {
  if (before === undefined || now === undefined) return {};
  // Of a deleted interface the name is not known: it may be this link or that one.
  const known = before.device !== undefined && now.device !== undefined;
  if (known && before.device === now.device) return { link: linkRates(meter, `${page}, link`, before, now) };
  meter.remark(
    known
      ? `The active link was ${before.device} and is ${now.device} now: what passed over it has no rate.`
      : 'Which link is active is not known: what passed over it has no rate.',
  );
  return {};
}

/** The rates of every link. Their order is that of the configuration that the daemon was started with. */
export function linkPageRates(meter: Meter, before: LinkPage, now: LinkPage): LinkPageRates {
  const links = now.links.flatMap((later, i) => {
    const earlier = before.links[i];
    const name = later.device ?? String(i + 1);
    return earlier === undefined ? [] : [linkRates(meter, `link ${name}`, earlier, later)];
  });
  return { links };
}

function linkRates(meter: Meter, of: string, before: Traffic, now: Traffic): LinkRates {
  return {
    ...(now.device !== undefined && { device: now.device }),
    sent: meter.rates(`${of} sent`, 64, before.sent, now.sent),
    received: meter.rates(`${of} received`, 64, before.received, now.received),
  };
}
