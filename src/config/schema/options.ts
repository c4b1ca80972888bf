import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { passThrough } from './pass-through.js';
import {
  ADDRESS_OR_NETWORK,
  HOST,
  INTERFACE,
  MULTICAST,
  number,
  oneOf,
  SYNC_GROUP,
  type Value,
  type ValueType,
} from './values.js';

/** One statement that there is: what set, delete, help, docs and verify know of it. */
export interface Option<Key extends string = string> {
  key: Key;
  /** The words behind `service conntrack-sync`, or behind `interface NAME`. */
  words: readonly string[];
  /** Absent for a flag, which has no value. */
  value?: ValueType;
  /** Whether it may be set several times, to different values. */
  many?: true;
  /** What holds where it is not set. */
  default?: Value;
  required?: true;
  help: string;
  /** Where it goes in conntrackd.conf. */
  conf: string;
}

export type OptionKey = Exclude<keyof SyncConfiguration, 'interface'>;
export type LinkOptionKey = Exclude<keyof LinkStatements, 'name'>;

/** The names of protocols that conntrackd can filter by, as operators write them. */
const PROTOCOLS = oneOf('PROTOCOL', ['tcp', 'udp', 'icmp', 'icmp6', 'sctp', 'dccp'], { 'ipv6-icmp': 'icmp6' });

/** What 31 bits hold of bytes, in MiB: sizes of sockets are numbers with a sign in the kernel. */
const MOST_MB = 2047;

/** The blocks of conntrackd.conf that may have statements of their own, as they are nested. */
const PASSED_INTO = {
  file: 'conntrackd.conf itself',
  filter: 'General { Filter { … } }',
  general: 'General { … }',
  mode: 'Sync { Mode FTFW { … } }',
  options: 'Sync { Options { … } }',
  sync: 'Sync { … }',
} as const;

/** Every statement of `service conntrack-sync` but the links, in the order in which they are shown. */
export const OPTIONS: readonly Option<OptionKey>[] = [
  {
    key: 'accept_protocol',
    words: ['accept-protocol'],
    value: PROTOCOLS,
    many: true,
    help: 'synchronise flows of this protocol, and of no other that is not named; all where none is',
    conf: 'General { Filter { Protocol Accept { … } } }',
  },
  {
    key: 'disable_external_cache',
    words: ['disable-external-cache'],
    help: "put the peer's flows into the kernel at once instead of into the external cache",
    conf: 'Sync { Mode FTFW { DisableExternalCache on } }',
  },
  {
    key: 'disable_syslog',
    words: ['disable-syslog'],
    help: 'keep conntrackd from logging to syslog',
    conf: 'General { Syslog off }',
  },
  {
    key: 'event_listen_queue_size',
    words: ['event-listen-queue-size'],
    value: number('MB', 1, MOST_MB),
    default: 8,
    help: "how large the queue of the kernel's events may grow",
    conf: 'General { NetlinkBufferSizeMaxGrowth }, in bytes',
  },
  {
    key: 'expect_sync',
    words: ['expect-sync'],
    value: oneOf('PROTOCOL', ['all', 'ftp', 'h323', 'nfs', 'sip', 'sqlnet']),
    many: true,
    help: 'synchronise the expectations of this protocol',
    conf: "Sync { Options { ExpectationSync } }, by the names of the kernel's helpers",
  },
  {
    key: 'sync_group',
    words: ['failover-mechanism', 'vrrp', 'sync-group'],
    value: SYNC_GROUP,
    required: true,
    help: 'the sync group of keepalived whose transitions conntrackd is told of',
    conf: 'nowhere: it is for keepalived.conf',
  },
  {
    key: 'helper',
    words: ['helper'],
    value: oneOf('NAME', ['rpc', 'tns']),
    many: true,
    help: 'run this helper inside conntrackd; kernels without nfnetlink_cthelper refuse it',
    conf: 'Helper { Type … }',
  },
  {
    key: 'ignore_address',
    words: ['ignore-address'],
    value: ADDRESS_OR_NETWORK,
    many: true,
    help: 'leave out flows from or to this address or network',
    conf: 'General { Filter { Address Ignore { … } } }',
  },
  {
    key: 'listen_address',
    words: ['listen-address'],
    value: HOST,
    many: true,
    help: 'an own address that unicast links listen on, each the one that is on its interface',
    conf: 'Sync { UDP { IPv4_address or IPv6_address } }',
  },
  {
    key: 'mcast_group',
    words: ['mcast-group'],
    value: MULTICAST,
    default: '225.0.0.50',
    help: 'the group of multicast links',
    conf: 'Sync { Multicast { IPv4_address or IPv6_address } }',
  },
  ...(['file', 'filter', 'general', 'mode', 'options', 'sync'] as const).map(passThroughOption),
  {
    key: 'purge_timeout',
    words: ['purge-timeout'],
    value: number('SECONDS', 1, 2147483647),
    default: 60,
    help: "how long after a node has become backup its kernel's flows are flushed",
    conf: 'Sync { Mode FTFW { PurgeTimeout } }',
  },
  {
    key: 'startup_resync',
    words: ['startup-resync'],
    help: 'ask the peer for its flows when conntrackd starts',
    conf: 'Sync { Mode FTFW { StartupResync on } }',
  },
  {
    key: 'sync_queue_size',
    words: ['sync-queue-size'],
    value: number('MB', 1, MOST_MB),
    default: 1,
    help: "the size of the links' socket buffers",
    conf: 'SndSocketBuffer and RcvSocketBuffer of each link, in bytes',
  },
];

/** What a dedicated link has beside its name. */
export const LINK_OPTIONS: readonly Option<LinkOptionKey>[] = [
  {
    key: 'pass_through',
    words: ['pass-through'],
    value: passThrough('a statement that conntrackd knows in a Multicast or UDP block', 'multicast', 'udp'),
    many: true,
    help: "a statement of conntrackd.conf for the link's block that has none of its own here",
    conf: 'Sync { Multicast { … } } or Sync { UDP { … } }',
  },
  {
    key: 'peer',
    words: ['peer'],
    value: HOST,
    help: "the other node's address on the link: unicast UDP instead of multicast",
    conf: 'Sync { UDP { IPv4_Destination_Address or IPv6_Destination_Address } }',
  },
  {
    key: 'port',
    words: ['port'],
    value: number('PORT', 1, 65535),
    default: 3780,
    help: 'the UDP port of the link, the same on both nodes',
    conf: 'Sync { UDP { Port } } or Sync { Multicast { Group } }',
  },
];

/** `interface NAME`, which may have more words behind it. */
export const LINK: Option<'interface'> = {
  key: 'interface',
  words: ['interface'],
  value: INTERFACE,
  many: true,
  required: true,
  help: 'a dedicated link on this interface, multicast unless it has a peer; the first of up to four is the one in use',
  conf: 'Sync { Multicast { Interface } } or Sync { UDP { Interface } }',
};

function passThroughOption(section: keyof typeof PASSED_INTO): Option<`pass_through_${typeof section}`> {
  return {
    key: `pass_through_${section}`,
    words: ['pass-through', section],
    value: passThrough(`a statement that conntrackd knows in ${PASSED_INTO[section]}`, section),
    many: true,
    help: 'a statement of conntrackd.conf that has none of its own here',
    conf: PASSED_INTO[section],
  };
}

/** The value that holds for a statement which is not set. */
export function defaultOf(key: OptionKey | LinkOptionKey): Value {
  const option = [...OPTIONS, ...LINK_OPTIONS].find((each) => each.key === key);
  if (option?.default === undefined) throw new Error(`${key} has no default`);
  return option.default;
}
