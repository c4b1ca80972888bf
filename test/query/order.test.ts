import { expect } from 'chai';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { orderOf, SORT_KEYS } from '../../src/query/order.js';
import { failureOf } from '../support/failures.js';
import { flowsIn } from '../support/flow-source.js';

interface Fields {
  src?: string;
  dst?: string;
  sport?: number;
  bytes?: readonly [original: bigint | number, reply: bigint | number];
  rest?: string;
  id?: number;
}

function line({ src = '10.0.0.1', dst = '10.0.0.2', sport = 1, bytes, rest = '', id = 1 }: Fields): string {
  const counters = bytes?.map((count) => ` packets=1 bytes=${count}`) ?? ['', ''];
  const there = `src=${src} dst=${dst} sport=${sport} dport=2${counters[0]}`;
  return `udp 17 29 ${there} src=${dst} dst=${src} sport=2 dport=${sport}${counters[1]} mark=0 ${rest}use=1 id=${id}`;
}

/** The ids of the flows, sorted by their keys. */
function sorted(sort: string, ...flows: Fields[]): number[] {
  const order = orderOf(sort);
  const rows = flowsIn(...flows.map((fields, i) => line({ ...fields, id: i + 1 })));
  return rows
    .map((row) => ({ key: order.key(row), id: row.number(row.id) }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .map(({ id }) => id);
}

/** The value of an IPv6 address in hexadecimal digits. ipaddr.js takes `::192.0.2.1` for a mapped address; a URL does not. */
function valueOf(address: string): string {
  const { hostname } = new URL(`http://[${address}]`);
  return Buffer.from(ipaddr.parse(hostname.slice(1, -1)).toByteArray()).toString('hex');
}

describe('query/order', () => {
  it('sorts by the sum of both directions, exact beyond 2^53 and beyond 2^64', () => {
    const most = 2n ** 64n - 1n;
    const flows = [
      { bytes: [most, most] },
      { bytes: [2 ** 53, 1] },
      { bytes: [2n ** 53n + 2n, 0] },
      { bytes: [most, most - 1n] },
      { bytes: [0, 5] },
    ] as const;
    expect(sorted('bytes', ...flows)).to.deep.equal([5, 2, 3, 4, 1]);
    expect(sorted('-bytes', ...flows)).to.deep.equal([1, 4, 3, 2, 5]);
  });

  it('has flows without the field last, whichever comes first', () => {
    const flows = [{}, { bytes: [1, 1] }, { bytes: [3, 3] }] as const;
    expect(sorted('bytes', ...flows)).to.deep.equal([2, 3, 1]);
    expect(sorted('-bytes', ...flows)).to.deep.equal([3, 2, 1]);
  });

  it('goes on to the next key, each in its own direction', () => {
    const flows = [
      { src: '10.0.0.9', sport: 1 },
      { src: '10.0.0.10', sport: 2 },
      { src: '10.0.0.10', sport: 3 },
    ];
    expect(sorted('src,-sport', ...flows)).to.deep.equal([1, 3, 2]);
    expect(sorted('-src,sport', ...flows)).to.deep.equal([2, 3, 1]);
  });

  it('breaks ties by the original tuple, and keeps the order of what is the same', () => {
    expect(sorted('timeout', { src: '10.0.0.3' }, { src: '10.0.0.1' }, { src: '10.0.0.1' })).to.deep.equal([2, 3, 1]);
  });

  it('has IPv4 before IPv6, and IPv6 by its value in any spelling', () => {
    const flows = ['2001:db8::1', '::ffff:192.0.2.1', '2001:db8:0:0:0:0:0:0', '255.255.255.255', '::'].map((src) => ({
      src,
      dst: src.includes(':') ? '::1' : '10.0.0.1',
    }));
    expect(sorted('src', ...flows)).to.deep.equal([4, 5, 2, 3, 1]);
  });

  it('sorts zones of one direction beside those of both', () => {
    const flows = [{ rest: 'zone=7 ' }, { rest: 'zone-reply=3 ' }, {}];
    expect(sorted('zone', ...flows)).to.deep.equal([2, 1, 3]);
  });

  it('compares addresses as their values do', () => {
    const address = fc.oneof(
      fc.ipV6(),
      fc.ipV4().map((ipv4) => `::ffff:${ipv4}`),
    );
    fc.assert(
      fc.property(fc.array(address, { minLength: 2, maxLength: 20 }), (addresses) => {
        const ids = sorted('src', ...addresses.map((src) => ({ src, dst: '::1' })));
        const values = ids.map((id) => valueOf(addresses[id - 1]!));
        expect(values).to.deep.equal([...values].sort());
      }),
    );
  });

  it('ranks by the first key as the key does', () => {
    const { rank, key } = orderOf('-bytes');
    const counter = fc.bigInt(0n, 2n ** 64n - 1n);
    fc.assert(
      fc.property(counter, counter, (a, b) => {
        const [first, second] = flowsIn(line({ bytes: [a, 0] }), line({ bytes: [b, 0] }));
        if (rank!(first!) < rank!(second!)) expect(key(first!) < key(second!)).to.equal(true);
      }),
    );
  });

  for (const name of SORT_KEYS) {
    it(`knows the key ${name}`, () => {
      const rows = flowsIn(
        line({ bytes: [1, 2], rest: 'zone=1 delta-time=3 ' }).replace('udp 17 29', 'tcp 6 29 ESTABLISHED'),
        line({ sport: 2, src: '10.0.0.9', dst: '10.0.0.8', bytes: [9, 9], rest: 'zone=2 delta-time=4 ' })
          .replace('udp 17 29', 'sctp 132 30 CLOSED')
          .replaceAll('packets=1', 'packets=8')
          .replaceAll('dport=2', 'dport=9')
          .replace(/sport=2 (dport=9 packets=8 bytes=9 mark)/, 'sport=9 $1')
          .replace('mark=0', 'mark=5')
          .replace('id=1', 'id=2'),
      );
      const [up, down] = [orderOf(name).key, orderOf(`-${name}`).key];
      const [first, second] = rows;
      expect(up(first!) < up(second!)).to.equal(down(second!) < down(first!));
      // The tie is the same in both directions, so it was not that.
      expect(up(first!) < up(second!)).to.not.equal(down(first!) < down(second!));
    });
  }

  it('says which keys there are where it gets another one', () => {
    const failure = failureOf(() => orderOf('-bites'));
    expect(failure).to.include({ code: 'USAGE', message: '--sort does not know the key "-bites".' });
    expect(failure.next).to.match(/^Did you mean bytes\? The keys are bytes, packets, /);
    expect(failureOf(() => orderOf(''))).to.include({ code: 'USAGE' });
  });
});
