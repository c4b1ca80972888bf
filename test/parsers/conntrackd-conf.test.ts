import { readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import type { ConntrackdConf } from '../../src/model/conntrackd-conf.js';
import { Failure } from '../../src/model/failure.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { Mistake } from '../../src/parsers/conntrackd-conf/cursor.js';

const CAPTURES = new URL('../fixtures/conntrackd-1.4.7/conf/', import.meta.url);

function parse(text: string): ConntrackdConf {
  return parseConntrackdConf(text, '/etc/conntrackd/conntrackd.conf');
}

function failureOf(text: string): Failure {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('no failure');
}

function mistakeOf(text: string): { line: number; symbol: string; reason: string } {
  const { cause } = failureOf(text);
  if (!(cause instanceof Mistake)) throw new Error('no mistake');
  return { line: cause.line, symbol: cause.symbol, reason: cause.reason };
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

  describe('warnings', () => {
    const CASES: [string, string[]][] = [
      ['General { UNIX { Backlog 20 } }', ['1: Backlog is deprecated: conntrackd ignores it']],
      ['General { Nice -20 }', ['1: Nice is deprecated: conntrackd ignores it']],
      ['General { Syslog kern }', ['1: conntrackd does not know the syslog facility kern and ignores it']],
      ['Stats { Syslog kern }', ['1: conntrackd does not know the syslog facility kern and ignores it']],
      [
        'General { Syslog on } Stats { Syslog local1 }',
        ['1: General and Stats name different syslog facilities: conntrackd takes that of General'],
      ],
      [
        'Stats { Syslog local1 } General {\n Syslog local2 }',
        ['2: General and Stats name different syslog facilities: conntrackd takes that of General'],
      ],
      ['General { Syslog local1 } Stats { Syslog local1 LogFile /x }', []],
      ['General { Syslog on } Stats { Syslog daemon }', []],
      ['General { Syslog off } Stats { Syslog local1 }', []],
      [
        'General { Filter { Address Ignore { IPv4_address ::1 IPv6_address 1.2.3.4 IPv4_address 1.2.3.4/33 } } }',
        [
          '1: ::1 is no IPv4 address or network: conntrackd ignores it',
          '1: 1.2.3.4 is no IPv6 address or network: conntrackd ignores it',
          '1: 1.2.3.4/33 is no IPv4 address or network: conntrackd ignores it',
        ],
      ],
      [
        'General { Filter { Address Ignore { IPv4_address 10.0.0.0/8 IPv4_address 10.0.0.0/8 } } }',
        ['1: 10.0.0.0/8 is in this filter already'],
      ],
      [
        'Sync { Multicast { IPv4_address 999.1.1.1 IPv6_address 1:2 IPv6_interface ::1 } }',
        [
          '1: 999.1.1.1 is no IPv4 address: conntrackd ignores it',
          '1: 1:2 is no IPv6 address: conntrackd ignores it',
          '1: IPv6_interface is not needed: conntrackd ignores it',
        ],
      ],
      [
        'Sync { Multicast { IPv6_address ff02::1 IPv4_interface 10.0.0.1 } }',
        ['1: 10.0.0.1 and another address of this multicast link are of different families'],
      ],
      ['Sync { UDP { IPv4_address 1.2.3.4/24 } }', ['1: 1.2.3.4/24 is no IPv4 address: conntrackd ignores it']],
      ['Sync { UDP { IPv4_address 010.0.0.0377 } }', []],
      ['Sync { UDP { IPv4_address 010.0.0.08 } }', ['1: 010.0.0.08 is no IPv4 address: conntrackd ignores it']],
      [
        'General { HashSize 4294967301 HashLimit 99999999999999999999 }',
        [
          '1: HashSize is larger than 32 bits hold: conntrackd reads 5',
          '1: HashLimit is larger than 32 bits hold: conntrackd reads 4294967295',
        ],
      ],
      [
        'General { HashSize 9999999999999999999 }',
        ['1: HashSize is larger than 32 bits hold: conntrackd reads 4294967295'],
      ],
      ['General { HashSize 007 }', []],
      [
        'General { }\né General {',
        ['2: conntrackd stops reading at a byte that is not ASCII: what follows has no effect'],
      ],
    ];
    for (const [text, warnings] of CASES) {
      it(`gives ${warnings.length} for ${text}`, () => {
        expect(warningsAtLines(text)).to.deep.equal(warnings);
      });
    }

    it('says what is missing in the whole file', () => {
      expect(warningsOf('')).to.deep.equal([
        'General has no UNIX { Path … }: no request can reach conntrackd',
        'there is neither Sync nor Stats: conntrackd runs, but does nothing',
      ]);
      expect(warningsOf('General { UNIX { Path /x } } Sync { CommitTimeout 1 }')).to.deep.equal([
        'Sync has no Mode: conntrackd takes FTFW',
      ]);
    });

    it('says that CommitTimeout has no effect without the external cache', () => {
      const text = 'General { UNIX { Path /x } } Sync { Mode FTFW { CommitTimeout 1 DisableExternalCache on } }';
      expect(warningsOf(text)).to.deep.equal([
        'CommitTimeout has no effect with DisableExternalCache: conntrackd ignores it',
      ]);
    });

    it('ignores what it warned about', () => {
      const { sync, general } = parse(
        'General { Syslog on Syslog kern } Sync { Multicast { IPv4_address 999.1.1.1 } }',
      );
      expect(sync?.links).to.deep.equal([{ transport: 'multicast', default: false }]);
      expect(general).to.deep.equal({ syslog: true });
    });
  });

  describe('mistakes', () => {
    it('name the file, the line, the symbol and the way on', () => {
      expect(failureOf('Sync {\n Mode FTFW { }\n Bogus\n}\n').report()).to.deep.equal({
        code: 'CONFIG_INVALID',
        message:
          "/etc/conntrackd/conntrackd.conf has a mistake in line 3 at the symbol 'Bogus': conntrackd 1.4.7 does not know it in Sync.",
        next: 'Correct the line: conntrackd stops there too, as `conntrackd -C /etc/conntrackd/conntrackd.conf -s` shows.',
      });
    });

    it('show no control characters and no more than a line of the symbol', () => {
      expect(failureOf(`/\u001b[31m${'x'.repeat(1e6)}`).message)
        .to.have.length.below(250)
        .and.to.contain("symbol '/\\u{1b}[31mxxx");
    });

    const CASES: [string, number, string, RegExp][] = [
      ['General { Group 5 }', 1, 'Group', /does not belong in General/],
      ['General { HashSize lots }', 1, 'lots', /a number has to stand here/],
      ['General { Systemd true }', 1, 'true', /on, off, yes or no/],
      ['Sync {\n', 2, '', /file ends too early/],
      ['General { #c }', 1, '#', /does not belong/],
      ['Sync { é', 1, 'é', /does not belong/],
      ['Sync { Mode BOTH { } }', 1, 'BOTH', /FTFW, NOTRACK or ALARM/],
      ['Sync { Multicast { Interface Group } }', 1, 'Group', /name of an interface/],
      ['Sync { Multicast { Interface e } }', 1, 'e', /name of an interface/],
      ['Sync { Multicast { Interface eth0@if3 } }', 1, '@', /does not belong in Multicast/],
      ['General { Filter { State Accept { ESTABLISHED } } }', 1, '}', /or for has to stand here/],
      ['General { Filter { State Accept { CLOSE for UDP } } }', 1, 'UDP', /TCP has to stand here/],
      ['General { Filter { Protocol Accept { 6 } } }', 1, '6', /name of a protocol/],
      ['Stats { } Sync { }', 1, 'Sync', /Sync or Stats, not both/],
      ['Sync { } Stats { }', 1, 'Stats', /Sync or Stats, not both/],
      ['Stats { NetlinkEventsReliable yes }', 1, 'NetlinkEventsReliable', /does not belong in Stats/],
      ['Sync { Multicast { }\nUDP { } }', 2, 'UDP', /links of one kind only: multicast is used/],
      [`Sync { ${'UDP { Port 1 }\n'.repeat(5)} }`, 5, 'Port', /4 dedicated links at most/],
      ['General { PollSecs 0 }', 1, '0', /larger than 0/],
      ['General { Scheduler { Priority 100 } }', 1, '100', /from 0 to 99/],
      ['General { Scheduler { Type other } }', 1, 'other', /rr and fifo/],
      [`General { UNIX { Path /${'x'.repeat(107)} } }`, 1, `/${'x'.repeat(107)}`, /107 bytes at most/],
      [`General { LockFile /${'ü'.repeat(128)} }`, 1, `/${'ü'.repeat(128)}`, /256 bytes at most/],
      ['Helper { Type ftp inet4 tcp { } }', 1, 'inet4', /inet or inet6/],
      ['Helper { Type ftp inet sctp { } }', 1, 'sctp', /tcp or udp/],
      ['Helper { Policy x { } }', 1, 'x', /ExpectMax or ExpectTimeout/],
      ['Helper { Policy xxxxxxxxxxxxxxxxx { ExpectMax 1 } }', 1, 'xxxxxxxxxxxxxxxxx', /16 characters/],
      [`Helper { ${'Type ftp inet tcp { '.repeat(1666)}`, 1, '{', /no deeper nesting/],
    ];
    for (const [text, line, symbol, reason] of CASES) {
      it(`finds the mistake in ${JSON.stringify(text.slice(0, 60))}`, () => {
        const mistake = mistakeOf(text);
        expect({ line: mistake.line, symbol: mistake.symbol }).to.deep.equal({ line, symbol });
        expect(mistake.reason).to.match(reason);
      });
    }
  });
});
