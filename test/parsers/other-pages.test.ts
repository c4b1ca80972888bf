import { expect } from 'chai';
import { parseCachePage } from '../../src/parsers/cache-page.js';
import { parseNetworkPage } from '../../src/parsers/network-page.js';
import { parseProcessPage } from '../../src/parsers/process-page.js';
import { parseQueuePage } from '../../src/parsers/queue-page.js';
import { parseResendQueue } from '../../src/parsers/resend-queue.js';
import { Failure } from '../../src/model/failure.js';
import { readArchive } from '../support/archive.js';
import {
  printCachePage,
  printNetworkPage,
  printProcessPage,
  printQueuePage,
  printResendQueue,
} from '../support/conntrackd-other-pages.js';
import { failureOf } from '../support/failures.js';

const FIXTURES = new URL('../fixtures/conntrackd-1.4.7/', import.meta.url);
const captures = [...readArchive(new URL('other-pages.archive', FIXTURES))].map(
  ([name, bytes]) => [name, bytes.toString('latin1')] as const,
);
const general = [...readArchive(new URL('statistics.archive', FIXTURES)).values()].map((bytes) =>
  bytes.toString('latin1'),
);

function captureOf(name: string): string {
  const found = captures.find(([capture]) => capture === name);
  if (found === undefined) throw new Error(`no capture ${name}`);
  return found[1];
}

interface Kind {
  page: string;
  parse: (text: string) => object;
  /** Prints the model as conntrackd would. */
  print: (page: never) => string;
  /** How many captures are not empty. */
  printed: number;
  /** Where the example may be cut without anybody seeing it, behind these words. */
  cuttable?: readonly string[];
  example: string;
}

const KINDS: readonly Kind[] = [
  { page: 'cache', parse: parseCachePage, print: printCachePage, printed: 19, example: 'ftfw_mcast1/r1.s_cache.txt' },
  {
    page: 'network',
    parse: parseNetworkPage,
    print: printNetworkPage,
    printed: 22,
    example: 'tcp/alone.s_network.txt',
  },
  {
    page: 'queue',
    parse: parseQueuePage,
    print: printQueuePage,
    printed: 24,
    cuttable: ['queue errorq:'],
    example: 'ftfw_mcast1/r1.s_queue.txt',
  },
  {
    page: 'rsqueue',
    parse: parseResendQueue,
    print: printResendQueue,
    printed: 12,
    example: 'ftfw_mcast1/r1.s_rsqueue.txt',
  },
  {
    page: 'process',
    parse: parseProcessPage,
    print: printProcessPage,
    printed: 1,
    example: 'conntrackd-hang/slow_reader_s_process.txt',
  },
];

for (const { page, parse, print, printed, cuttable = [], example } of KINDS) {
  describe(`parsers: the ${page} page`, () => {
    const own = captures.filter(([name]) => new RegExp(`[._]s_${page}(?:_|\\.)|s_${page}\\.`).test(name));
    const whole = captureOf(example);

    it('has all of its captures', () => {
      expect(own.filter(([, text]) => text !== '')).to.have.length(printed);
    });

    for (const [name, text] of own) {
      if (text === '' && page !== 'process') {
        it(`says of ${name} that the answer is empty`, () => {
          expect(failureOf(() => parse(text)).message).to.contain(`\`conntrackd -s ${page}\` is empty: `);
        });
      } else {
        it(`gives ${name} back byte for byte`, () => {
          const model = parse(text);
          expect(model).not.to.have.property('extra');
          expect(print(model as never)).to.equal(text);
        });
      }
    }

    it('refuses every other page of conntrackd', () => {
      const others = captures
        .filter(([name, text]) => text !== '' && !name.includes(`s_${page}`))
        .map(([, text]) => text);
      for (const text of [...others, ...general.filter((other) => other !== '')]) {
        expect(() => parse(text), text).to.throw(Failure);
      }
    });

    it('refuses a page cut at any byte, or reads all of it', () => {
      const read = new Set<string>();
      for (let end = 1; end < whole.length; end++) {
        try {
          const cut = print(parse(whole.slice(0, end)) as never);
          expect(whole.startsWith(cut)).to.equal(true);
          read.add(cut);
        } catch (error) {
          if (!(error instanceof Failure)) throw error;
          expect(error.code).to.equal('BAD_ANSWER');
        }
      }
      read.delete(whole);
      expect([...read].map((cut) => cut.trimEnd().split('\n\n').at(-1)?.split('\n')[0])).to.deep.equal(cuttable);
    });

    it('keeps lines that it does not know, and changes nothing for them', () => {
      const { extra, ...rest } = parse(`[date] (pid=1) [warning] deprecated\n${whole}\nnew things: 12\n`) as {
        extra?: string[];
      };
      expect(extra).to.deep.equal(['[date] (pid=1) [warning] deprecated', 'new things: 12']);
      expect(rest).to.deep.equal(parse(whole));
    });

    it('reads a page with carriage returns and with spaces for tabs', () => {
      expect(parse(whole.replaceAll('\n', '\r\n'))).to.deep.equal(parse(whole));
      expect(parse(whole.replaceAll('\t', '    '))).to.deep.equal(parse(whole));
    });

    it('refuses what is none', () => {
      for (const text of ['<!DOCTYPE html>\n<html>\n', 'x', 'src=10.0.0.1 dst=10.0.0.2\n']) {
        expect(failureOf(() => parse(text)).message).to.contain(`it begins with "${text.split('\n')[0]}`);
      }
    });

    if (page !== 'process') {
      it('refuses two pages in one', () => {
        expect(failureOf(() => parse(whole + whole)).message).to.contain(
          `more than one page of \`conntrackd -s ${page}\``,
        );
      });
    }

    if (page !== 'process' && page !== 'rsqueue') {
      it('does not read a number that has more than 64 bits', () => {
        const large = whole.replace(/\d+(?=\D*$)/, String(2n ** 64n));
        expect(failureOf(() => parse(large)).code).to.equal('BAD_ANSWER');
      });
    }
  });
}

