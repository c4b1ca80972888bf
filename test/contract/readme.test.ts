import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { ctsync } from '../support/ctsync.js';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
const samples = [...readme.matchAll(/^```\n\$ ctsync (.*)\n([^]*?)^```$/gm)];

describe('README', () => {
  it('shows all five views, and questions to the table', () => {
    expect(samples.map(([, command]) => command!.split(' --')[0])).to.deep.equal([
      'show conntrack table ipv4',
      'show conntrack-sync cache internal',
      'show conntrack-sync cache external',
      'show conntrack-sync statistics',
      'show conntrack-sync status',
      'show conntrack table',
      'show conntrack table ipv4',
      'show conntrack top',
    ]);
  });

  for (const [, command, output] of samples) {
    it(`shows what "ctsync ${command!}" prints`, async () => {
      const [words, lines] = command!.split(' | head -n ');
      const { stdout } = await ctsync(wordsOf(words!));
      const shown = lines === undefined ? stdout : `${stdout.split('\n', Number(lines)).join('\n')}\n`;
      expect(shown).to.equal(output);
    });
  }

  it('names only files, and headings of its own, that exist', () => {
    const headings = [...readme.matchAll(/^## (.*)$/gm)].map(([, text]) => `#${text!.toLowerCase()}`);
    for (const [, path] of readme.matchAll(/\]\(([^)]+)\)/g)) {
      if (path!.startsWith('#')) {
        expect(headings).to.include(path);
        continue;
      }
      expect(() => readFileSync(new URL(`../../${path!}`, import.meta.url)), path).to.not.throw();
    }
  });
});

/** A command line as a shell takes it apart; its quotes are single ones. */
function wordsOf(command: string): string[] {
  return [...command.matchAll(/'([^']*)'|\S+/g)].map(([word, quoted]) => quoted ?? word);
}
