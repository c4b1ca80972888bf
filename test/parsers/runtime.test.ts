import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { parseRuntime, parseWholeRuntime } from '../../src/parsers/runtime.js';
import { readArchive } from '../support/archive.js';
import { printRuntime } from '../support/conntrackd-pages.js';

const FIXTURES = new URL('../fixtures/conntrackd-1.4.7/', import.meta.url);
const captures = [...readArchive(new URL('runtime.archive', FIXTURES))].map(
  ([name, bytes]) => [name, bytes.toString('latin1')] as const,
);
const page = captures.find(([name]) => name === 'conntrackd-hang/after_childkill_runtime.txt')?.[1] ?? '';

describe('parsers/runtime', () => {
  it('has all of its captures', () => {
    expect(captures).to.have.length(38);
  });

  for (const [name, text] of captures) {
    it(`gives ${name} back byte for byte`, () => {
      const runtime = parseRuntime(text);
      expect(runtime).not.to.have.property('extra');
      expect(printRuntime(runtime)).to.equal(text);
    });
  }

  it('reads a page as the model beside it', () => {
    const name = 'pages/runtime-conntrackd-hang.after_childkill_runtime';
    const model: unknown = JSON.parse(readFileSync(new URL(`${name}.json`, FIXTURES), 'utf8'));
    expect(parseRuntime(readFileSync(new URL(`${name}.txt`, FIXTURES), 'latin1'))).to.deep.equal(model);
  });

  const uptimes: [string, number | undefined][] = [
    ['0 min', 0],
    ['59 min', 59 * 60],
    ['1 h 0 min', 3600],
    ['1 day 0 h 5 min', 86400 + 300],
    ['2 days 3 h 5 min', 2 * 86400 + 3 * 3600 + 300],
    ['497 days 23 min', 497 * 86400 + 23 * 60],
    ['a while', undefined],
  ];
  for (const [uptime, seconds] of uptimes) {
    it(`reads an uptime of ${uptime}`, () => {
      const runtime = parseRuntime(page.replace('0 min', uptime));
      expect(runtime.uptime).to.equal(uptime);
      expect(runtime.uptime_seconds).to.equal(seconds);
      expect('uptime_seconds' in runtime).to.equal(seconds !== undefined);
    });
  }

  it('keeps the exact digits of a 64-bit counter', () => {
    const runtime = parseRuntime(page.replace(/(events received:\t) *\d+/, `$1${2n ** 64n - 1n}`));
    expect(runtime.netlink.events_received).to.equal(2n ** 64n - 1n);
  });

  it('keeps lines that it does not know, and those that say again what was said', () => {
    const strange = ['\tevents dreamt of:\t           3', '\tevents received:\t          99', 'daemon uptime: 9 min'];
    const text = page.replace('\n\nruntime', `\n${strange.join('\n')}\n\nruntime`);
    expect(parseRuntime(text)).to.deep.equal({ ...parseRuntime(page), extra: strange });
  });

  it('does not file a line under the wrong section', () => {
    const moved = '\tselect failed:\t\t\t           8';
    const { extra, runtime } = parseRuntime(page.replace('netlink stats:\n', `netlink stats:\n${moved}\n`));
    expect(extra).to.deep.equal([moved]);
    expect(runtime.select_failed).to.equal(0);
  });

  it('reads a page cut at any byte as far as its whole lines go', () => {
    const whole = parseRuntime(page);
    for (let end = page.indexOf('\n') + 1; end < page.length; end++) {
      const { extra, ...cut } = parseRuntime(page.slice(0, end));
      expect(cut.uptime).to.equal(whole.uptime);
      expect(whole.netlink).to.include(cut.netlink);
      expect(whole.runtime).to.include(cut.runtime);
      const unfinished = page.slice(page.lastIndexOf('\n', end - 1) + 1, end);
      expect(extra ?? []).to.deep.equal(unfinished.trim() === '' ? [] : [unfinished]);
    }
  });

  it('refuses a page without its end where that is needed', () => {
    expect(parseWholeRuntime(page)).to.deep.equal(parseRuntime(page));
    const children = page.indexOf('\n', page.indexOf('child process termsig'));
    for (const end of [30, 190, 381, children]) {
      expect(() => parseWholeRuntime(page.slice(0, end))).to.throw(Failure, 'is not whole: counters are missing');
    }
  });

  it('refuses texts that hold nothing of such a page', () => {
    expect(() => parseRuntime('')).to.throw(Failure, 'is empty: conntrackd ended the connection');
    expect(() => parseRuntime('\n\n')).to.throw(Failure, 'is empty');
    expect(() => parseRuntime('daemon uptime: 5')).to.throw(Failure, 'it begins with "daemon uptime: 5"');
    expect(() => parseRuntime('daemon uptime:\n\nnetlink stats:\n')).to.throw(Failure);
    for (const [name, bytes] of readArchive(new URL('other-pages.archive', FIXTURES))) {
      expect(() => parseRuntime(bytes.toString('latin1')), name).to.throw(Failure);
    }
  });
});
