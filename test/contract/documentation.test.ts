import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ctsync, fixture } from '../support/ctsync.js';

/** A page of the documentation, as it is printed there. */
function page(name: string): string {
  return readFileSync(fixture(`documentation/${name}.page`), 'utf8');
}

describe('contract: the pages of the documentation, character for character', () => {
  it('the flow table', async () => {
    const shown = await ctsync(['show', 'conntrack', 'table', 'ipv4', '--from', fixture('documentation/table.txt')]);
    expect(shown).to.deep.equal({ stdout: page('table'), stderr: '', code: 0, signal: null });
  });

  it('the statistics', async () => {
    const from = fixture('documentation/statistics.txt');
    const shown = await ctsync(['show', 'conntrack-sync', 'statistics', '--from', from]);
    expect(shown).to.deep.equal({ stdout: page('statistics'), stderr: '', code: 0, signal: null });
  });

  it('the status, whose four lines stand first', async () => {
    const shown = await ctsync(['show', 'conntrack-sync', 'status', '--from', fixture('documentation/status')]);
    expect(shown.stdout.split('\n').slice(0, 4)).to.deep.equal(page('status').trimEnd().split('\n'));
    expect(shown).to.include({ stderr: '', code: 0 });
  });

  it('the status, with a transition that the capture records and no time ago that it can not know', async () => {
    const shown = await ctsync(['show', 'conntrack-sync', 'status', '--from', fixture('documentation/failed-over')]);
    expect(shown.stdout.split('\n')[2]).to.equal('last state transition : MASTER at 2026-11-22T13:28:00.123Z');
  });
});
