import { spawnSync } from 'node:child_process';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { parseIpAddresses } from '../../src/parsers/ip-addresses.js';
import { skipFor } from '../support/skip.js';

const LINK = { ifindex: 2, link: 'eth0', ifname: 'eth0.5', flags: ['UP'], mtu: 1500 };

function answer(...addresses: unknown[]): string {
  return JSON.stringify([{ ...LINK, addr_info: addresses }]);
}

describe('parseIpAddresses', () => {
  it('reads addresses of both families', () => {
    const text = answer(
      { family: 'inet', local: '10.0.0.1', prefixlen: 24, scope: 'global', label: 'eth0.5:vip' },
      { family: 'inet', local: '10.9.9.1', address: '10.9.9.2', prefixlen: 32, scope: 'link' },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64, scope: 'link', valid_life_time: 4294967295 },
    );
    expect(parseIpAddresses(text).addresses).to.deep.equal([
      { interface: 'eth0.5', family: 'ipv4', address: '10.0.0.1', prefix_length: 24, scope: 'global' },
      { interface: 'eth0.5', family: 'ipv4', address: '10.9.9.1', prefix_length: 32, scope: 'link' },
      { interface: 'eth0.5', family: 'ipv6', address: 'fe80::1', prefix_length: 64, scope: 'link' },
    ]);
  });

  it('has nothing for interfaces without addresses, other families and what a filter left out', () => {
    const nothing = { interfaces: [], altnames: new Map(), addresses: [] };
    expect(parseIpAddresses('[]')).to.deep.equal(nothing);
    expect(parseIpAddresses('[{},{}]')).to.deep.equal(nothing);
    expect(parseIpAddresses(answer({}, { family: 'mpls' }, { family: 'constructor' })).addresses).to.deep.equal([]);
  });

  it('names all interfaces, with or without an address', () => {
    const text =
      '[{"ifname":"lo","addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"host"}]},{},{"ifname":"eth0"}]';
    expect(parseIpAddresses(text).interfaces).to.deep.equal(['lo', 'eth0']);
  });

  it('knows the other names of an interface', () => {
    const text = '[{"ifname":"lo"},{"ifname":"eth0","altnames":["enp1s0","sync0"],"addr_info":[]}]';
    const { interfaces, altnames } = parseIpAddresses(text);
    expect(interfaces).to.deep.equal(['lo', 'eth0']);
    expect([...altnames]).to.deep.equal([
      ['enp1s0', 'eth0'],
      ['sync0', 'eth0'],
    ]);
    for (const damaged of ['"sync0"', '[1]', '{}']) {
      const answers = `[{"ifname":"eth0","altnames":${damaged}}]`;
      expect(() => parseIpAddresses(answers)).to.throw(Failure, 'the other names of eth0 are no list of names');
    }
  });

  it('reads what ip prints in a network namespace of its own', function () {
    const commands = `ip link set lo up
      ip addr add 10.0.0.1/24 dev lo label lo:vip
      ip addr add 10.9.9.1 peer 10.9.9.2 dev lo
      ip -6 addr add fd00::1/64 dev lo nodad
      ip -j addr; ip -j addr show to 10.0.0.1; ip -j addr show dev lo scope link`;
    const { stdout, status } = spawnSync('unshare', ['-n', 'sh', '-ec', commands], { encoding: 'utf8' });
    skipFor(this, status === 0 ? undefined : 'only root may make a network namespace');
    const [all = '', one = '', none = ''] = stdout.split('\n');
    const virtual = { interface: 'lo', family: 'ipv4', address: '10.0.0.1', prefix_length: 24, scope: 'global' };
    expect(parseIpAddresses(all).addresses).to.have.deep.members([
      { interface: 'lo', family: 'ipv4', address: '127.0.0.1', prefix_length: 8, scope: 'host' },
      virtual,
      { interface: 'lo', family: 'ipv4', address: '10.9.9.1', prefix_length: 32, scope: 'global' },
      { interface: 'lo', family: 'ipv6', address: 'fd00::1', prefix_length: 64, scope: 'global' },
      { interface: 'lo', family: 'ipv6', address: '::1', prefix_length: 128, scope: 'host' },
    ]);
    expect(parseIpAddresses(one).addresses).to.deep.equal([virtual]);
    expect(parseIpAddresses(none).addresses).to.deep.equal([]);
  });

  describe('fails for', () => {
    const ANSWERS: [string, string, RegExp][] = [
      ['an empty text', '', /it is no JSON/],
      ['JSON cut short', answer({ family: 'inet' }).slice(0, -4), /it is no JSON/],
      ['text of an older ip', '1: lo: <LOOPBACK,UP>', /it is no JSON/],
      ['an object', '{}', /a list of interfaces/],
      ['no interface', '[3]', /an interface is expected/],
      ['null', '[null]', /an interface is expected/],
      ['a nameless interface', '[{"addr_info":[]}]', /no name/],
      ['addresses that are no list', '[{"ifname":"lo","addr_info":{}}]', /addresses of lo are no list/],
      ['an address that is none', '[{"ifname":"lo","addr_info":[[]]}]', /address of lo can't be read/],
      ['an address without text', answer({ family: 'inet', prefixlen: 8, scope: 'host' }), /of eth0\.5 can't be read/],
      ['a broken prefix', answer({ family: 'inet', local: '1.2.3.4', prefixlen: 8.5, scope: 'host' }), /can't be read/],
      [
        'a negative prefix',
        answer({ family: 'inet', local: '1.2.3.4', prefixlen: -1, scope: 'host' }),
        /can't be read/,
      ],
      ['a prefix too long', answer({ family: 'inet6', local: '::1', prefixlen: 129, scope: 'host' }), /can't be read/],
      ['no scope', answer({ family: 'inet6', local: '::1', prefixlen: 1 }), /can't be read/],
    ];
    for (const [name, text, message] of ANSWERS) {
      it(name, () => {
        expect(() => parseIpAddresses(text))
          .to.throw(Failure, message)
          .with.property('code', 'BAD_ANSWER');
      });
    }
  });
});
