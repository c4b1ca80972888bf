import { expect } from 'chai';
import type { DedicatedLink } from '../../src/model/link.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { namedLinks, withDevices } from '../../src/readers/status/links.js';

const TRAFFIC = { bytes: 0, packets: 0, errors: 0 };

/** The links of a daemon that prints these names; undefined where it prints none. */
function printed(...devices: (string | undefined)[]): DedicatedLink[] {
  return devices.map((device) => ({
    transport: 'multicast',
    ...(device === undefined ? {} : { device }),
    status: 'RUNNING',
    role: 'ACTIVE',
    sent: TRAFFIC,
    received: TRAFFIC,
  }));
}

/** A configuration with dedicated links over these interfaces. */
function conf(...devices: string[]) {
  const links = devices.map(
    (device) => `Multicast {\nIPv4_address 225.0.0.50\nGroup 3780\nIPv4_interface 10.0.0.1\nInterface ${device}\n}\n`,
  );
  return parseConntrackdConf(`Sync {\nMode FTFW {\n}\n${links.join('')}}\n`, 'conntrackd.conf');
}

/** What tells of the names, without all else. */
function names(links: DedicatedLink[]): string[] {
  return links.map(
    ({ device, configured_device, interface_missing }) =>
      `${device}${configured_device ? ` not ${configured_device}` : ''}${interface_missing ? ' missing' : ''}`,
  );
}

describe('readers/status/links', () => {
  const cases: [
    what: string,
    printed: (string | undefined)[],
    configured: string[],
    existing: string[] | undefined,
    names: string[],
  ][] = [
    ['the names that both say', ['eth0', 'eth1'], ['eth0', 'eth1'], ['lo', 'eth0', 'eth1'], ['eth0', 'eth1']],
    [
      'the interface that the daemon uses, not that of a file edited since',
      ['eth0'],
      ['eth1'],
      ['eth0', 'eth1'],
      ['eth0 not eth1'],
    ],
    [
      'the same of a file that only changed the order',
      ['eth0', 'eth1'],
      ['eth1', 'eth0'],
      ['eth0', 'eth1'],
      ['eth0 not eth1', 'eth1 not eth0'],
    ],
    [
      'the configured name of a deleted interface that prints garbage',
      ['\u0005', 'eth1'],
      ['eth0', 'eth1'],
      ['eth1'],
      ['eth0 missing', 'eth1'],
    ],
    [
      'the configured name of a deleted interface that prints the name of another link',
      ['eth1', 'eth1'],
      ['eth0', 'eth1'],
      ['eth1'],
      ['eth0 missing', 'eth1'],
    ],
    ['the configured name where none is printed', [undefined], ['eth0'], ['lo'], ['eth0 missing']],
    [
      'what is printed where the numbers of links differ',
      ['eth0', '\u0005'],
      ['eth0'],
      ['eth0'],
      ['eth0', '\u0005 missing'],
    ],
    ['what is printed in a capture, where interfaces are not known', ['eth0'], ['eth1'], undefined, ['eth0 not eth1']],
    [
      'the configured name in a capture with garbage',
      ['\u0005\u0090', 'a b'],
      ['eth0', 'eth1'],
      undefined,
      ['eth0', 'eth1'],
    ],
  ];
  for (const [what, devices, configured, existing, expected] of cases) {
    it(`takes ${what}`, () => {
      expect(names(namedLinks(printed(...devices), conf(...configured), existing))).to.deep.equal(expected);
    });
  }

  const other = new Map([['sync0', 'eth0']]);
  const altnames: [what: string, printed: (string | undefined)[], existing: string[] | undefined, names: string[]][] = [
    ['the name that the kernel has for the configured one', ['eth0', 'eth1'], ['eth0', 'eth1'], ['eth0', 'eth1']],
    ['it where another interface is in use', ['eth7', 'eth1'], ['eth0', 'eth1', 'eth7'], ['eth7 not sync0', 'eth1']],
    ['it where a deleted interface was made again', ['\u0005', 'eth1'], ['eth0', 'eth1'], ['eth0', 'eth1']],
  ];
  for (const [what, devices, existing, expected] of altnames) {
    it(`takes ${what}, where that is an altname`, () => {
      const written = conf('sync0', 'eth1');
      expect(names(namedLinks(printed(...devices), withDevices(written, other), existing))).to.deep.equal(expected);
    });
  }

  it('keeps the configured name of an interface that was deleted with its altname', () => {
    const written = withDevices(conf('sync0', 'eth1'), new Map());
    expect(names(namedLinks(printed('eth1', 'eth1'), written, ['eth1']))).to.deep.equal(['sync0 missing', 'eth1']);
  });

  it('leaves the links as they are where the configuration could not be read', () => {
    expect(namedLinks(printed('eth0'), undefined, ['eth0'])).to.deep.equal(printed('eth0'));
  });
});
