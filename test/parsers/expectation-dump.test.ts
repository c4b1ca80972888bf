import { expect } from 'chai';
import { parseExpectationDump } from '../../src/parsers/expectation-dump.js';
import { readArchive } from '../support/archive.js';

const DUMPS = readArchive(new URL('../fixtures/conntrack-1.4.7/expectations.archive', import.meta.url));
const IPV4 = DUMPS.get('conntrack-L/expect.txt')!.toString('latin1');
const IPV6 = DUMPS.get('conntrack-L/expect_ipv6.txt')!.toString('latin1');

function summary(count: number): string {
  return `conntrack v1.4.7 (conntrack-tools): ${count} expectations have been shown.\n`;
}

describe('dump of expectations', () => {
  it('has an expectation for each line of every capture', () => {
    for (const [name, bytes] of DUMPS) {
      const text = bytes.toString('latin1');
      const { expectations, ...rest } = parseExpectationDump(text);
      expect(expectations, name).to.have.length(text.split('\n').length - 1);
      expect(rest, name).to.deep.equal({ unreadable: 0, cut: false });
    }
  });

  it("adds up conntrack's summaries, wherever they were printed", () => {
    const torn = IPV4.slice(0, 100) + summary(2) + IPV4.slice(100);
    const { expectations, announced, unreadable } = parseExpectationDump(`${torn}${summary(1)}${IPV6}`);
    expect({ announced, unreadable, families: expectations.map(({ family }) => family) }).to.deep.equal({
      announced: 3,
      unreadable: 0,
      families: ['ipv4', 'ipv4', 'ipv6'],
    });
    expect(parseExpectationDump(summary(0))).to.deep.equal({
      expectations: [],
      announced: 0,
      unreadable: 0,
      cut: false,
    });
    expect(parseExpectationDump(IPV6 + summary(1).trimEnd())).to.deep.include({ announced: 1, cut: false });
  });

  it('says that it was cut, and does not show the line that was', () => {
    const { expectations, cut } = parseExpectationDump(IPV4.slice(0, -1));
    expect({ count: expectations.length, cut }).to.deep.equal({ count: 1, cut: true });
  });

  it("counts what is no expectation, but not conntrackd's remarks", () => {
    const notice = '[Sun Nov 22 13:32:36 2026] (pid=1) [warning] deprecated unix backlog configuration, ignoring.\n';
    expect(parseExpectationDump(`hello\n\n${notice}${IPV4}`)).to.deep.include({ unreadable: 1, cut: false });
  });

  it('takes what conntrackd says where it has no answer for no remark', () => {
    const error = "[Sun Nov 22 13:53:29 2026] (pid=1) [ERROR] can't connect: is conntrackd running?\n";
    expect(parseExpectationDump(error)).to.deep.equal({ expectations: [], unreadable: 1, cut: false });
  });

  it('is empty where there is nothing', () => {
    expect(parseExpectationDump('')).to.deep.equal({ expectations: [], unreadable: 0, cut: false });
  });
});
