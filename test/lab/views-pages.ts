import { expect } from 'chai';
import type { SyncStatisticsDocument } from '../../src/model/documents.js';
import { DAEMON_PAGES, type DaemonPageName, type EmptyPages } from '../../src/model/daemon-pages.js';
import { document, page } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync statistics';

/** That ctsync shows each page, asked for by its name, as the daemon prints it; `empty` are the reasons of those that are. */
export async function expectNamedPages(place: Place, empty: EmptyPages): Promise<void> {
  for (const name of DAEMON_PAGES) {
    const reason = reasonOf(name, empty);
    await expectSame(place, [name], empty, async () => [await page(place, `${COMMAND} ${name}`)]);
    if (reason === undefined) continue;
    const { statistics, complete } = await document<SyncStatisticsDocument>(place, `${COMMAND} ${name}`);
    expect({ statistics, complete }).to.deep.equal({ statistics: { empty: { [name]: reason } }, complete: true });
  }
}

/** That ctsync shows all pages, asked for together, as the daemon prints them. */
export async function expectAllPages(place: Place, empty: EmptyPages): Promise<void> {
  await expectSame(place, DAEMON_PAGES, empty, async () => {
    const text = await page(place, `${COMMAND} --all`);
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
    return text.split(/^(?=[A-Z][A-Za-z ]+:\n\n)/m);
  });
  const { statistics, complete, notes } = await document<SyncStatisticsDocument>(place, `${COMMAND} --all`);
  expect({ complete, notes }).to.deep.equal({ complete: true, notes: undefined });
  const reasons = Object.keys(empty);
  const full = DAEMON_PAGES.filter((name) => !reasons.includes(name));
  expect(Object.keys(statistics)).to.deep.equal([...full, ...(reasons.length > 0 ? ['empty'] : [])]);
  expect(statistics.empty ?? {}).to.deep.equal(empty);
  for (const name of full) expect(statistics[name], name).to.not.have.property('extra');
}

/** In FTFW mode a message waits for its acknowledgement most of the time, and at some moments none does. */
const COMES_AND_GOES: readonly DaemonPageName[] = ['queue', 'rsqueue', 'process'];

/** Asked until nothing else has come and gone meanwhile. */
async function expectSame(
  place: Place,
  names: readonly DaemonPageName[],
  empty: EmptyPages,
  ask: () => Promise<string[]>,
): Promise<void> {
  const all = (): Promise<string[]> => Promise.all(names.map((name) => printed(place, name)));
  await place.lab.waitFor(
    async () => {
      const [before, ours, after] = [await all(), await ask(), await all()];
      if (shape(before.join('')) !== shape(after.join(''))) return false;
      expect(ours).to.have.length(names.length);
      return names.every((name, i) => {
        const [low = '', text = '', high = ''] = [before[i], ours[i]?.replace(/^[A-Z][A-Za-z ]+:\n\n/, ''), after[i]];
        expect(shape(text), name).to.equal(shape(low) || wordsForNothing(name, empty));
        return COMES_AND_GOES.includes(name) || areBetween(figures(text), figures(low), figures(high));
      });
    },
    { what: `the pages ${names.join(', ')} to be between what conntrackd prints before and after` },
  );
}

function wordsForNothing(name: DaemonPageName, empty: EmptyPages): string {
  return name === 'process' ? 'no child at the moment' : `empty: ${reasonOf(name, empty)}`;
}

function reasonOf(name: DaemonPageName, empty: EmptyPages): string | undefined {
  return name in empty ? empty[name as keyof EmptyPages] : undefined;
}

function printed({ lab, router }: Place, name: DaemonPageName): Promise<string> {
  return name === 'main' ? lab[router].ask('-s') : lab[router].ask('-s', name);
}

/** A page without its figures and its white space: the daemon's tabs are blanks in ours. */
function shape(text: string): string {
  return text
    .split('\n')
    .map((line) =>
      line
        .replace(/(?<=[\s:=])\d+/g, '#')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '' && !/^(?:control|object) -> /.test(line))
    .join('\n');
}

function figures(text: string): number[] {
  return [...text.matchAll(/(?<=[\s:=])\d+/g)].map(([digits]) => Number(digits));
}

function areBetween(ours: number[], before: number[], after: number[]): boolean {
  expect(ours).to.have.length(before.length);
  return ours.every((figure, i) => {
    const bounds = [before[i] ?? NaN, after[i] ?? NaN];
    return figure >= Math.min(...bounds) && figure <= Math.max(...bounds);
  });
}
