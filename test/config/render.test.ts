import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import { importConntrackdConf } from '../../src/config/import/import.js';
import { renderConntrackdConf } from '../../src/config/render/conntrackd-conf.js';
import { commandsOf } from '../../src/config/statements/print.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { failureOf } from '../support/failures.js';
import { SURROUNDINGS } from '../support/render-surroundings.js';
import { configurationOf } from '../support/sync-configurations.js';
import { effective } from '../support/effective-conf.js';

function rendered(...statements: string[]) {
  const text = renderConntrackdConf(configurationOf(...statements), SURROUNDINGS);
  return { text, conf: parseConntrackdConf(text, 'conntrackd.conf') };
}

describe('conntrackd.conf of statements', () => {
  it("is the documentation's configuration, each line with its statement", () => {
    const { text } = rendered(
      'accept-protocol tcp',
      'accept-protocol udp',
      'accept-protocol icmp',
      'event-listen-queue-size 8',
      'failover-mechanism vrrp sync-group GEFOEKOM',
      'interface eth0',
      'mcast-group 225.0.0.50',
      'sync-queue-size 8',
    );
    expect(text).to.equal(readFileSync(new URL('../fixtures/config/documentation.conf', import.meta.url), 'utf8'));
  });

  it('has a unicast link to each peer, which listens where its interface has the address', () => {
    const { conf } = rendered(
      'interface eth0 peer 10.255.254.3',
      'interface eth3 peer 10.255.253.3',
      'interface eth3 port 3781',
      'listen-address 10.255.253.2',
      'listen-address 10.255.254.2',
      'sync-queue-size 2',
    );
    const common = { send_buffer_size: 2097152, receive_buffer_size: 2097152, checksum: true, transport: 'udp' };
    expect(conf.sync?.links).to.deep.equal([
      {
        ...common,
        default: true,
        interface: 'eth0',
        address: '10.255.254.2',
        destination_address: '10.255.254.3',
        port: 3780,
      },
      {
        ...common,
        default: false,
        interface: 'eth3',
        address: '10.255.253.2',
        destination_address: '10.255.253.3',
        port: 3781,
      },
    ]);
  });

  it('has IPv6 links', () => {
    expect(rendered('interface eth0 peer fd00::3', 'listen-address fd00::2').conf.sync?.links[0]).to.include({
      address: 'fd00::2',
      destination_address: 'fd00::3',
    });
    const [multicast] = rendered('interface eth0', 'mcast-group ff02::50').conf.sync?.links ?? [];
    expect(multicast).to.include({ address: 'ff02::50' }).and.to.not.have.property('interface_address');
  });

  it("names the kernel's helpers, which conntrackd compares with", () => {
    const { conf } = rendered('expect-sync h323', 'expect-sync nfs', 'expect-sync sqlnet', 'expect-sync ftp');
    expect(conf.sync?.expectation_sync).to.deep.equal(['ftp', 'ras', 'q.931', 'h.245', 'rpc', 'tns']);
    expect(rendered('expect-sync all').conf.sync?.expectation_sync).to.equal(true);
    expect(rendered('interface eth0').conf.sync).to.not.have.property('expectation_sync');
  });

  it('has helpers only where they are asked for', () => {
    expect(rendered('interface eth0').conf).to.not.have.property('helper');
    expect(rendered('helper tns', 'helper rpc').conf.helper?.types).to.have.length(3);
  });

  it('never begins with a larger queue of events than it may have', () => {
    expect(rendered('event-listen-queue-size 1').conf.general).to.include({
      netlink_buffer_size: 1048576,
      netlink_buffer_size_max_growth: 1048576,
    });
  });

  it('puts what is passed through in the place of its own line', () => {
    const { conf, text } = rendered(
      'interface eth0',
      "interface eth0 pass-through 'Checksum off'",
      "pass-through general 'LogFile /var/log/conntrackd.log'",
      "pass-through general 'UNIX { Path /run/other.sock }'",
      "pass-through sync 'Mode NOTRACK { DisableInternalCache on }'",
    );
    expect(conf.general).to.include({ log_file: '/var/log/conntrackd.log', unix_path: '/run/other.sock' });
    expect(conf.sync)
      .to.include({ mode: 'notrack', disable_internal_cache: true })
      .and.to.not.have.property('purge_timeout');
    expect(conf.sync?.links[0]?.checksum).to.equal(false);
    expect(text.match(/LogFile|Checksum|Path /g)).to.have.length(3);
  });
});

