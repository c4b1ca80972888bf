import { expect } from 'chai';
import type { SyncMode } from '../../src/model/conntrackd-conf.js';
import type { NodeSample } from '../../src/model/node-observation.js';
import { unconfirmedFor } from '../../src/sync/confirmation.js';

const LINK = { bytes: 0, packets: 0, errors: 0 };

function sample(at: number, heard: number, lost: number): NodeSample {
  const traffic = { sent: LINK, received: { ...LINK, packets: heard } };
  return {
    at,
    pages: {
      main: {
        caches: [],
        link: { transport: 'multicast', device: 'eth0', ...traffic },
        messages: { malformed: 0, lost },
      },
    },
  };
}

function inMode(mode: SyncMode) {
  return { conf: { general: {}, sync: { mode, links: [] }, warnings: [] } };
}

describe('sync/confirmation', () => {
  it('is not needed where the peer is heard and nothing is lost', () => {
    const node = { ...inMode('notrack'), before: sample(0, 1, 7), now: sample(3000, 4, 7) };
    expect(unconfirmedFor(node)).to.be.at.most(0);
  });

  it('waits for a silent peer until five seconds are full, but in ALARM mode, where silence says nothing', () => {
    const silent = { before: sample(0, 1, 0), now: sample(3000, 1, 0) };
    expect(unconfirmedFor({ ...inMode('ftfw'), ...silent })).to.equal(2000);
    expect(unconfirmedFor({ ...inMode('ftfw'), ...silent, now: sample(5000, 1, 0) })).to.be.at.most(0);
    expect(unconfirmedFor({ ...inMode('alarm'), ...silent })).to.be.at.most(0);
  });

  it('looks once more at losses where nobody sends again, and not twice', () => {
    const [before, between, now] = [sample(0, 1, 0), sample(3000, 4, 3), sample(6000, 7, 6)];
    expect(unconfirmedFor({ ...inMode('notrack'), before, now: between })).to.equal(3000);
    expect(unconfirmedFor({ ...inMode('notrack'), before, between, now })).to.be.at.most(0);
    expect(unconfirmedFor({ ...inMode('ftfw'), before, now: between })).to.be.at.most(0);
  });

  it('looks once more at messages that the peer does not acknowledge, and not twice', () => {
    const owed = (at: number, heard: number, unacknowledged: number): NodeSample => ({
      ...sample(at, heard, 0),
      unacknowledged,
    });
    const [before, between, now] = [owed(0, 1, 5), owed(3000, 4, 700), owed(6000, 7, 900)];
    expect(unconfirmedFor({ ...inMode('ftfw'), before, now: between })).to.equal(3000);
    expect(unconfirmedFor({ ...inMode('ftfw'), before, between, now })).to.be.at.most(0);
    expect(unconfirmedFor({ ...inMode('notrack'), before, now: between })).to.be.at.most(0);
    expect(unconfirmedFor({ ...inMode('ftfw'), before, now: owed(3000, 4, 600) })).to.be.at.most(0);
  });

  it('looks at losses that come only while a silent peer is waited for', () => {
    const [before, between, now] = [sample(0, 1, 0), sample(3000, 1, 0), sample(5000, 2, 9)];
    expect(unconfirmedFor({ ...inMode('notrack'), before, between, now })).to.equal(3000);
  });
});
