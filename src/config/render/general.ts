import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { defaultOf } from '../schema/options.js';
import { blockUnlessEmpty, type ConfBlock, type ConfLine, withPassed } from './lines.js';
import { noted } from './noted.js';
import type { RenderSurroundings } from './surroundings.js';

const MIB = 1024 * 1024;
/** What conntrackd reads of a number. */
const LARGEST = 0xffff_ffff;
/** What the queue of events begins with; it must not be larger than what it may grow to. */
const NETLINK_BUFFER = 2 * MIB;

/** `General { … }`, with the values that VyOS always writes (vyos.md §3). */
export function generalBlock(configuration: SyncConfiguration, surroundings: RenderSurroundings): ConfBlock {
  const growth = Number(configuration.event_listen_queue_size ?? defaultOf('event_listen_queue_size')) * MIB;
  const syslog = configuration.disable_syslog ? 'off' : 'on';
  return {
    head: 'General',
    lines: withPassed(
      [
        { text: `HashSize ${surroundings.hashSize}`, note: "the kernel's hashsize" },
        { text: `HashLimit ${Math.min(2 * surroundings.tableLimit, LARGEST)}`, note: '2 x nf_conntrack_max' },
        { text: 'LogFile off', note: 'always' },
        { text: `Syslog ${syslog}`, note: noted(configuration, 'disable_syslog') },
        { text: `LockFile ${surroundings.lock}`, note: 'always' },
        { head: 'UNIX', lines: [{ text: `Path ${surroundings.socket}`, note: 'always' }] },
        { text: `NetlinkBufferSize ${Math.min(NETLINK_BUFFER, growth)}`, note: 'always, as far as it may grow' },
        { text: `NetlinkBufferSizeMaxGrowth ${growth}`, note: noted(configuration, 'event_listen_queue_size') },
        { text: 'NetlinkOverrunResync off', note: 'always' },
        { text: 'NetlinkEventsReliable on', note: 'always' },
        ...filterBlock(configuration),
      ],
      configuration.pass_through_general,
      'pass-through general',
    ),
  };
}

function filterBlock(configuration: SyncConfiguration): ConfBlock[] {
  const { accept_protocol: protocols = [], ignore_address: addresses = [] } = configuration;
  const lines = [
    ...blockUnlessEmpty('Protocol Accept', protocols.map(protocolLine)),
    ...blockUnlessEmpty('Address Ignore', addresses.map(addressLine)),
  ];
  const passed = withPassed(lines, configuration.pass_through_filter, 'pass-through filter');
  return blockUnlessEmpty('Filter From Userspace', passed);
}

/** The name by which conntrackd knows a protocol. */
export function protocolName(protocol: string): string {
  return protocol === 'icmp6' ? 'IPv6-ICMP' : protocol.toUpperCase();
}

function protocolLine(protocol: string): ConfLine {
  return { text: protocolName(protocol), note: `accept-protocol '${protocol}'` };
}

function addressLine(address: string): ConfLine {
  const keyword = address.includes(':') ? 'IPv6_address' : 'IPv4_address';
  return { text: `${keyword} ${address}`, note: `ignore-address '${address}'` };
}
