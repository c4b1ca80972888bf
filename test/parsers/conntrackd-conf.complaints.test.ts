import { expect } from 'chai';
import type { ConntrackdConf } from '../../src/model/conntrackd-conf.js';
import { Failure } from '../../src/model/failure.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { Mistake } from '../../src/parsers/conntrackd-conf/cursor.js';

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

function warningsOf(text: string): string[] {
  return parse(text).warnings.map(({ line, message }) => (line === undefined ? message : `${line}: ${message}`));
}

// What the two lines about the whole file say is tested by itself.
function warningsAtLines(text: string): string[] {
  return warningsOf(text).filter((warning) => /^\d+:/.test(warning));
}

describe('parseConntrackdConf complains', () => {
  describe('in warnings', () => {
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

  describe('in mistakes', () => {
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
