import type { DedicatedLink } from '../../model/link.js';
import type { SourceOptions } from '../../sources/options.js';
import { linksAround } from '../status/links-around.js';
import { linkSurroundings } from '../status/live.js';
import type { StatisticsAnswer } from './answer.js';

/**
 * An answer whose page of the links has their names put right, as the status has them: for a deleted interface conntrackd
 * prints any bytes, or the name of another link (formats.md §14). Where neither the configuration nor the interfaces can be
 * read, the page stays as it was printed.
 *
 * @throws Failure INTERRUPTED
 */
export async function withLinkNames(answer: StatisticsAnswer, options: SourceOptions): Promise<StatisticsAnswer> {
  const { link: page } = answer.statistics;
  if (page === undefined) return answer;
  const links = linksAround(page.links, await linkSurroundings(options));
  return {
    ...answer,
    statistics: { ...answer.statistics, link: { ...page, links } },
    notes: [...answer.notes, ...notesOnNames(page.links, links)],
  };
}

/** What was put right, and what could not be. */
function notesOnNames(printed: readonly DedicatedLink[], named: readonly DedicatedLink[]): string[] {
  const changed = named.flatMap((link, i) => noteOn(link, printed[i]?.device, i + 1));
  const twice = [...new Set(named.map(({ device }) => device))].filter(
    (name) => name !== undefined && named.filter(({ device }) => device === name).length > 1,
  );
  return [
    ...changed,
    ...twice.map(
      (name) => `conntrackd prints ${name} for more than one link: the interface of the others was deleted.`,
    ),
  ];
}

function noteOn(
  { device, interface_missing: missing }: DedicatedLink,
  printed: string | undefined,
  n: number,
): string[] {
  const renamed = device !== undefined && device !== printed;
  const origin = renamed ? `; its name ${device} is that of the configuration` : '';
  if (missing) return [`The interface of link ${n} does not exist, whatever conntrackd says of it${origin}.`];
  return renamed ? [`conntrackd does not know the name of link ${n}: ${device} is that of the configuration.`] : [];
}
