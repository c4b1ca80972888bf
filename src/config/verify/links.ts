import { isIPv6 } from 'node:net';
import type { LinkConf } from '../../model/conntrackd-conf.js';
import type { ConfigurationFinding } from '../../model/configuration.js';
import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { listenAddressOf, spelled } from '../render/links.js';
import { ownIpv4 } from '../render/surroundings.js';
import { defaultOf } from '../schema/options.js';
import { asCommand, ofLink } from '../statements/print.js';
import { isWithin } from './networks.js';
import type { Made, VerifySurroundings } from './material.js';

const MOST_LINKS = 4;

/** What is wrong with each link by itself, and with all of them together. */
export function linkFindings(
  configuration: SyncConfiguration,
  around: VerifySurroundings,
  made: Made,
): ConfigurationFinding[] {
  const links = configuration.interface ?? [];
  const passed = (configuration.pass_through_sync ?? []).some((text) => /^(?:Multicast|UDP|TCP)\b/.test(text));
  if (links.length === 0) return passed ? [] : [noLink()];
  return [
    ...tooMany(links),
    ...mixed(links),
    ...links.flatMap((link) => ofOneLink(link, configuration, around)),
    ...collisions(made),
  ];
}

function noLink(): ConfigurationFinding {
  return {
    severity: 'error',
    message: 'There is no dedicated link.',
    lines: [asCommand('set', 'interface NAME')],
  };
}

function tooMany(links: readonly LinkStatements[]): ConfigurationFinding[] {
  const statement = links[MOST_LINKS] && ofLink(links[MOST_LINKS])[0];
  if (statement === undefined) return [];
  const message = `There are ${links.length} dedicated links, and conntrackd takes ${MOST_LINKS} at most.`;
  return [{ severity: 'error', message, statement }];
}

function mixed(links: readonly LinkStatements[]): ConfigurationFinding[] {
  const without = links.filter(({ peer }) => peer === undefined);
  if (without.length === 0 || without.length === links.length) return [];
  return without.map((link) => ({
    severity: 'error',
    message: `${link.name} has no peer and others have one: conntrackd takes either multicast links or unicast ones.`,
    statement: `interface ${link.name}`,
    lines: [asCommand('set', `interface ${link.name} peer ADDR`)],
  }));
}

function ofOneLink(
  link: LinkStatements,
  configuration: SyncConfiguration,
  around: VerifySurroundings,
): ConfigurationFinding[] {
  const { name, peer } = link;
  const statement = `interface ${name}`;
  if (!around.interfaces.includes(name)) {
    return [{ severity: 'error', message: `There is no interface ${name} on this node.`, statement }];
  }
  if (peer !== undefined) return ofPeer(link, peer, configuration, around);
  const group = String(configuration.mcast_group ?? defaultOf('mcast_group'));
  if (isIPv6(group) || ownIpv4(name, around.addresses) !== undefined) return [];
  return [{ severity: 'error', message: `${name} has no IPv4 address, which multicast needs.`, statement }];
}

function ofPeer(
  link: LinkStatements,
  peer: string,
  configuration: SyncConfiguration,
  around: VerifySurroundings,
): ConfigurationFinding[] {
  const { name } = link;
  const statement = `interface ${name} peer '${peer}'`;
  const owner = around.addresses.find(({ address }) => spelled(address) === peer);
  if (owner !== undefined) {
    const message = `${peer} is an address of this node itself, on ${owner.interface}, and not of its peer.`;
    return [{ severity: 'error', message, statement }];
  }
  const here = around.addresses.filter((each) => each.interface === name && each.family === familyOf(peer));
  const near = here.find(({ address, prefix_length: length }) => isWithin(peer, `${address}/${length}`));
  const listens = listenAddressOf(link, configuration, around) !== undefined;
  return [
    ...(near ? [] : [offLink(peer, name, here, statement)]),
    ...(listens ? [] : [listensEverywhere(link, near && spelled(near.address))]),
  ];
}

function offLink(
  peer: string,
  name: string,
  here: VerifySurroundings['addresses'],
  statement: string,
): ConfigurationFinding {
  const networks = here.map(({ address, prefix_length: length }) => `${address}/${length}`);
  const there = networks.length > 0 ? networks.join(', ') : 'none of its family';
  return {
    severity: 'warning',
    message: `${peer} is in no network of ${name} (${there}): messages would need a router on the dedicated link.`,
    statement,
  };
}

function listensEverywhere({ name }: LinkStatements, own: string | undefined): ConfigurationFinding {
  return {
    severity: 'warning',
    message: `No listen-address is on ${name}: conntrackd takes messages on every address of this node there.`,
    statement: `interface ${name}`,
    ...(own === undefined ? {} : { lines: [asCommand('set', `listen-address '${own}'`)] }),
  };
}

/**
 * Two links at one port: the kernel lets conntrackd have both, and gives what comes to one of them. Judged by what conntrackd
 * reads, where what is passed through counts, too.
 */
function collisions(made: Made): ConfigurationFinding[] {
  const links = made?.sync?.links ?? [];
  const used = new Set(links.map(portIn));
  return links.flatMap((link, index): ConfigurationFinding[] => {
    const other = links.slice(0, index).find((each) => collide(each, link));
    const port = portIn(link);
    if (other === undefined || link.interface === undefined || port === undefined) return [];
    let free = port;
    while (used.has(free)) free = free < LAST_PORT ? free + 1 : FIRST_PORT;
    used.add(free);
    const where = link.transport === 'multicast' ? `group ${link.address} at port ${port}` : `port ${port}`;
    return [
      {
        severity: 'error',
        message: `${link.interface} and ${other.interface} both use ${where}: each gets what is for the other. Set on both nodes:`,
        statement: `interface ${link.interface}`,
        lines: [asCommand('set', `interface ${link.interface} port '${free}'`)],
      },
    ];
  });
}

const FIRST_PORT = 1024;
const LAST_PORT = 65535;

function collide(a: LinkConf, b: LinkConf): boolean {
  if (a.transport !== b.transport || portIn(a) !== portIn(b)) return false;
  // Without an address a unicast link listens on all of them.
  return a.address === b.address || (a.transport === 'udp' && (a.address === undefined || b.address === undefined));
}

function portIn({ transport, group, port }: LinkConf): number | undefined {
  return transport === 'multicast' ? group : port;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
