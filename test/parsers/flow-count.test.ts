import { expect } from 'chai';
import { flowCount, parseCapturedCount, parseSysctl } from '../../src/parsers/flow-count.js';
import { readArchive } from '../support/archive.js';

describe('count of flows', () => {
  it('reads every captured count', () => {
    const counts = readArchive(new URL('../fixtures/conntrack-1.4.7/counts.archive', import.meta.url));
    for (const [name, bytes] of counts) {
      const text = bytes.toString('latin1');
      expect(parseCapturedCount(text), name).to.deep.equal({ count: Number(text) });
    }
  });

  it('reads a count however its line ends', () => {
    for (const text of ['42', '42\r\n', '42\n\n']) expect(parseCapturedCount(text), text).to.deep.equal({ count: 42 });
  });

  it('reads sysctls as sysctl and as grep print them', () => {
    const values = { buckets: 65536, count: 42, expect_max: 1024, max: 262144 };
    const names = Object.entries(values);
    const sysctl = names.map(([name, value]) => `net.netfilter.nf_conntrack_${name} = ${value}\n`).join('');
    expect(parseCapturedCount(`net.netfilter.nf_conntrack_acct = 0\n${sysctl}`)).to.deep.equal(values);
    const grep = names.map(([name, value]) => `/proc/sys/net/netfilter/nf_conntrack_${name}:${value}\n`).join('');
    expect(parseCapturedCount(grep)).to.deep.equal(values);
  });

  for (const text of ['', 'x\n', '-1\n', '1 2\n', '1\n2\n', '0x10\n', '123456789012345678901\n']) {
    it(`takes ${JSON.stringify(text)} for no number`, () => {
      expect(parseSysctl(text)).to.equal(undefined);
      expect(parseCapturedCount(text)).to.deep.equal({});
    });
  }

  it('tells the share of the limit that is used, where there is a limit', () => {
    expect(flowCount(50, { max: 200, buckets: 64, expect_max: 8 }, 2)).to.deep.equal({
      ...{ flows: 50, limit: 200, used: 0.25, buckets: 64 },
      expected: { expectations: 2, limit: 8 },
    });
    expect(flowCount(50, { max: 0 })).to.deep.equal({ flows: 50, limit: 0 });
    expect(flowCount(50, { expect_max: 8 })).to.deep.equal({ flows: 50, expected: { limit: 8 } });
    expect(flowCount(50, {})).to.deep.equal({ flows: 50 });
  });
});
