import { expect } from 'chai';
import { unmerged } from '../../src/parsers/merged-output.js';
import { complaintOf } from '../../src/parsers/tool-messages.js';
import { readArchive } from '../support/archive.js';
import { fixture } from '../support/ctsync.js';
import { capturedReport, REPORTS } from '../support/sos-report.js';

describe('unmerged', () => {
  it('leaves a page as it is', () => {
    for (const version of REPORTS) {
      for (const [path, bytes] of capturedReport(version).files) {
        if (!/\/conntrackd?_-/.test(path)) continue;
        const text = bytes.toString('latin1');
        expect(unmerged(text), path).to.deep.equal({ stdout: text, stderr: '' });
      }
    }
  });

  it('tells the complaints of a client without a daemon from pages', () => {
    const answers = readArchive(fixture('sos-4.9.1/no-daemon.archive'));
    expect(answers).to.have.property('size', 8);
    for (const [path, bytes] of answers) {
      const { stdout, stderr } = unmerged(bytes.toString('latin1'));
      expect(stdout, path).to.equal('');
      expect(complaintOf(stderr), path).to.have.property('kind', 'cannot-connect');
    }
  });

  it('takes a warning off the page that follows it', () => {
    const warning = '[Thu Nov 26 07:08:52 2026] (pid=28086) [warning] `Multicast` is old\n';
    expect(unmerged(`${warning}resent queue (len=0)\n`)).to.deep.equal({
      stdout: 'resent queue (len=0)\n',
      stderr: warning,
    });
  });

  it('knows what conntrack and ip say instead of rows', () => {
    for (const text of [
      'conntrack v1.4.7 (conntrack-tools): Operation not permitted\n',
      'Cannot open network namespace "blue": No such file or directory\n',
    ]) {
      expect(unmerged(text)).to.deep.equal({ stdout: '', stderr: text });
    }
    const empty = 'conntrack v1.4.7 (conntrack-tools): 0 flow entries have been shown.\n';
    expect(unmerged(empty)).to.deep.equal({ stdout: empty, stderr: '' });
  });
});
