import fc from 'fast-check';
import type { SyncConfiguration } from '../../src/model/sync-configuration.js';
import { parseStatements } from '../../src/config/statements/parse.js';

/** The configuration that statements make, each written without `set service conntrack-sync`. */
export function configurationOf(...statements: string[]): SyncConfiguration {
  const text = statements.map((statement) => `set service conntrack-sync ${statement}\n`).join('');
  return parseStatements(text, 'the test').configuration;
}

const ipv4 = fc.ipV4().filter((address) => !/^(?:0|22[4-9]|2[3-5]\d)\./.test(address));
const ipv6 = fc.integer({ min: 1, max: 0xffff }).map((last) => `2001:db8::${last.toString(16)}`);
const host = fc.oneof(ipv4, ipv6);
const network = fc.oneof(
  fc.tuple(ipv4, fc.integer({ min: 0, max: 32 })).map(([address, length]) => `${address}/${length}`),
  fc.tuple(ipv6, fc.integer({ min: 0, max: 128 })).map(([address, length]) => `${address}/${length}`),
);
const name = fc.constantFrom('eth0', 'eth1', 'eth0.5', 'bond0', 'enp0s3', 'sync-a', 'x_1');
const port = fc.integer({ min: 1, max: 65535 });

function some(prefix: string, values: fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  return fc.array(values, { maxLength: 3 }).map((all) => all.map((value) => `${prefix} ${value}`));
}

function perhaps(statement: string | fc.Arbitrary<string>): fc.Arbitrary<string[]> {
  const one = typeof statement === 'string' ? fc.constant(statement) : statement;
  return fc.option(one, { nil: undefined }).map((each) => (each === undefined ? [] : [each]));
}

/** What is one statement of a link, or its name alone. */
const link: fc.Arbitrary<string[]> = fc
  .tuple(name, fc.option(port), fc.option(host), fc.boolean())
  .map(([device, number, peer, passed]) => [
    `interface ${device}`,
    ...(number === null ? [] : [`interface ${device} port ${number}`]),
    ...(peer === null ? [] : [`interface ${device} peer ${peer}`]),
    ...(passed ? [`interface ${device} pass-through 'Checksum off'`] : []),
  ]);

const words = (...all: string[]) => fc.constantFrom(...all);

/** Any configuration that can be set, whether or not it makes sense. */
export const configuration: fc.Arbitrary<SyncConfiguration> = fc
  .tuple(
    some('accept-protocol', words('tcp', 'udp', 'icmp', 'icmp6', 'ipv6-icmp', 'sctp', 'dccp')),
    some('expect-sync', words('ftp', 'h323', 'nfs', 'sip', 'sqlnet')),
    some('ignore-address', fc.oneof(host, network)),
    some('listen-address', host),
    fc.array(link, { maxLength: 3 }).map((links) => links.flat()),
    perhaps('disable-external-cache'),
    perhaps('disable-syslog'),
    perhaps('startup-resync'),
    perhaps(words('8', '1', '2047').map((mb) => `event-listen-queue-size ${mb}`)),
    perhaps(words('1', '2', '2047').map((mb) => `sync-queue-size '${mb}'`)),
    perhaps(fc.integer({ min: 1, max: 2147483647 }).map((seconds) => `purge-timeout ${seconds}`)),
    perhaps(words('225.0.0.50', '239.1.2.3', 'ff02::50').map((group) => `mcast-group ${group}`)),
    perhaps(words('GEFOEKOM', 'a.b', 'x-1').map((group) => `failover-mechanism vrrp sync-group "${group}"`)),
    some(
      'pass-through general',
      words("'LogFile /var/log/conntrackd.log'", '"Systemd on"', "'Scheduler { Type rr Priority 99 }'"),
    ),
  )
  .map((all) => configurationOf(...all.flat()));
