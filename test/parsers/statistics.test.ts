import { readdirSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { parseCapturedTable, parseSyncStatistics, parseTableStatistics } from '../../src/parsers/statistics.js';
import { readArchive } from '../support/archive.js';
import { printStatistics } from '../support/conntrackd-pages.js';

const FIXTURES = new URL('../fixtures/conntrackd-1.4.7/', import.meta.url);
const captures = [...readArchive(new URL('statistics.archive', FIXTURES))].map(
  ([name, bytes]) => [name, bytes.toString('latin1')] as const,
);
const picked = readdirSync(new URL('pages/', FIXTURES)).filter((name) => /^statistics-.*\.txt$/.test(name));

const page = captureOf('tcp/pair_b.s.txt');

function captureOf(name: string): string {
  const found = captures.find(([capture]) => capture === name);
  if (found === undefined) throw new Error(`no capture ${name}`);
  return found[1];
}

function failureOf(parse: () => unknown): Failure {
  try {
    parse();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no failure');
}

describe('parsers/statistics', () => {
  it('has every mode and transport among its captures', () => {
    const texts = captures.map(([, text]) => text).join('');
    for (const words of ['internal bypass:', 'external inject:', 'cache stats:', 'multicast t', 'UDP t', 'TCP t']) {
      expect(texts).to.contain(words);
    }
    expect(captures.filter(([, text]) => text !== '')).to.have.length(122);
  });

  for (const [name, text] of captures) {
    if (text === '') {
      it(`says of ${name} that the answer is empty`, () => {
        const query = name.includes('expect') ? '-s expect' : '-s';
        const failure = failureOf(() => parseTableStatistics(text, query));
        expect(failure.code).to.equal('BAD_ANSWER');
        expect(failure.message).to.contain(`\`conntrackd ${query}\` is empty`);
        expect(failure.next).to.match(/^Run conntrackd -s.* by hand; .* log of conntrackd\.$/);
      });
    } else {
      it(`gives ${name} back byte for byte`, () => {
        const table = parseTableStatistics(text);
        expect(table).not.to.have.property('extra');
        expect(printStatistics(table)).to.equal(text);
      });
    }
  }

  for (const name of picked) {
    it(`reads ${name} as the model beside it`, () => {
      const text = readFileSync(new URL(`pages/${name}`, FIXTURES), 'latin1');
      const model: unknown = JSON.parse(
        readFileSync(new URL(`pages/${name.replace('.txt', '.json')}`, FIXTURES), 'utf8'),
      );
      expect(parseTableStatistics(text)).to.deep.equal(model);
    });
  }

  it('keeps the exact digits of a 64-bit counter', () => {
    const table = parseTableStatistics(page.replace('   424 Bytes recv', `${2n ** 64n - 1n} Bytes recv`));
    expect(table.link?.received.bytes).to.equal(2n ** 64n - 1n);
    expect(table.link?.sent.bytes).to.equal(32);
  });

  it('does not read a number that has more than 64 bits', () => {
    const failure = failureOf(() => parseTableStatistics(page.replace('424 Bytes', `${2n ** 64n} Bytes`)));
    expect(failure.message).to.contain('"TCP traffic" lacks its line "Bytes sent"');
  });

  it('keeps lines that it does not know', () => {
    const table = parseTableStatistics(`[date] (pid=1) [warning] deprecated\n${page}new things:\n  12 of them\n\n`);
    expect(table.extra).to.deep.equal(['[date] (pid=1) [warning] deprecated', 'new things:', '  12 of them']);
    expect(table.caches).to.have.length(2);
  });

  it('does not file the lines of an unknown block under a block before it', () => {
    const unknown = 'helper store:\nconnections created:\t\t           7\tfailed:\t           7';
    const { extra, ...table } = parseTableStatistics(page.replace('\n\ntraffic', `\n\n${unknown}\n\ntraffic`));
    expect(extra).to.deep.equal(unknown.split('\n'));
    expect(table).to.deep.equal(parseTableStatistics(page));
  });

  it('keeps a line that says again what was said, and the first figure', () => {
    const again = 'connections created:\t\t          99\tfailed:\t           9';
    const { extra, ...table } = parseTableStatistics(
      page.replace('\n\ncache external', `\n${again}\n\ncache external`),
    );
    expect(extra).to.deep.equal([again]);
    expect(table).to.deep.equal(parseTableStatistics(page));
  });

  it('refuses a page cut at any byte, or reads all of it', () => {
    const whole = parseTableStatistics(page);
    const read = [];
    for (let end = 0; end < page.length; end++) {
      try {
        expect(parseTableStatistics(page.slice(0, end))).to.deep.equal(whole);
        read.push(end);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.code).to.equal('BAD_ANSWER');
      }
    }
    expect(read).to.deep.equal([page.length - 2, page.length - 1]);
  });

  it('names the block and the line that are missing', () => {
    const withoutLine = page.replace(/connections updated:.*\n/, '');
    expect(failureOf(() => parseTableStatistics(withoutLine)).message).to.equal(
      'The page of `conntrackd -s` is not whole: the block "cache internal" lacks its line "connections updated".',
    );
    const stats = captureOf('stats/s.txt');
    expect(failureOf(() => parseTableStatistics(stats.slice(0, stats.indexOf('traffic')))).message).to.equal(
      'The page of `conntrackd -s` is not whole: the block "traffic processed", with which it ends, is missing.',
    );
  });

  it('names the block that is missing, whichever it is', () => {
    const blocks = page.match(/(?:.+\n)+\n/g)!;
    const missing = blocks.map((_, i) => {
      const rest = blocks.filter((_block, other) => other !== i).join('');
      return / is not whole: (.*) is missing\.$/.exec(failureOf(() => parseTableStatistics(rest)).message)?.[1];
    });
    expect(missing).to.deep.equal([
      'the block of the internal cache',
      'the block of the external cache',
      'the block "traffic processed"',
      'the block of the link',
      'the block "message tracking", with which it ends,',
    ]);
  });

  it('does not take one block of a page for the page', () => {
    const block = page.slice(0, page.indexOf('cache external'));
    expect(failureOf(() => parseTableStatistics(block)).message).to.contain('"message tracking"');
  });

  it('reads pages with carriage returns and with spaces for tabs', () => {
    expect(parseTableStatistics(page.replaceAll('\n', '\r\n'))).to.deep.equal(parseTableStatistics(page));
    expect(parseTableStatistics(page.replaceAll('\t', '    '))).to.deep.equal(parseTableStatistics(page));
  });

  it('reads a device name of any bytes, line ends too', () => {
    for (const device of ['\u0005', 'a b', '\u00ff\u0080', 'x\ny', '\n', '):', ') server=']) {
      const text = page.replace('device=sync0', () => `device=${device}`);
      expect(parseTableStatistics(text).link?.device, JSON.stringify(device)).to.equal(device);
    }
  });

  it('refuses two pages in one', () => {
    expect(failureOf(() => parseTableStatistics(page + page)).message).to.equal(
      'This is more than one page of `conntrackd -s`: the block "cache internal" comes twice.',
    );
  });

  describe('texts that are no such page', () => {
    for (const text of ['<!DOCTYPE html>\n<html>\n', 'tcp      6 431997 ESTABLISHED src=10.0.0.1 dst=10.0.0.2', 'x']) {
      it(`refuses ${JSON.stringify(text)}`, () => {
        const failure = failureOf(() => parseTableStatistics(text));
        expect(failure.code).to.equal('BAD_ANSWER');
        expect(failure.message).to.contain(`it begins with "${text.split('\n')[0]?.slice(0, 60) ?? ''}`);
        expect(failure.next).to.match(/^Run conntrackd -s by hand: another program may stand in its place/);
      });
    }

    for (const [name, bytes] of readArchive(new URL('other-pages.archive', FIXTURES))) {
      it(`refuses ${name}`, () => {
        expect(failureOf(() => parseTableStatistics(bytes.toString('latin1'))).code).to.equal('BAD_ANSWER');
      });
    }

    it('says that a network page is none, although it has a link block', () => {
      const network = readArchive(new URL('other-pages.archive', FIXTURES)).get('tcp/pair.s_network.txt');
      expect(failureOf(() => parseTableStatistics(String(network))).message).to.contain(
        'begins with "network statistics:"',
      );
    });

    it('quotes no more than the beginning of a long line', () => {
      expect(failureOf(() => parseTableStatistics('z'.repeat(10_000_000))).message).to.have.length.below(200);
    });
  });

  describe('a captured page with headings', () => {
    const expectPage = captureOf('notrack_udp_noint/r1.s_expect.txt');
    const both = `\nMain Table Statistics:\n\n${page}\n\nExpect Table Statistics:\n\n${expectPage}`;

    it('is both tables', () => {
      const main = parseTableStatistics(page);
      expect(parseSyncStatistics(both)).to.deep.equal({ main, expect: parseTableStatistics(expectPage) });
      expect(parseSyncStatistics(page)).to.deep.equal({ main });
    });

    it('is one table where one is asked for, whichever headings there are', () => {
      const [main, expectations] = [parseTableStatistics(page), parseTableStatistics(expectPage)];
      for (const text of [both, page, `Main Table Statistics:\n\n${page}`]) {
        expect(parseCapturedTable(text, '-s')).to.deep.equal(main);
      }
      for (const text of [both, expectPage, `Expect Table Statistics:\n\n${expectPage}`]) {
        expect(parseCapturedTable(text, '-s expect')).to.deep.equal(expectations);
      }
    });

    it('is no table that it does not hold', () => {
      const only = failureOf(() => parseCapturedTable(`Main Table Statistics:\n\n${page}`, '-s expect'));
      expect(only.message).to.contain(
        'not the page of `conntrackd -s expect`: it begins with "Main Table Statistics:"',
      );
      const other = failureOf(() => parseCapturedTable(`Expect Table Statistics:\n\n${expectPage}`, '-s'));
      expect(other.message).to.contain('it begins with "Expect Table Statistics:"');
      expect(failureOf(() => parseCapturedTable(both + both, '-s')).message).to.contain('more than one page');
    });

    it('fails where the part below a heading is none', () => {
      expect(failureOf(() => parseSyncStatistics(`${page}Expect Table Statistics:\n`)).message).to.contain(
        '`conntrackd -s expect` is empty',
      );
      expect(failureOf(() => parseSyncStatistics(`${both}${both}`)).message).to.contain('more than one page');
    });
  });
});
