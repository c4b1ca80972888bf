import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { allStatements } from '../../src/config/schema/help.js';

const docs = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

describe('contract: docs/configuration.md', () => {
  for (const { text, option } of allStatements()) {
    it(`has ${text}, with what it is for and where it goes`, () => {
      const row = docs.split('\n').find((line) => line.startsWith(`| \`${cell(text)}\` |`));
      const marks = [option.many ? 'several' : '', option.required ? 'required' : '', String(option.default ?? '')];
      const expected = [marks.filter((mark) => mark !== '').join(', '), option.help, option.conf].map(cell);
      expect(
        row
          ?.split(/(?<!\\)\|/)
          .slice(2, 5)
          .map((each) => each.trim()),
      ).to.deep.equal(expected);
    });
  }

  it('has no statement that is none', () => {
    const rows =
      docs.match(
        /^\| `[a-z0-9-]+(?: [^`]*)?` \| [^|]*\| [^|]* \| (?:General|Sync|nowhere|Helper|SndSocket|conntrackd)/gm,
      ) ?? [];
    expect(rows.length).to.be.at.most(allStatements().length);
  });
});

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
