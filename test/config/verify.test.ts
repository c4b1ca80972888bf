import { expect } from 'chai';
import { verify } from '../../src/config/verify/verify.js';
import type { VerifySurroundings } from '../../src/config/verify/material.js';
import { conntrackSyncGroups, faultyHooks, parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';
import { SURROUNDINGS } from '../support/render-surroundings.js';
import { configurationOf } from '../support/sync-configurations.js';

const keepalived = parseKeepalivedConf(
  `vrrp_sync_group G {
  group {
    LAN
  }
  notify_master "/usr/libexec/ctsync-failover master G"
}
vrrp_sync_group OTHER {
  group {
    WAN
  }
}
vrrp_instance LAN {
  virtual_ipaddress {
    10.255.254.1/24
  }
}
`,
  'keepalived.conf',
);

const AROUND: VerifySurroundings = {
  ...SURROUNDINGS,
  interfaces: ['lo', 'eth0', 'eth3', 'eth9'],
  mtus: new Map([['eth0', 1500]]),
  keepalived,
  hooked: conntrackSyncGroups(keepalived),
  faultyHooks: [],
  memory: 8 * 2 ** 30,
  notes: [],
};

/** What leaves nothing to be found on that node. */
const IGNORED = ['127.0.0.0/8', '10.255.0.0/16', 'fd00::/8'].map((network) => `ignore-address ${network}`);
const GROUP = 'failover-mechanism vrrp sync-group G';

function found(statements: readonly string[], changes: Partial<VerifySurroundings> = {}) {
  return verify(configurationOf(...statements), { ...AROUND, ...changes });
}

function only(statements: readonly string[], changes: Partial<VerifySurroundings> = {}) {
  const [finding, ...others] = found([GROUP, ...IGNORED, ...statements], changes);
  expect(others).to.deep.equal([]);
  return finding;
}

describe('the verification of a configuration', () => {
  it('finds nothing where nothing is wrong', () => {
    expect(found(['interface eth0', GROUP, ...IGNORED])).to.deep.equal([]);
    const unicast = ['interface eth0 peer 10.255.254.3', 'listen-address 10.255.254.2'];
    expect(found([...unicast, GROUP, ...IGNORED])).to.deep.equal([]);
  });

  for (const [what, statements, expected] of [
    ['no link', [], { message: 'There is no dedicated link.', lines: ['set service conntrack-sync interface NAME'] }],
    [
      'no such interface',
      ['interface eth1'],
      { message: 'There is no interface eth1 on this node.', statement: 'interface eth1' },
    ],
    ['no IPv4 address', ['interface eth9'], { message: 'eth9 has no IPv4 address, which multicast needs.' }],
    [
      'two multicast links at one endpoint',
      ['interface eth0', 'interface eth3'],
      { statement: 'interface eth3', lines: ["set service conntrack-sync interface eth3 port '3781'"] },
    ],
    [
      'two unicast links at one port of all addresses',
      ['interface eth0 peer 10.255.254.3', 'interface eth3 peer 10.255.253.3', 'listen-address 10.255.254.2'],
      { lines: ["set service conntrack-sync interface eth3 port '3781'"] },
    ],
    [
      'multicast and unicast',
      ['interface eth0', 'interface eth3 peer 10.255.253.3', 'listen-address 10.255.253.2'],
      { statement: 'interface eth0', lines: ['set service conntrack-sync interface eth0 peer ADDR'] },
    ],
    [
      'a peer that is the node itself',
      ['interface eth0 peer 10.255.253.2'],
      { message: '10.255.253.2 is an address of this node itself, on eth3, and not of its peer.' },
    ],
    [
      'a foreign listen-address',
      ['interface eth0 peer 10.255.254.3', 'listen-address 10.255.254.2', 'listen-address 192.0.2.1'],
      { statement: "listen-address '192.0.2.1'" },
    ],
    [
      'a listen-address of another interface',
      ['interface eth0 peer 10.255.254.3', 'listen-address 10.255.254.2', 'listen-address 10.255.253.2'],
      { message: '10.255.253.2 is on eth3, which is no dedicated link, and not on eth0.' },
    ],
    [
      'expect-sync all with others',
      ['interface eth0', 'expect-sync all', 'expect-sync ftp'],
      { message: 'expect-sync all covers ftp: it stands alone.' },
    ],
    [
      'what conntrackd would refuse',
      ['interface eth0', "pass-through file 'Stats { LogFile on }'"],
      { message: /^conntrackd would refuse it: .*Sync or Stats, not both\.$/ },
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      const errors = found([GROUP, ...IGNORED, ...statements]).filter(({ severity }) => severity === 'error');
      expect(errors).to.have.length(1);
      const { message, ...others } = expected as { message?: string | RegExp; statement?: string; lines?: string[] };
      if (message instanceof RegExp) expect(errors[0]?.message).to.match(message);
      else if (message !== undefined) expect(errors[0]?.message).to.equal(message);
      expect(errors[0]).to.deep.include(others);
    });
  }

  it('takes five links for too many', () => {
    const links = ['eth0', 'eth3', 'eth9', 'eth4', 'eth5'].map(
      (name, index) => `interface ${name} port ${3780 + index}`,
    );
    const messages = found([GROUP, ...IGNORED, ...links]).map(({ message }) => message);
    expect(messages).to.include('There are 5 dedicated links, and conntrackd takes 4 at most.');
  });

  for (const [what, statements, message, changes] of [
    [
      'a peer that is on no network of the link',
      ['interface eth0 peer 10.9.9.9', 'listen-address 10.255.254.2', 'ignore-address 10.9.9.9'],
      /^10\.9\.9\.9 is in no network of eth0 \(10\.255\.254\.2\/24\)/,
    ],
    ['a link that listens everywhere', ['interface eth0 peer 10.255.254.3'], /^No listen-address is on eth0/],
    [
      'a listen-address without effect',
      ['interface eth0', 'listen-address 10.255.254.2'],
      /^listen-address has no effect on multicast links\.$/,
    ],
    ['nfs without its helper', ['interface eth0', 'expect-sync nfs'], /^The kernel has no helper for nfs of its own/],
    [
      'a statement in whose place another stands',
      ['interface eth0', 'purge-timeout 61', "pass-through mode 'PurgeTimeout 62'"],
      /^purge-timeout has no effect/,
    ],
    ['an MTU that is small', ['interface eth0'], /^eth0 has an MTU of 576/, { mtus: new Map([['eth0', 576]]) }],
    ['an MTU that is large', ['interface eth0'], /^eth0 has an MTU of 9000/, { mtus: new Map([['eth0', 9000]]) }],
    [
      'little memory',
      ['interface eth0'],
      /^HashLimit 524288 lets conntrackd keep flows of 0\.3 GiB/,
      { memory: 2 ** 27 },
    ],
    [
      'buffers in a container',
      ['interface eth0', 'sync-queue-size 2'],
      /^sync-queue-size asks for 2097152 bytes/,
      { bufferLimits: { receive: 2 ** 30, send: 212992 } },
    ],
  ] as const) {
    it(`warns of ${what}`, () => {
      const finding = only(statements, changes);
      expect(finding?.severity).to.equal('warning');
      expect(finding?.message).to.match(message);
    });
  }

  it('wants a sync group, and names those that there are', () => {
    const [finding] = found(['interface eth0', ...IGNORED]);
    expect(finding?.severity).to.equal('error');
    expect(finding?.lines).to.deep.equal([
      "set service conntrack-sync failover-mechanism vrrp sync-group 'G'",
      "set service conntrack-sync failover-mechanism vrrp sync-group 'OTHER'",
    ]);
  });

  it('looks for the sync group and its hook in the configuration of keepalived', () => {
    const withGroup = (name: string, changes: Partial<VerifySurroundings> = {}) =>
      found(['interface eth0', ...IGNORED, `failover-mechanism vrrp sync-group ${name}`], changes).map(
        ({ severity, message }) => `${severity}: ${message}`,
      );
    expect(withGroup('NONE')).to.deep.equal(["error: keepalived's configuration has no sync group NONE."]);
    expect(withGroup('OTHER')[0]).to.equal(
      'warning: The sync group OTHER of keepalived has no notify lines that tell conntrackd of its transitions. "ctsync show configuration hook" prints the lines to add.',
    );
    expect(withGroup('G', { faultyHooks: faultyHooks(keepalived) })[0]).to.equal(
      'warning: The sync group G of keepalived tells conntrackd of some transitions only: notify_backup, notify_fault is missing or wrong. "ctsync show configuration hook" prints the lines to add.',
    );
    expect(withGroup('OTHER')[1]).to.match(/^warning: Beside OTHER, keepalived tells conntrackd of G, too/);
    const { keepalived: _keepalived, ...without } = AROUND;
    expect(
      verify(configurationOf('interface eth0', GROUP, ...IGNORED), {
        ...without,
        keepalivedMissing: 'k does not exist',
      })[0],
    ).to.include({
      severity: 'error',
      message: 'keepalived has no sync group G: k does not exist.',
    });
  });

  it('asks to ignore what the node says for itself, and virtual addresses apart', () => {
    const [own, virtual] = found(['interface eth0', GROUP]);
    expect(own?.lines).to.deep.equal(
      ['127.0.0.1', '10.255.254.2', 'fd00::2', '10.255.253.2'].map(
        (address) => `set service conntrack-sync ignore-address '${address}'`,
      ),
    );
    expect(virtual?.lines).to.deep.equal(["set service conntrack-sync ignore-address '10.255.254.1'"]);
    expect(virtual?.message).to.include('only where no flow is translated to them');
  });

  it('says everything at once, errors first', () => {
    const all = found(['interface eth1', 'interface eth0 peer 10.255.254.2', 'expect-sync nfs']);
    expect(all.filter(({ severity }) => severity === 'error')).to.have.length.at.least(3);
    const severities = all.map(({ severity }) => severity);
    expect(severities.lastIndexOf('error')).to.be.below(severities.indexOf('warning'));
  });
});