describe('the import of a conntrackd.conf', () => {
  const folder = new URL('../fixtures/conntrackd-1.4.7/conf/', import.meta.url);
  for (const name of readdirSync(folder).filter((each) => each.endsWith('.conf'))) {
    it(`loses nothing of ${name}`, () => {
      const text = readFileSync(new URL(name, folder), 'utf8').replaceAll('LAB/', '/lab/');
      const { configuration, notes } = importConntrackdConf(text, name, SURROUNDINGS);
      const made = parseConntrackdConf(renderConntrackdConf(configuration, SURROUNDINGS), name);
      const wanted = parseConntrackdConf(text, name);
      expect(effective(made, wanted)).to.deep.equal(effective(wanted, wanted));
      expect(
        notes.some((note) => note.startsWith('Stats')),
        'stats',
      ).to.equal(wanted.stats !== undefined);
    });
  }

  it('finds the statements of what has some, and passes the rest through', () => {
    const text = readFileSync(new URL('ftfw_udp_noext.r1.conf', folder), 'utf8').replaceAll('LAB/', '/lab/');
    const statements = commandsOf(importConntrackdConf(text, 'c', SURROUNDINGS).configuration);
    expect(statements.map((each) => each.replace('set service conntrack-sync ', ''))).to.deep.equal([
      'disable-external-cache',
      'disable-syslog',
      "expect-sync 'all'",
      ...['10.91.9.1', '10.91.9.2', '10.91.10.1', '10.91.10.2', '127.0.0.1', '::1'].map(
        (address) => `ignore-address '${address}'`,
      ),
      "interface sync0 pass-through 'IPv4_address 10.91.9.1'",
      "interface sync0 pass-through 'SndSocketBuffer 1249280'",
      "interface sync0 pass-through 'RcvSocketBuffer 1249280'",
      "interface sync0 peer '10.91.9.2'",
      "listen-address '10.91.9.1'",
      "pass-through filter 'Protocol Accept { DCCP GRE ICMP IPv6-ICMP SCTP TCP UDP UDPLite }'",
      "pass-through general 'HashSize 32768'",
      "pass-through general 'HashLimit 131072'",
      "pass-through general 'LogFile /lab/run/ftfw_udp_noext/r1.log'",
      "pass-through general 'LockFile /lab/run/ftfw_udp_noext/r1.lock'",
      "pass-through general 'UNIX { Path /lab/run/ftfw_udp_noext/r1.sock }'",
      "pass-through general 'Systemd off'",
      "pass-through mode 'ResendQueueSize 131072'",
      "pass-through mode 'ACKWindowSize 300'",
      "pass-through options 'TCPWindowTracking on'",
    ]);
  });

  it('says what a configuration of statistics mode has, and has no place for', () => {
    const text = readFileSync(new URL('../fixtures/config/statistics-mode.conf', import.meta.url), 'utf8');
    const { configuration, notes } = importConntrackdConf(text, '/etc/conntrackd/conntrackd.conf', SURROUNDINGS);
    expect(commandsOf(configuration).map((each) => each.replace('set service conntrack-sync ', ''))).to.deep.equal([
      "pass-through general 'HashSize 8192'",
      "pass-through general 'HashLimit 65535'",
      "pass-through general 'NetlinkBufferSize 262142'",
      "pass-through general 'NetlinkBufferSizeMaxGrowth 655355'",
      "pass-through general 'Systemd on'",
    ]);
    expect(notes).to.deep.equal([
      'Stats { … } has no place beside Sync, and is left out.',
      'Line 8 of /etc/conntrackd/conntrackd.conf: Backlog is deprecated: conntrackd ignores it.',
      "What /etc/conntrackd/conntrackd.conf leaves to conntrackd's own defaults is set from now on, and may differ from them: LogFile off; NetlinkOverrunResync off; NetlinkEventsReliable on; PurgeTimeout 60; DisableExternalCache off; StartupResync off.",
    ]);
  });

  it('refuses what conntrackd refuses', () => {
    expect(failureOf(() => importConntrackdConf('Sync {', 'c', SURROUNDINGS)).code).to.equal('CONFIG_INVALID');
  });

  it('refuses a name that no statement can hold', () => {
    const failure = failureOf(() => importConntrackdConf('General { LogFile /var/log/ä }', 'c', SURROUNDINGS));
    expect(failure.message).to.equal('c has a statement that can not be kept: a name in it is not plain ASCII.');
  });
});
