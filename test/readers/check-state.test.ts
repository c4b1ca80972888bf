import { expect } from 'chai';
import type { SignedSample } from '../../src/model/daemon-sign.js';
import type { NodeObservation } from '../../src/model/node-observation.js';
import { keptOf, samplesOf, stateIn } from '../../src/readers/node/check-state.js';
import { comparedWith } from '../../src/readers/node/compared-node.js';
import { KEPT } from '../support/kept-sample.js';

const OBSERVED: NodeObservation = {
  confFile: 'conntrackd.conf',
  conf: { general: {}, sync: { mode: 'ftfw', links: [] }, warnings: [] },
  now: { ...KEPT.sample, at: 9000 },
  unread: {},
};

describe('readers/node/check-state', () => {
  it('gives back what was kept, with all digits', () => {
    const text = JSON.stringify(samplesOf({}, 'boot', 'conntrack-sync', KEPT));
    const state = stateIn(text)!;
    expect(state.boot_id).to.equal('boot');
    expect(keptOf(state.checks['conntrack-sync'], 'conntrack-sync')).to.deep.equal(KEPT);
  });

  it('keeps what other checks have left, unless that is damaged', () => {
    const { checks } = samplesOf({}, 'boot', 'conntrack', KEPT);
    expect(samplesOf(checks, 'boot', 'conntrack-sync', KEPT).checks).to.have.keys('conntrack', 'conntrack-sync');
    const damaged = { conntrack: { ...checks.conntrack!, crc32: -1 } };
    expect(samplesOf(damaged, 'boot', 'conntrack-sync', KEPT).checks).to.have.keys('conntrack-sync');
  });

  it('does not take the sample of one check for that of another', () => {
    const { checks } = samplesOf({}, 'boot', 'conntrack', KEPT);
    expect(keptOf(checks.conntrack, 'conntrack-sync')).to.equal(undefined);
  });

  for (const text of [
    '',
    'null',
    '5',
    '[]',
    '{}',
    '{"schema":"ctsync/check-state/3"}',
    '{"schema":"ctsync/check-state/3","boot_id":"b","checks":[]}',
  ])
    it(`is none: ${text}`, () => expect(stateIn(text)).to.equal(undefined));
});

describe('readers/node/compared-node', () => {
  for (const sample of [
    { sockets: 5 },
    { pages: { main: 5, cache: { caches: 7 } } },
    { pages: { link: { links: 'x' } } },
    { pages: { cache: { caches: [null] } } },
    { tracking: { drop: 'many' } },
    { pages: { runtime: { netlink: null } } },
  ]) {
    it(`outlives a baseline with ${JSON.stringify(sample)}`, () => {
      const kept = { sample: { ...KEPT.sample, ...sample } } as unknown as SignedSample;
      const { notes } = comparedWith(OBSERVED, {}, { kept }, '/state');
      expect(
        notes.filter((note) => note !== 'No rates: the baseline in /state is damaged and begins anew.'),
      ).to.deep.equal([]);
    });
  }
});
