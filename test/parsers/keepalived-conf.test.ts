import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { KeepalivedConf } from '../../src/model/keepalived-conf.js';
import { conntrackSyncGroups, parseKeepalivedConf } from '../../src/parsers/keepalived-conf.js';
import type { KeepalivedSurroundings } from '../../src/parsers/keepalived-conf/lines.js';
import { readIncluded } from './keepalived-conf.includes.js';

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/keepalived-2.2.7/${name}`, import.meta.url));
}

function parseFixture(name: string, configId: string): KeepalivedConf {
  return parseKeepalivedConf(readFileSync(fixture(name), 'utf8'), fixture(name), { configId, readIncluded });
}

function parse(text: string, surroundings: KeepalivedSurroundings = {}): KeepalivedConf {
  return parseKeepalivedConf(text, 'k.conf', surroundings);
}

function warningsOf(text: string, surroundings: KeepalivedSurroundings = {}): string[] {
  return parse(text, surroundings).warnings.map(({ file, line, message }) => `${file}:${line}: ${message}`);
}

describe('parseKeepalivedConf', () => {
  it('reads a firewall pair', () => {
    const conf = parseFixture('pair.conf', 'r1');
    expect(conf.warnings).to.deep.equal([]);
    expect(conf.vrrp_sync_groups).to.deep.equal([
      {
        name: 'GEFOEKOM',
        members: ['LAN', 'WAN'],
        notify: {
          master: { command: '/bin/echo ctsync-failover master GEFOEKOM', user: 'root', group: 'root' },
          backup: { command: "/bin/echo ctsync-failover backup 'GEFOEKOM # 1'", user: 'root' },
          fault: { command: '/bin/echo ctsync-failover fault "GEFOEKOM"' },
          stop: { command: '/bin/true' },
        },
      },
    ]);
    expect(conf.vrrp_instances).to.deep.equal([
      {
        name: 'LAN',
        state: 'BACKUP',
        interface: 'ka0',
        virtual_router_id: 51,
        priority: 150,
        virtual_addresses: [
          { family: 'ipv4', address: '10.91.1.254', prefix_length: 24 },
          { family: 'ipv4', address: '10.91.1.253', interface: 'ka1' },
        ],
        excluded_addresses: [{ family: 'ipv6', address: 'fd91:1::254', prefix_length: 64, interface: 'ka0' }],
        notify: {},
      },
      {
        name: 'WAN',
        state: 'BACKUP',
        interface: 'ka1',
        virtual_router_id: 52,
        priority: 50,
        virtual_addresses: [{ family: 'ipv4', address: '10.91.2.254', prefix_length: 24 }],
        excluded_addresses: [],
        notify: {},
      },
    ]);
  });

  it('keeps every statement with its values, block, file and line', () => {
    const { statements } = parse('a 1 "two words" {\n b\n { c {\n d } e } f\n}\n');
    const file = 'k.conf';
    expect(statements).to.deep.equal([
      {
        ...{ keyword: 'a', values: ['1', 'two words'], file, line: 1 },
        block: [
          {
            ...{ keyword: 'b', values: [], file, line: 2 },
            block: [
              {
                ...{ keyword: 'c', values: [], file, line: 3 },
                block: [{ keyword: 'd', values: [], file, line: 4 }],
              },
              { keyword: 'e', values: [], file, line: 4 },
            ],
          },
          { keyword: 'f', values: [], file, line: 4 },
        ],
      },
    ]);
  });

  it('has nothing for an empty text', () => {
    const nothing = { statements: [], vrrp_sync_groups: [], vrrp_instances: [], warnings: [], unread: [] };
    expect(parse('')).to.deep.equal(nothing);
  });

  it('leaves out what is absent or no number of VRRP', () => {
    const [instance] = parse('vrrp_instance {\n priority high\n virtual_router_id 256\n}').vrrp_instances;
    expect(instance).to.deep.equal({ name: '', virtual_addresses: [], excluded_addresses: [], notify: {} });
    expect(parse('vrrp_sync_group').vrrp_sync_groups).to.deep.equal([{ name: '', members: [], notify: {} }]);
    expect(parse('vrrp_instance V').vrrp_instances[0]).to.have.property('name', 'V');
  });

  it('takes the last of two values, the first of two scripts and of two member lists', () => {
    const text = `vrrp_sync_group G {\ngroup {\nA\n}\ngroup {\nB\n}\nnotify_master /one\nnotify_master /two\n}
      vrrp_instance V {\npriority 1\npriority 2\n}`;
    const conf = parse(text);
    expect(conf.vrrp_sync_groups[0]).to.deep.equal({
      name: 'G',
      members: ['A'],
      notify: { master: { command: '/one' } },
    });
    expect(conf.vrrp_instances[0]).to.have.property('priority', 2);
  });

  it('has no addresses and no interface where their words are missing', () => {
    const text = 'vrrp_instance V {\nvirtual_ipaddress\nvirtual_ipaddress_excluded {\n10.0.0.1 dev\n}\n}';
    const [instance] = parse(text).vrrp_instances;
    expect(instance?.virtual_addresses).to.deep.equal([]);
    expect(instance?.excluded_addresses).to.deep.equal([{ family: 'ipv4', address: '10.0.0.1' }]);
  });

  it('knows every kind of notify line', () => {
    const events = ['master', 'backup', 'fault', 'stop', 'deleted', 'master_rx_lower_pri'];
    const lines = events.map((event) => `notify_${event} /${event}\n`).join('');
    const [instance] = parse(
      `vrrp_instance V {\n${lines}notify /any\nnotify_deleted\nconstructor /x\n}`,
    ).vrrp_instances;
    expect(instance?.notify).to.deep.equal({
      ...Object.fromEntries(events.map((event) => [event, { command: `/${event}` }])),
      notify: { command: '/any' },
    });
  });

  it('warns about addresses that are none', () => {
    const text =
      'vrrp_instance V {\nvirtual_ipaddress {\nbrd 10.0.0.1\n10.0.0.1/33\n::1/129\n10.0.0.1/x\n10.0.0.1/32\n}\n}';
    expect(warningsOf(text)).to.deep.equal([
      'k.conf:3: brd is no address: keepalived leaves it out',
      'k.conf:4: 10.0.0.1/33 is no address: keepalived leaves it out',
      'k.conf:5: ::1/129 is no address: keepalived leaves it out',
      'k.conf:6: 10.0.0.1/x is no address: keepalived leaves it out',
    ]);
  });
});

describe('conntrackSyncGroups', () => {
  const group = (name: string, line: string): string => `vrrp_sync_group ${name} {\n${line}\n}\n`;

  it('finds the groups that call a failover hook or name conntrackd', () => {
    const conf = parse(
      group('A', 'notify_master "/usr/libexec/ctsync-failover master A"') +
        group('B', 'notify_backup "/usr/libexec/vyos/vyos-vrrp-conntracksync.sh backup B"') +
        group('C', 'notify_fault "/opt/primary-backup.sh fault"') +
        group('D', 'notify "/usr/local/bin/x --with /etc/conntrackd/c.conf"') +
        group('E', 'notify_master /opt/wrapper.sh ctsync-failover') +
        group('F', 'notify_master /opt/other.sh') +
        group('G', 'group {\nctsync-failover\n}'),
    );
    expect(conntrackSyncGroups(conf).map(({ name }) => name)).to.deep.equal(['A', 'B', 'C', 'D', 'E']);
  });

  it('finds none where there is none', () => {
    expect(conntrackSyncGroups(parse(''))).to.deep.equal([]);
  });
});
