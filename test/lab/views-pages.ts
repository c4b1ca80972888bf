import { expect } from 'chai';
import type { SyncStatisticsDocument } from '../../src/model/documents.js';
import { DAEMON_PAGES, type DaemonPageName, type EmptyPages } from '../../src/model/daemon-pages.js';
import { document, page } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync statistics';

/** That ctsync shows every page of a daemon as the daemon prints it, by itself and with all others; `empty` are its reasons. */
export async function expectEveryPage(place: Place, empty: EmptyPages): Promise<void> {
  for (const name of DAEMON_PAGES) {
    const reason = name in empty ? empty[name as keyof EmptyPages] : undefined;
    if (reason !== undefined) await expectEmpty(place, name, reason);
    else await expectPrinted(place, name);
  }
  await expectAll(place, empty);
}

async function expectEmpty(place: Place, name: DaemonPageName, reason: string): Promise<void> {
  expect(await printed(place, name), name).to.equal('');
  expect(await page(place, `${COMMAND} ${name}`)).to.match(new RegExp(`^(?:.*:\n\n)?empty: ${reason}\n$`));
  const { statistics, complete } = await document<SyncStatisticsDocument>(place, `${COMMAND} ${name}`);
  expect({ statistics, complete }).to.deep.equal({ statistics: { empty: { [name]: reason } }, complete: true });
}

/** Until nothing but figures changes meanwhile: messages come to the resend queue and go, and so do children. */
async function expectPrinted(place: Place, name: DaemonPageName): Promise<void> {
  await place.lab.waitFor(
    async () => {
      const before = await printed(place, name);
      const ours = (await page(place, `${COMMAND} ${name}`)).replace(/^(?:Main|Expect) Table Statistics:\n/, '');
      const after = await printed(place, name);
      if (shape(before) !== shape(after)) return false;
      expect(shape(ours)).to.equal(name === 'process' && before === '' ? 'no child at the moment' : shape(before));
      expectBetween(figures(ours), figures(before), figures(after));
      return true;
    },
    { what: `the page ${name} to keep its shape` },
  );
}

async function expectAll(place: Place, empty: EmptyPages): Promise<void> {
  const { statistics, complete, notes } = await document<SyncStatisticsDocument>(place, `${COMMAND} --all`);
  expect({ complete, notes }).to.deep.equal({ complete: true, notes: undefined });
  const reasons = Object.keys(empty);
  const full = DAEMON_PAGES.filter((name) => !reasons.includes(name));
  expect(Object.keys(statistics)).to.deep.equal([...full, ...(reasons.length > 0 ? ['empty'] : [])]);
  expect(statistics.empty ?? {}).to.deep.equal(empty);
  for (const name of full) expect(statistics[name], name).to.not.have.property('extra');
  const text = await page(place, `${COMMAND} --all`);
  expect(text.match(/^[A-Z][A-Za-z ]+:$/gm)).to.have.length(DAEMON_PAGES.length);
  expect(text.match(/^empty: /gm) ?? []).to.have.length(reasons.length);
  expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
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
    .filter((line) => line !== '')
    .join('\n');
}

function figures(text: string): number[] {
  return [...text.matchAll(/(?<=[\s:=])\d+/g)].map(([digits]) => Number(digits));
}

function expectBetween(ours: number[], before: number[], after: number[]): void {
  expect(ours).to.have.length(before.length);
  ours.forEach((figure, i) => {
    const bounds = [before[i] ?? NaN, after[i] ?? NaN];
    expect(figure, `figure ${String(i + 1)} of the page`).to.be.within(Math.min(...bounds), Math.max(...bounds));
  });
}
