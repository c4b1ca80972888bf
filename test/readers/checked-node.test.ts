import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkNode } from '../../src/readers/node/checked-node.js';
import { HERE } from '../../src/sources/here.js';
import { missingTools } from '../support/missing-tools.js';
import { skipFor } from '../support/skip.js';

describe('readers/node/checked-node', () => {
  let folder: string;
  before(function () {
    skipFor(this, missingTools('a daemon that is down needs', ['conntrackd']));
    folder = mkdtempSync(join(tmpdir(), 'ctsync-down-'));
  });
  after(() => {
    if (folder) rmSync(folder, { recursive: true });
  });

  it('does not wait for a second sample of a daemon that is down', async () => {
    const daemonConfig = join(folder, 'conntrackd.conf');
    writeFileSync(daemonConfig, `General {\n  UNIX {\n    Path ${folder}/nobody.sock\n  }\n}\n`);
    const waited: number[] = [];
    const waiting = (milliseconds: number): (() => void) => {
      waited.push(milliseconds);
      return () => undefined;
    };
    const { health } = await checkNode(
      { keepalivedConfig: undefined, waiting, comparing: { when: 'never', follow: (flows) => flows } },
      { place: HERE, query: { daemonConfig, silenceMs: undefined }, sudo: false, abort: new AbortController().signal },
    );
    expect(health.findings.map(({ code }) => code)).to.include('CTS-101');
    expect(waited).to.deep.equal([]);
  });
});
