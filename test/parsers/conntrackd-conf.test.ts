import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import type { ConntrackdConf } from '../../src/model/conntrackd-conf.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';

const CAPTURES = new URL('../fixtures/conntrackd-1.4.7/conf/', import.meta.url);

function parse(text: string): ConntrackdConf {
  return parseConntrackdConf(text, '/etc/conntrackd/conntrackd.conf');
}

/** The capture with the folder of the laboratory it was made in. */
function capture(name: string): string {
  return readFileSync(new URL(name, CAPTURES), 'utf8').replaceAll('LAB/', '/lab/');
}

function warningsOf(text: string): string[] {
  return parse(text).warnings.map(({ line, message }) => (line === undefined ? message : `${line}: ${message}`));
}

// What the two lines about the whole file say is tested by itself.
function warningsAtLines(text: string): string[] {
  return warningsOf(text).filter((warning) => /^\d+:/.test(warning));
}

describe('parseConntrackdConf', () => {
  describe('the captured configurations', () => {
    it('reads FTFW over two multicast links', () => {
      expect(parse(capture('ftfw_mcast2.r1.conf'))).to.deep.equal({
        general: {
          systemd: false,
          hash_size: 32768,
          hash_limit: 131072,
          log_file: '/lab/run/ftfw_mcast2/r1.log',
          syslog: false,
          lock_file: '/lab/run/ftfw_mcast2/r1.lock',
          unix_path: '/lab/run/ftfw_mcast2/r1.sock',
          netlink_buffer_size: 2097152,
          netlink_buffer_size_max_growth: 8388608,
          filter: {
            from: 'userspace',
            protocols: {
              policy: 'accept',
              names: ['TCP', 'UDP', 'SCTP', 'DCCP', 'UDPLite', 'GRE', 'ICMP', 'IPv6-ICMP'],
            },
            addresses: {
              policy: 'ignore',
              addresses: [
                { family: 'ipv4', address: '127.0.0.1' },
                { family: 'ipv6', address: '::1' },
                { family: 'ipv4', address: '10.91.9.1' },
                { family: 'ipv4', address: '10.91.9.2' },
                { family: 'ipv4', address: '10.91.10.1' },
                { family: 'ipv4', address: '10.91.10.2' },
              ],
            },
          },
        },
        sync: {
          mode: 'ftfw',
          resend_queue_size: 131072,
          purge_timeout: 60,
          ack_window_size: 300,
          disable_external_cache: false,
          links: [
            {
              transport: 'multicast',
              default: true,
              address: '225.0.0.50',
              group: 3780,
              interface_address: '10.91.9.1',
              interface: 'sync0',
              send_buffer_size: 1249280,
              receive_buffer_size: 1249280,
              checksum: true,
            },
            {
              transport: 'multicast',
              default: false,
              address: '225.0.0.50',
              group: 3781,
              interface_address: '10.91.10.1',
              interface: 'sync1',
              send_buffer_size: 1249280,
              receive_buffer_size: 1249280,
              checksum: true,
            },
          ],
          tcp_window_tracking: true,
          expectation_sync: true,
        },
        warnings: [],
      });
    });

    it('reads NOTRACK over UDP', () => {
      const { sync } = parse(capture('notrack_udp_noint.r2.conf'));
      expect(sync).to.include({ mode: 'notrack', disable_internal_cache: true });
      expect(sync?.links).to.have.length(1);
      expect(sync?.links[0]).to.include({ transport: 'udp', default: false, interface: 'sync0' });
      expect(sync?.links[0]).to.have.keys(
        ...['transport', 'default', 'address', 'destination_address', 'port', 'interface'],
        ...['send_buffer_size', 'receive_buffer_size', 'checksum'],
      );
    });

    it('reads statistics mode', () => {
      const conf = parse(capture('stats.r1.conf'));
      expect(conf).to.have.property('stats').that.has.property('log_file');
      expect(conf).not.to.have.property('sync');
    });

    it('reads every one of them', () => {
      const files = readdirSync(CAPTURES);
      expect(files).to.have.length(13);
      for (const file of files) expect(parse(capture(file)).general.unix_path, file).to.match(/^\/lab\//);
    });
  });

  describe('General', () => {
    it('reads what the captures do not have', () => {
      const text = `General { SocketBufferSize 1 SocketBufferSizeMaxGrown 2 EventIterationLimit 4 PollSecs 15
        LogFile Yes Syslog local3 NetlinkEventsReliable On NetlinkOverrunResync off Systemd YES
        Scheduler { Type FIFO Priority 99 } UNIX { Path /run/c.sock } }`;
      expect(parse(text).general).to.deep.equal({
        netlink_buffer_size: 1,
        netlink_buffer_size_max_growth: 2,
        event_iteration_limit: 4,
        poll_seconds: 15,
        log_file: true,
        syslog: 'local3',
        netlink_events_reliable: true,
        netlink_overrun_resync: false,
        systemd: true,
        scheduler: { type: 'fifo', priority: 99 },
        unix_path: '/run/c.sock',
      });
    });

    it('takes seconds for NetlinkOverrunResync, and the value written last', () => {
      const text = 'General { NetlinkOverrunResync on NetlinkOverrunResync 12 SocketBufferSizeMaxGrowth 3 HashSize 7 }';
      const { general } = parse(`${text} General { HashSize 9 }`);
      expect(general).to.deep.equal({
        netlink_overrun_resync: 12,
        netlink_buffer_size_max_growth: 3,
        hash_size: 9,
      });
    });

    it('keeps one list of a filter that is written in parts, under the last policy', () => {
      const text = `General { Filter From Kernelspace {
        Protocol Accept { tcp UDP } Protocol Ignore { SCTP }
        Address Accept { IPv4_address 10.0.0.0/8 } Address Ignore { IPv6_address fd00::/8 IPv6_address ::1 }
        State Accept { ESTABLISHED CLOSED for TCP LISTEN for TCP for TCP } State Accept { } } Filter { } }`;
      expect(parse(text).general.filter).to.deep.equal({
        from: 'kernelspace',
        protocols: { policy: 'ignore', names: ['tcp', 'UDP', 'SCTP'] },
        addresses: {
          policy: 'ignore',
          addresses: [
            { family: 'ipv4', address: '10.0.0.0', prefix_length: 8 },
            { family: 'ipv6', address: 'fd00::', prefix_length: 8 },
            { family: 'ipv6', address: '::1' },
          ],
        },
        states: { policy: 'accept', names: ['ESTABLISHED', 'CLOSED', 'LISTEN'] },
      });
    });
  });

  describe('Sync', () => {
    it('reads ALARM over TCP', () => {
      const text = `Sync { Mode ALARM { RefreshTime 15 CacheTimeout 180 } CommitTimeout 5 PurgeTimeout 6
        TCP Default { IPv6_address fe80::1 IPv6_Destination_Address fe80::2 Port 3781 ErrorQueueLength 64
          Interface eth2 Checksum no } Options { ExpectationSync { ftp q.931 } } }`;
      expect(parse(text).sync).to.deep.equal({
        mode: 'alarm',
        refresh_time: 15,
        cache_timeout: 180,
        commit_timeout: 5,
        purge_timeout: 6,
        links: [
          {
            transport: 'tcp',
            default: true,
            address: 'fe80::1',
            destination_address: 'fe80::2',
            port: 3781,
            error_queue_length: 64,
            interface: 'eth2',
            checksum: false,
          },
        ],
        expectation_sync: ['ftp', 'q.931'],
      });
    });

    it('adds the helpers of a second list, and forgets them for on or off', () => {
      const lists = 'ExpectationSync { ftp } ExpectationSync { sip }';
      expect(parse(`Sync { Options { ${lists} } }`).sync?.expectation_sync).to.deep.equal(['ftp', 'sip']);
      expect(parse(`Sync { Options { ${lists} ExpectationSync off } }`).sync?.expectation_sync).to.equal(false);
    });

    it('takes the old names of two modes, with a warning', () => {
      expect(parse('Sync { Mode NACK { StartupResync on } }').sync).to.include({ mode: 'ftfw', startup_resync: true });
      expect(parse('Sync { Mode PERSISTENT { } }').sync).to.include({ mode: 'alarm' });
      expect(warningsAtLines('Sync {\nMode nack { } }')).to.deep.equal(['2: the mode nack is called FTFW now']);
      expect(warningsAtLines('Sync { Mode PERSISTENT { } }')).to.deep.equal([
        '1: the mode PERSISTENT is called ALARM now',
      ]);
    });
  });

  describe('Helper', () => {
    it('reads helpers, their queues and their policies', () => {
      const text = `Helper { Setup yes Type ftp inet tcp { QueueNum 3 QueueLen 10240
        Policy ftp { ExpectMax 1 ExpectTimeout 300 } } Type dhcpv6 inet6 udp { } }`;
      expect(parse(text).helper).to.deep.equal({
        setup: true,
        types: [
          {
            name: 'ftp',
            family: 'inet',
            transport: 'tcp',
            queue_number: 3,
            queue_length: 10240,
            policies: [{ name: 'ftp', expect_max: 1, expect_timeout: 300 }],
          },
          { name: 'dhcpv6', family: 'inet6', transport: 'udp', policies: [] },
        ],
      });
    });

    it('gives options outside of a Type to the Type that is closed next', () => {
      const text = 'Helper { QueueNum 5 Type ftp inet tcp { Type rpc inet udp { QueueLen 2 } QueueNum 6 } }';
      expect(parse(text).helper?.types).to.deep.equal([
        { name: 'rpc', family: 'inet', transport: 'udp', queue_number: 5, queue_length: 2, policies: [] },
        { name: 'ftp', family: 'inet', transport: 'tcp', queue_number: 6, policies: [] },
      ]);
    });

    it('warns about helpers and policies that conntrack-tools 1.4.7 has no module for', () => {
      expect(warningsAtLines('Helper { Type ftp inet udp { } Type constructor inet tcp { } }')).to.deep.equal([
        '1: conntrackd 1.4.7 has no udp helper ftp: it stops unless one is installed',
        '1: conntrackd 1.4.7 has no tcp helper constructor: it stops unless one is installed',
      ]);
      expect(warningsAtLines('Helper { Type ftp inet tcp { Policy x { ExpectMax 1 } } }')).to.deep.equal([
        '1: the helper ftp has no policy x: conntrackd 1.4.7 stops there',
      ]);
    });
  });
});
