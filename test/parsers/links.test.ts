import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { parseLinks } from '../../src/parsers/links.js';
import { readArchive } from '../support/archive.js';
import { printLinks } from '../support/conntrackd-pages.js';

const FIXTURES = new URL('../fixtures/conntrackd-1.4.7/', import.meta.url);
const captures = [...readArchive(new URL('links.archive', FIXTURES))].map(
  ([name, bytes]) => [name, bytes.toString('latin1')] as const,
);
const page = captures.find(([name]) => name === 'tcp/peer_gone.s_link.txt')?.[1] ?? '';

describe('parsers/links', () => {
  it('has every status among its captures', () => {
    const links = captures.flatMap(([, text]) => (text === '' ? [] : parseLinks(text).links));
    expect(new Set(links.map((link) => link.status))).to.deep.equal(new Set(['RUNNING', 'NO-CARRIER', 'DOWN']));
    expect(new Set(links.map((link) => link.role))).to.deep.equal(new Set(['ACTIVE', 'BACKUP']));
    expect(captures.filter(([, text]) => text !== '')).to.have.length(34);
  });

  for (const [name, text] of captures) {
    if (text === '') {
      it(`says of ${name} that the answer is empty`, () => {
        expect(() => parseLinks(text)).to.throw(
          Failure,
          /^The answer to `conntrackd -s link` is empty: .*Sync section/,
        );
      });
    } else {
      it(`gives ${name} back byte for byte`, () => {
        const links = parseLinks(text);
        expect(links).not.to.have.property('extra');
        expect(printLinks(links)).to.equal(text);
      });
    }
  }

  it('reads the page of a deleted interface as the model beside it', () => {
    const name = 'pages/links-links_gone.deleted0.s_link';
    const model: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
    expect(parseLinks(readFileSync(new URL(`${name}.txt`, FIXTURES), 'latin1'))).to.deep.equal(model);
  });

  it('has no device where the daemon prints none', () => {
    const [link] = parseLinks(page.replace('device=sync0', 'device=')).links;
    expect(link).not.to.have.property('device');
  });

  it('reads a device name of any bytes, line ends too', () => {
    for (const device of ['\u0005', 'a b', '\u00ff\u0080', 'x\ny', ' status=DOWN role=ACTIVE']) {
      const text = page.replace('device=sync1', () => `device=${device}`);
      expect(parseLinks(text).links[1]?.device, JSON.stringify(device)).to.equal(device);
    }
  });

  it('keeps the exact digits of a 64-bit counter', () => {
    const [link] = parseLinks(page.replace('       604 Bytes sent', `${2n ** 64n - 1n} Bytes sent`)).links;
    expect(link?.sent.bytes).to.equal(2n ** 64n - 1n);
  });

  it('keeps lines that it does not know', () => {
    const { extra, links } = parseLinks(`notice\n${page}QUIC traffic device=a:\n  1 Bytes sent 2 Bytes recv\n\n`);
    expect(extra).to.deep.equal(['notice', 'QUIC traffic device=a:', '  1 Bytes sent 2 Bytes recv']);
    expect(links).to.deep.equal(parseLinks(page).links);
  });

  it('refuses a page cut at any byte but between two links', () => {
    const { links } = parseLinks(page);
    const read = new Map<number, number>();
    for (let end = 0; end < page.length; end++) {
      try {
        const cut = parseLinks(page.slice(0, end));
        expect(cut.links).to.deep.equal(links.slice(0, cut.links.length));
        read.set(end, cut.links.length);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        expect(error.code).to.equal('BAD_ANSWER');
      }
    }
    const first = page.indexOf('TCP', 1);
    const last = page.length;
    expect([...read]).to.deep.equal([
      [first - 2, 1],
      [first - 1, 1],
      [first, 1],
      [last - 2, 2],
      [last - 1, 2],
    ]);
  });

  it('says which link lacks which line', () => {
    expect(() => parseLinks(page.replace(/(.*Bytes[^]*) .*Pckts.*\n/, '$1'))).to.throw(
      Failure,
      'link 2 lacks its line "Pckts sent"',
    );
    expect(() => parseLinks(`${page}TCP traffic dev`)).to.throw(Failure, 'ends in the middle of a line');
  });

  it('refuses a page without its title, or without the link in use, which every page has', () => {
    const [first = '', second = ''] = page.match(/(?:.+\n)+\n/g)!;
    expect(() => parseLinks(first + second.replace(/.*\n/, ''))).to.throw(
      Failure,
      'the title above its line "Bytes sent" is missing',
    );
    expect(() => parseLinks(`${first}\0${second}`)).to.throw(Failure, 'the title of a link can not be read');
    expect(() => parseLinks(page.replaceAll('role=ACTIVE', 'role=BACKUP'))).to.throw(
      Failure,
      'the block of the link in use is missing',
    );
  });

  it('refuses every other page of conntrackd', () => {
    for (const [name, bytes] of readArchive(new URL('other-pages.archive', FIXTURES))) {
      expect(() => parseLinks(bytes.toString('latin1')), name).to.throw(Failure);
    }
  });
});
