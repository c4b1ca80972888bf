import { expect } from 'chai';
import { printIpv4, printIpv6, readIpv4 } from '../../../src/bundle/clean/address-text.js';
import { CryptoPan } from '../../../src/bundle/clean/crypto-pan.js';
import { addressBytes } from '../../../src/model/address-bytes.js';
import { DOCUMENTED_IPV4, DOCUMENTED_IPV6, DOCUMENTED_KEY, SAMPLE_IPV6, SAMPLE_KEY, SAMPLE_TRACE } from './vectors.js';

function ipv4(cryptoPan: CryptoPan, text: string): string {
  const address = readIpv4(text)!;
  return printIpv4((address ^ cryptoPan.ipv4Flips(address)) >>> 0);
}

function ipv6(cryptoPan: CryptoPan, text: string): string {
  const address = Buffer.from(addressBytes('ipv6', text).subarray(1));
  const flips = cryptoPan.ipv6Flips(address);
  return printIpv6(Buffer.from(address.map((byte, i) => byte ^ flips[i]!)), false);
}

describe('Crypto-PAn', () => {
  it('gives the sanitised trace of the sample it was published with', () => {
    const cryptoPan = new CryptoPan(SAMPLE_KEY);
    expect(SAMPLE_TRACE.map(([raw]) => [raw, ipv4(cryptoPan, raw)])).to.deep.equal(SAMPLE_TRACE);
    // And from memory the same.
    expect(SAMPLE_TRACE.map(([raw]) => [raw, ipv4(cryptoPan, raw)])).to.deep.equal(SAMPLE_TRACE);
  });

  it('gives for IPv6 what other programs give', () => {
    const cryptoPan = new CryptoPan(SAMPLE_KEY);
    expect(SAMPLE_IPV6.map(([raw]) => [raw, ipv6(cryptoPan, raw)])).to.deep.equal(SAMPLE_IPV6);
    expect(ipv6(new CryptoPan(DOCUMENTED_KEY), DOCUMENTED_IPV6[0])).to.equal(DOCUMENTED_IPV6[1]);
    expect(ipv4(new CryptoPan(DOCUMENTED_KEY), DOCUMENTED_IPV4[0])).to.equal(DOCUMENTED_IPV4[1]);
  });

  it('takes no shorter key', () => {
    expect(() => new CryptoPan(Buffer.alloc(16))).to.throw(RangeError);
  });
});
