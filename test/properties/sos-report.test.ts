import { expect } from 'chai';
import fc from 'fast-check';
import { parsePrintedDate } from '../../src/parsers/printed-date.js';
import { parseTrackingSysctls } from '../../src/parsers/sysctl.js';
import { unmerged } from '../../src/parsers/merged-output.js';
import { damagedTexts } from '../support/damaged-pages.js';
import { capturedReport } from '../support/sos-report.js';

const { files } = capturedReport('sos-4.9.1');
const SYSCTLS = files.get('sos_commands/kernel/sysctl_-a')!.toString('latin1');
const PAGES = [...files].flatMap(([path, bytes]) => (/conntrackd_-s/.test(path) ? [bytes.toString('latin1')] : []));

describe('property: what a report of sos holds, damaged', () => {
  it('no number that does not stand in the text, and none that is cut', () => {
    fc.assert(
      fc.property(damagedTexts([SYSCTLS]), (text) => {
        for (const [name, value] of parseTrackingSysctls(text)) {
          expect(`\n${text}`).to.include(`\nnet.netfilter.${name} = ${value}\n`);
        }
      }),
    );
  });

  it('a page that is cut anywhere loses nothing but its end', () => {
    fc.assert(
      fc.property(fc.constantFrom(...PAGES), fc.nat(), (page, at) => {
        const text = page.slice(0, at % (page.length + 1));
        expect(unmerged(text)).to.deep.equal({ stdout: text, stderr: '' });
      }),
    );
  });

  it('all that is taken apart is still there, each part in its order', () => {
    fc.assert(
      fc.property(damagedTexts(PAGES), (text) => {
        const { stdout, stderr } = unmerged(text);
        expect(stdout.length + stderr.length).to.equal(text.length);
      }),
    );
  });

  it('a date is that of the text, or none', () => {
    fc.assert(
      fc.property(damagedTexts(['Thu Nov 26 07:06:33 UTC 2026\n']), (text) => {
        const date = parsePrintedDate(text);
        if (date === undefined) return;
        expect(text).to.include(date.toISOString().slice(11, 19));
        expect(text).to.include(` ${date.getUTCFullYear()}`);
      }),
    );
  });
});
