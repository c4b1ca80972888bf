import { expect } from 'chai';
import { progressText, waitingText } from '../../src/renderers/progress-text.js';

describe('renderers/progress-text', () => {
  const known = { flows: 450_000, of: 1_000_000, share: 0.45 };

  it('says the share, the flows and the time', () => {
    expect(progressText(known, 3, 79)).to.equal('reading: 45 %, 450,000 of about 1,000,000 flows, 3 s');
    expect(progressText({ flows: 12, share: 0.999 }, 3, 79)).to.equal('reading: 99 %, 12 flows, 3 s');
    expect(progressText({ flows: 12 }, 3, 79)).to.equal('reading: 12 flows, 3 s');
  });

  it('never reaches 100 %: more may come than was expected', () => {
    expect(progressText({ flows: 20, of: 10, share: 2 }, 3, 79)).to.equal('reading: 99 %, 20 of about 10 flows, 3 s');
  });

  it('has fewer words where there is less room, and is never wider', () => {
    expect(progressText(known, 3, 19)).to.equal('45 %, 3 s');
    expect(progressText(known, 3, 5)).to.equal('3 s');
    for (let room = 0; room < 80; room++) expect(progressText(known, 1234, room)).to.have.length.at.most(room);
  });

  it('counts down to a second reading', () => {
    expect(waitingText(57.2, 79)).to.equal('the second reading comes in 58 s');
    expect(waitingText(57.2, 10)).to.equal('58 s');
    for (let room = 0; room < 80; room++) expect(waitingText(57, room)).to.have.length.at.most(room);
  });
});
