import { expect } from 'chai';
import { changesBetween } from '../../src/config/statements/compare.js';
import { withoutStatement } from '../../src/config/statements/delete.js';
import { parseStatements } from '../../src/config/statements/parse.js';
import { commandsOf } from '../../src/config/statements/print.js';
import { withStatement } from '../../src/config/statements/set.js';
import { wordsOf } from '../../src/config/statements/words.js';
import { failureOf } from '../support/failures.js';
import { configurationOf } from '../support/sync-configurations.js';

describe('statements of service conntrack-sync', () => {
  it('are kept under their words, and every value in one spelling and one order', () => {
    const configuration = configurationOf(
      'interface eth3 port 3781',
      'interface \'eth0\' peer "10.0.0.2"',
      'accept-protocol udp',
      'accept-protocol ipv6-icmp',
      'accept-protocol tcp',
      'accept-protocol tcp',
      'ignore-address 2001:DB8:0::1',
      'ignore-address 10.0.0.9',
      'ignore-address 10.0.0.0/8',
      'purge-timeout 0090',
      'disable-syslog',
      'failover-mechanism vrrp sync-group GEFOEKOM',
    );
    expect(configuration).to.deep.equal({
      interface: [
        { name: 'eth3', port: 3781 },
        { name: 'eth0', peer: '10.0.0.2' },
      ],
      accept_protocol: ['tcp', 'udp', 'icmp6'],
      ignore_address: ['10.0.0.0/8', '10.0.0.9', '2001:db8::1'],
      purge_timeout: 90,
      disable_syslog: true,
      sync_group: 'GEFOEKOM',
    });
  });

  it('take several words at once, with commas, as the documentation has its protocols', () => {
    expect(configurationOf(`accept-protocol 'tcp,udp,icmp'`)).to.deep.equal({
      accept_protocol: ['tcp', 'udp', 'icmp'],
    });
  });

  it('are shown as VyOS shows them', () => {
    const configuration = configurationOf(
      'startup-resync',
      'interface eth0',
      'interface eth3 port 3781',
      'failover-mechanism vrrp sync-group G',
      'accept-protocol tcp',
      `pass-through general 'LogFile /var/log/conntrackd.log'`,
    );
    expect(commandsOf(configuration)).to.deep.equal([
      "set service conntrack-sync accept-protocol 'tcp'",
      "set service conntrack-sync failover-mechanism vrrp sync-group 'G'",
      'set service conntrack-sync interface eth0',
      "set service conntrack-sync interface eth3 port '3781'",
      "set service conntrack-sync pass-through general 'LogFile /var/log/conntrackd.log'",
      'set service conntrack-sync startup-resync',
    ]);
  });

  for (const [statement, message] of [
    ['frob', /^There is no statement 'frob' of service conntrack-sync\.$/],
    ['interface eth0 frob 1', /^There is no statement 'frob 1' of service conntrack-sync interface eth0\.$/],
    ['interface', /^interface lacks its value/],
    ['interface Group', /^'Group' is no interface: it takes the name of an interface that/],
    ['interface eth0:1', /^'eth0:1' is no interface/],
    ['interface abcdefghijklmnop', /is no interface/],
    ['interface eth0 port 0', /^'0' is no port: it takes a number from 1 to 65535\.$/],
    ['interface eth0 port 3780 peer 10.0.0.2', /^port takes one value, and "peer 10\.0\.0\.2" stands behind it\.$/],
    ['interface eth0 peer 225.0.0.50', /^'225\.0\.0\.50' is no peer/],
    ['interface eth0 peer fe80::1%eth0', /is no peer/],
    ['interface eth0 peer 10.1', /is no peer/],
    ['accept-protocol tcp,ospf', /^'ospf' is no accept-protocol: it takes one of tcp, udp/],
    ['accept-protocol tcp,', /^'' is no accept-protocol/],
    ['ignore-address 10.0.0.1,10.0.0.2', /is no ignore-address/],
    ['mcast-group 10.0.0.1', /is no mcast-group/],
    ['ignore-address 10.0.0.0/33', /is no ignore-address/],
    ['event-listen-queue-size 4096', /a number from 1 to 2047\.$/],
    ['disable-syslog yes', /^disable-syslog takes no value, and "yes" stands behind it\.$/],
    ["failover-mechanism vrrp sync-group 'a b'", /is no failover-mechanism vrrp sync-group/],
    ["pass-through general 'LogFile on } Stats { LogFile on'", /is no pass-through general/],
    ["pass-through general 'Mode FTFW { }'", /is no pass-through general/],
    ["pass-through general 'LogFile'", /is no pass-through general/],
    ["interface eth0 pass-through 'Path /x'", /is no pass-through/],
  ] as const) {
    it(`are refused with a reason: ${statement}`, () => {
      const { code, message: said, next } = failureOf(() => withStatement({}, wordsOf(statement) ?? []));
      expect(code).to.equal('USAGE');
      expect(said).to.match(message);
      expect(next).to.not.equal(undefined);
    });
  }

  describe('delete', () => {
    const configuration = configurationOf(
      'interface eth0 port 3781',
      'interface eth0 peer 10.0.0.2',
      'accept-protocol tcp',
      'accept-protocol udp',
      'failover-mechanism vrrp sync-group G',
      'startup-resync',
    );

    for (const [words, left] of [
      ['accept-protocol udp', { ...configuration, accept_protocol: ['tcp'] }],
      ['interface eth0 peer', { ...configuration, interface: [{ name: 'eth0', port: 3781 }] }],
      ['interface eth0 port 3781', { ...configuration, interface: [{ name: 'eth0', peer: '10.0.0.2' }] }],
    ] as const) {
      it(`takes one statement back: ${words}`, () => {
        expect(withoutStatement(configuration, words.split(' '))).to.deep.equal(left);
      });
    }

    for (const [words, gone] of [
      ['accept-protocol', 'accept_protocol'],
      ['failover-mechanism', 'sync_group'],
      ['failover-mechanism vrrp', 'sync_group'],
      ['interface', 'interface'],
      ['interface eth0', 'interface'],
      ['startup-resync', 'startup_resync'],
    ] as const) {
      it(`takes all back that begin so: ${words}`, () => {
        const { [gone]: _gone, ...left } = configuration;
        expect(withoutStatement(configuration, words.split(' '))).to.deep.equal(left);
      });
    }

    it('takes everything back', () => {
      expect(withoutStatement(configuration, [])).to.deep.equal({});
    });

    for (const words of ['accept-protocol icmp', 'interface eth1', 'interface eth0 pass-through', 'purge-timeout 60']) {
      it(`says what is not set: ${words}`, () => {
        const failure = failureOf(() => withoutStatement(configuration, words.split(' ')));
        expect(failure.code).to.equal('NOT_CONFIGURED');
        expect(failure.message).to.equal(`Nothing to delete: service conntrack-sync ${words} is not set.`);
      });
    }

    for (const words of ['frob', 'interface eth0 frob', 'interface 0', 'accept-protocol ospf', 'startup-resync on']) {
      it(`refuses what can not be set: ${words}`, () => {
        expect(failureOf(() => withoutStatement(configuration, words.split(' '))).code).to.equal('USAGE');
      });
    }
  });

  it('of a text are read, those of other services counted, and its sync groups noted', () => {
    const text = `# a note

set high-availability vrrp group LAN interface 'eth1'
set high-availability vrrp sync-group GEFOEKOM member 'LAN'
set high-availability vrrp sync-group GEFOEKOM member 'WAN'
set interfaces ethernet eth0 description 'to the peer'
set service conntrack-sync interface eth0\r
set service conntrack-sync interface eth3
delete service conntrack-sync interface eth0
`;
    expect(parseStatements(text, 'lines')).to.deep.equal({
      configuration: { interface: [{ name: 'eth3' }] },
      own: 3,
      others: 4,
      syncGroups: ['GEFOEKOM'],
    });
  });

  for (const [line, message] of [
    ['set service conntrack-sync frob', /line 2: There is no statement 'frob'/],
    ["set service conntrack-sync interface 'eth0", /line 2: a quote is not closed\.$/],
    ['interface eth0', /line 2: it begins with neither set nor delete\.$/],
  ] as const) {
    it(`of a text are refused with their line: ${line}`, () => {
      const { code, message: said } = failureOf(() => parseStatements(`#\n${line}\n`, 'lines'));
      expect(code).to.equal('BAD_CAPTURE');
      expect(said)
        .to.match(/^lines has a mistake in /)
        .and.to.match(message);
    });
  }

  it('compare as the lines that make the one of the other; a link that moves is set anew', () => {
    const from = configurationOf(
      'interface eth0 port 3781',
      'interface eth3',
      'accept-protocol tcp',
      'purge-timeout 60',
    );
    const to = configurationOf('interface eth3', 'interface eth0', 'accept-protocol udp', 'purge-timeout 61');
    expect(changesBetween(from, to)).to.deep.equal([
      "delete service conntrack-sync accept-protocol 'tcp'",
      'delete service conntrack-sync interface eth0',
      'delete service conntrack-sync interface eth3',
      "set service conntrack-sync accept-protocol 'udp'",
      "set service conntrack-sync purge-timeout '61'",
      'set service conntrack-sync interface eth3',
      'set service conntrack-sync interface eth0',
    ]);
    expect(changesBetween(from, from)).to.deep.equal([]);
  });
});