describe('parsers: the other pages, one by one', () => {
  it('the two counters of malformed messages are told apart by their sections', () => {
    const page = captureOf('tcp/pair.s_network.txt');
    const [before = '', , after = ''] = page.split(/(\tsend:\n\t\tMalformed messages:\t *)0/);
    const { received, sent } = parseNetworkPage(
      `${before}\tsend:\n\t\tMalformed messages:\t                   7${after}`,
    );
    expect({ received: received.malformed, sent: sent.malformed }).to.deep.equal({ received: 0, sent: 7 });
    expect(failureOf(() => parseNetworkPage(page.replace('\tsend:\n', ''))).message).to.contain(
      'the block "network statistics, send" lacks its line "Malformed messages"',
    );
  });

  it('the network page of a TCP link has the state of both its ends, and one that was deleted has no name', () => {
    expect(parseNetworkPage(captureOf('tcp/alone.s_network.txt')).link).to.deep.include({
      transport: 'tcp',
      device: 'sync0',
      server: 'disconnected',
      client: 'disconnected',
    });
    expect(parseNetworkPage(captureOf('links_gone/deleted_both.s_network.txt')).link).to.not.have.property('device');
  });

  it('the two counters of entries not found are told apart by what was to be done with them', () => {
    const page = captureOf('stats/s_cache.txt').replace(/(entry not found:\t *)0(\n\n)/, '$15$2');
    const [cache] = parseCachePage(page).caches;
    expect(cache?.updated.not_found).to.equal(0);
    expect(cache?.destroyed.not_found).to.equal(5);
  });

  it('a page on which a cache is missing is refused', () => {
    const page = captureOf('ftfw_mcast1/r1.s_cache.txt');
    expect(failureOf(() => parseCachePage(page.slice(0, page.indexOf('cache:external')))).message).to.equal(
      'The page of `conntrackd -s cache` is not whole: the block of the external cache is missing.',
    );
  });

  it('the caches may be bypassed and injected, both at once too', () => {
    const kinds = (text: string): string[] => parseCachePage(text).caches.map(({ name, kind }) => `${name} ${kind}`);
    const [bypass, inject] = ['notrack_udp_noint/r1.s_cache.txt', 'ftfw_udp_noext/r1.s_cache.txt'].map(captureOf);
    expect(kinds(bypass!)).to.deep.equal(['internal bypass', 'external cache']);
    expect(kinds(inject!)).to.deep.equal(['internal cache', 'external inject']);
    const both = bypass!.slice(0, bypass!.indexOf('cache:')) + inject!.slice(inject!.indexOf('external'));
    expect(kinds(both)).to.deep.equal(['internal bypass', 'external inject']);
  });

  it('a resend queue has as many messages as it says, of kinds that are not known, too', () => {
    const lines = 'control -> seq:4294967295 flags:8\nobject -> seq:7\n';
    expect(parseResendQueue(`resent queue (len=2)\n${lines}`)).to.deep.equal({
      length: 2,
      messages: [
        { kind: 'control', seq: 4294967295, flags: 8 },
        { kind: 'object', seq: 7 },
      ],
    });
    expect(parseResendQueue(`resent queue (len=3)\n${lines}dream -> seq:8\n`).extra).to.deep.equal(['dream -> seq:8']);
    for (const length of [1, 3]) {
      expect(failureOf(() => parseResendQueue(`resent queue (len=${length})\n${lines}`)).message).to.contain(
        `it says that it has ${length} messages, and has 2`,
      );
    }
  });

  it('a resend queue is read however long it is', () => {
    const lines = Array.from({ length: 131_072 }, (_, i) => `object -> seq:${1_795_355_489 + i}\n`);
    expect(parseResendQueue(`resent queue (len=131072)\n${lines.join('')}`).messages).to.have.length(131_072);
  });

  it('a message whose number has more than 64 bits is none that is known', () => {
    const line = `object -> seq:${2n ** 64n}`;
    expect(parseResendQueue(`resent queue (len=1)\n${line}\n`)).to.deep.equal({
      length: 1,
      messages: [],
      extra: [line],
    });
  });

  it('no child is an answer', () => {
    expect(parseProcessPage('')).to.deep.equal({ children: [] });
  });
});
