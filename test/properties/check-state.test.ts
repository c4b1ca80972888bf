import { expect } from 'chai';
import fc from 'fast-check';
import type { CheckName } from '../../src/model/check.js';
import type { SignedSample } from '../../src/model/daemon-sign.js';
import { isSample, keptOf, samplesOf, stateIn } from '../../src/readers/node/check-state.js';
import { comparedWith } from '../../src/readers/node/compared-node.js';
import { KEPT } from '../support/kept-sample.js';

const CHECKS: readonly CheckName[] = ['conntrack', 'conntrack-sync'];
const WRITTEN = JSON.stringify(
  samplesOf(samplesOf({}, 'boot', 'conntrack', KEPT).checks, 'boot', 'conntrack-sync', KEPT),
);

/** The text with some of it replaced by something else. */
const damagedText = fc
  .tuple(
    fc.nat(WRITTEN.length),
    fc.nat(20),
    fc.oneof(fc.string({ maxLength: 5 }), fc.constantFrom(...'0123456789,"[]{}')),
  )
  .map(([at, length, text]) => WRITTEN.slice(0, at) + text + WRITTEN.slice(at + length));

const FIELDS = ['at', 'pages', 'unacknowledged', 'sockets', 'tracking', 'flows'] as const;
const PAGES = ['main', 'cache', 'runtime', 'link', 'queue', 'network'] as const;

describe('properties: the state file of the checks', () => {
  it('a damaged one gives what was written, or nothing', () => {
    fc.assert(
      fc.property(damagedText, (text) => {
        const state = stateIn(text);
        for (const check of CHECKS) {
          const kept = keptOf(state?.checks[check], check);
          if (kept !== undefined) expect(kept).to.deep.equal(KEPT);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('whatever is in a sample, a node can be compared with it', () => {
    const odd = fc.jsonValue();
    const changed = fc.oneof(
      fc.tuple(fc.constantFrom(...FIELDS), odd).map(([field, value]) => ({ ...KEPT.sample, [field]: value })),
      fc.tuple(fc.constantFrom(...PAGES), odd).map(([page, value]) => ({
        ...KEPT.sample,
        pages: { ...KEPT.sample.pages, [page]: value },
      })),
    );
    fc.assert(
      fc.property(changed, fc.option(odd, { nil: undefined }), (sample, process) => {
        if (!isSample(sample)) return;
        const kept = { sample, process } as unknown as SignedSample;
        const node = {
          confFile: '',
          conf: { general: {}, sync: { mode: 'ftfw' as const, links: [] }, warnings: [] },
          now: { ...KEPT.sample, at: 9000 },
          unread: {},
        };
        comparedWith(node, { process: { pid: 7, start_ticks: 100 } }, { kept }, '/state');
      }),
      { numRuns: 2000 },
    );
  });
});
