import { expect } from 'chai';
import { openCapture } from '../../src/sources/capture.js';
import { fixture } from '../support/ctsync.js';

describe('sources/capture', () => {
  it('is not read where we were told to end before it is begun', async () => {
    const { chunks } = openCapture(fixture('documentation/table.txt'), AbortSignal.abort());
    const failure = await chunks[Symbol.asyncIterator]()
      .next()
      .catch((error: unknown) => error);
    expect(failure).to.include({ code: 'INTERRUPTED' });
  });
});
