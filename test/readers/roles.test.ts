import { expect } from 'chai';
import type { InterfaceAddress } from '../../src/model/ip-address.js';
import { parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';
import { rolesOf } from '../../src/readers/status/roles.js';

const CONF = parseKeepalivedConf(
  `
vrrp_sync_group A {
  group {
    LAN
    WAN
  }
}
vrrp_sync_group B {
  group {
    DMZ
  }
}
vrrp_sync_group EMPTY {
  group {
    NOSUCH
  }
}
vrrp_instance LAN {
  virtual_ipaddress {
    10.0.0.1/24 dev eth1
  }
  virtual_ipaddress_excluded {
    2001:0DB8::0001/64
  }
}
vrrp_instance WAN {
  virtual_ipaddress {
    192.0.2.1
  }
}
vrrp_instance DMZ {
  virtual_ipaddress {
    172.16.0.1/16
  }
}
`,
  'keepalived.conf',
);
const OF_A = ['10.0.0.1', '2001:0DB8::0001', '192.0.2.1'];

/** The roles of a node that has these addresses. */
function roles(...own: string[]) {
  const addresses = own.map((address): InterfaceAddress => ({
    interface: 'eth1',
    family: address.includes(':') ? 'ipv6' : 'ipv4',
    address,
    prefix_length: 24,
    scope: 'global',
  }));
  return rolesOf(CONF.vrrp_sync_groups, CONF, addresses);
}

describe('readers/roles', () => {
  it('is master of a group with all its addresses, however they are written', () => {
    expect(roles('10.0.0.1', '10.0.0.2', '2001:db8::1', '192.0.2.1')[0]).to.deep.equal({
      sync_group: 'A',
      role: 'master',
      held: OF_A,
      missing: [],
    });
  });

  it('is backup of a group with none of them', () => {
    expect(roles('10.0.0.2', '192.0.2.10')[0]).to.deep.equal({
      sync_group: 'A',
      role: 'backup',
      held: [],
      missing: OF_A,
    });
  });

  it('is partly master with some of them', () => {
    expect(roles('192.0.2.1')[0]).to.deep.equal({
      sync_group: 'A',
      role: 'partial',
      held: ['192.0.2.1'],
      missing: ['10.0.0.1', '2001:0DB8::0001'],
    });
  });

  it('tells each group apart: two nodes may be master of one each', () => {
    expect(roles('172.16.0.1').map(({ sync_group, role }) => `${role} of ${sync_group}`)).to.deep.equal([
      'backup of A',
      'master of B',
    ]);
  });

  it('can tell nothing of a group without addresses', () => {
    expect(roles().map(({ sync_group }) => sync_group)).to.not.include('EMPTY');
  });
});
