import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { defaultOf } from '../schema/options.js';
import { type ConfBlock, type ConfLine, withPassed } from './lines.js';
import { noted } from './noted.js';
import { ownIpv4, type RenderSurroundings } from './surroundings.js';

const MIB = 1024 * 1024;

/** The block of each dedicated link. The first is `Default`: conntrackd uses it as long as it can. */
export function linkBlocks(configuration: SyncConfiguration, surroundings: RenderSurroundings): ConfBlock[] {
  return (configuration.interface ?? []).map((link, index) => {
    const transport = link.peer === undefined ? 'Multicast' : 'UDP';
    const lines =
      link.peer === undefined
        ? multicastLines(link, configuration, surroundings)
        : unicastLines(link, link.peer, configuration, surroundings);
    const passed = withPassed(
      [...lines, ...commonLines(link, configuration)],
      link.pass_through,
      `interface ${link.name} pass-through`,
    );
    return { head: index === 0 ? `${transport} Default` : transport, lines: passed };
  });
}

function multicastLines(link: LinkStatements, configuration: SyncConfiguration, { addresses }: RenderSurroundings) {
  const group = String(configuration.mcast_group ?? defaultOf('mcast_group'));
  const own = ownIpv4(link.name, addresses);
  const needsOwn = !isIPv6(group) && own !== undefined;
  return [
    { text: `${keyword(group)}_address ${group}`, note: noted(configuration, 'mcast_group') },
    { text: `Group ${portOf(link)}`, note: portNote(link) },
    ...(needsOwn ? [{ text: `IPv4_interface ${own}`, note: `the address of ${link.name}` }] : []),
  ];
}

function unicastLines(
  link: LinkStatements,
  peer: string,
  configuration: SyncConfiguration,
  surroundings: RenderSurroundings,
): ConfLine[] {
  const own = listenAddressOf(link, configuration, surroundings);
  return [
    ...(own === undefined ? [] : [{ text: `${keyword(own)}_address ${own}`, note: `listen-address '${own}'` }]),
    { text: `${keyword(peer)}_Destination_Address ${peer}`, note: `interface ${link.name} peer '${peer}'` },
    { text: `Port ${portOf(link)}`, note: portNote(link) },
  ];
}

function commonLines(link: LinkStatements, configuration: SyncConfiguration): ConfLine[] {
  const size = Number(configuration.sync_queue_size ?? defaultOf('sync_queue_size')) * MIB;
  return [
    { text: `Interface ${link.name}`, note: `interface ${link.name}` },
    { text: `SndSocketBuffer ${size}`, note: noted(configuration, 'sync_queue_size') },
    { text: `RcvSocketBuffer ${size}`, note: noted(configuration, 'sync_queue_size') },
    { text: 'Checksum on', note: 'always' },
  ];
}

/** The address of `listen-address` that is on the link's interface, of the family of its peer; absent where none is. */
export function listenAddressOf(
  { name, peer = '' }: LinkStatements,
  { listen_address: listening = [] }: SyncConfiguration,
  { addresses }: RenderSurroundings,
): string | undefined {
  const here = addresses.filter((each) => each.interface === name).map(({ address }) => spelled(address));
  return listening.find((address) => here.includes(address) && isIPv6(address) === isIPv6(peer));
}

/** The port of a link, which is called its group where it is multicast. */
function portOf({ port }: LinkStatements): number {
  return port ?? Number(defaultOf('port'));
}

/** An address in the spelling that statements have it in. */
export function spelled(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toString() : address;
}

function portNote(link: LinkStatements): string {
  return link.port === undefined ? 'default of port' : `interface ${link.name} port '${link.port}'`;
}

function keyword(address: string): 'IPv4' | 'IPv6' {
  return isIPv6(address) ? 'IPv6' : 'IPv4';
}
