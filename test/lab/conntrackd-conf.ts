import type { LabSettings } from './options.js';
import { DEDICATED_LINKS, LAN, peerOf, ROUTERS, SYNC_GROUPS, WAN } from './plan.js';
import type { DedicatedLinkPlan, RouterName } from './plan.js';

/** Files of one router's conntrackd. */
export interface DaemonPaths {
  socket: string;
  lock: string;
  log: string;
}

/**
 * The router's conntrackd.conf (grammar: formats.md §12). No Helper block: on kernels without nfnetlink_cthelper
 * conntrackd refuses to start with it.
 */
export function conntrackdConf(router: RouterName, settings: LabSettings, paths: DaemonPaths): string {
  const links = DEDICATED_LINKS.slice(0, settings.links);
  return block('Sync', [
    ...mode(settings),
    ...links.flatMap((link, index) => linkBlock(link, router, settings, index === 0)),
    ...block('Options', ['TCPWindowTracking On', ...expectationSync(settings)]),
  ])
    .concat(general(links, settings, paths))
    .join('\n')
    .concat('\n');
}

function mode(settings: LabSettings): string[] {
  const common = ['PurgeTimeout 60'];
  const resync = [`StartupResync ${onOff(settings.startupResync)}`];
  const external = [`DisableExternalCache ${onOff(settings.disableExternalCache)}`];
  switch (settings.mode) {
    case 'ftfw':
      return block('Mode FTFW', ['ResendQueueSize 131072', 'ACKWindowSize 300', ...common, ...external, ...resync]);
    case 'notrack':
      return block('Mode NOTRACK', [
        ...common,
        `DisableInternalCache ${onOff(settings.disableInternalCache)}`,
        ...external,
        ...resync,
      ]);
    case 'alarm':
      return block('Mode ALARM', ['RefreshTime 15', 'CacheTimeout 180', ...common]);
  }
}

function linkBlock(link: DedicatedLinkPlan, router: RouterName, settings: LabSettings, preferred: boolean): string[] {
  const buffers = ['SndSocketBuffer 1249280', 'RcvSocketBuffer 1249280', 'Checksum on'];
  const suffix = preferred ? ' Default' : '';
  if (settings.transport === 'multicast') {
    return block(`Multicast${suffix}`, [
      'IPv4_address 225.0.0.50',
      `Group ${String(link.group)}`,
      `IPv4_interface ${link.address(router)}`,
      `Interface ${link.device}`,
      ...buffers,
    ]);
  }
  return block(`${settings.transport.toUpperCase()}${suffix}`, [
    `IPv4_address ${link.address(router)}`,
    `IPv4_Destination_Address ${link.address(peerOf(router))}`,
    `Port ${String(link.group)}`,
    `Interface ${link.device}`,
    ...buffers,
  ]);
}

function expectationSync(settings: LabSettings): string[] {
  const wanted = settings.expectationSync;
  if (typeof wanted === 'boolean') return [`ExpectationSync ${onOff(wanted)}`];
  return block('ExpectationSync', [...wanted]);
}

function general(links: readonly DedicatedLinkPlan[], settings: LabSettings, paths: DaemonPaths): string[] {
  return block('General', [
    'Systemd off',
    'HashSize 32768',
    'HashLimit 131072',
    `LogFile ${paths.log}`,
    'Syslog off',
    `LockFile ${paths.lock}`,
    ...block('UNIX', [`Path ${paths.socket}`]),
    // What VyOS sets where nobody says otherwise (event-listen-queue-size 8).
    'NetlinkBufferSize 8388608',
    'NetlinkBufferSizeMaxGrowth 8388608',
    ...block('Filter From Userspace', [
      ...block('Protocol Accept', PROTOCOLS[settings.filter]),
      ...block('Address Ignore', ignored(links, settings)),
    ]),
  ]);
}

const PROTOCOLS: Record<LabSettings['filter'], string[]> = {
  pair: ['TCP', 'UDP', 'ICMP', 'IPv6-ICMP', 'SCTP', 'DCCP', 'UDPLite', 'GRE'],
  vyos: ['TCP', 'UDP', 'ICMP'],
  manual: ['TCP', 'SCTP', 'DCCP', 'UDP', 'ICMP', 'IPv6-ICMP'],
};

/**
 * What the pair says to itself; with `manual` also what goes to or from the firewalls, whose virtual address hides every
 * flow that is translated to it.
 */
function ignored(links: readonly DedicatedLinkPlan[], { filter, groups }: LabSettings): string[] {
  const messages = links.flatMap((link) => ROUTERS.map(link.address));
  const ownIpv4 = [LAN, WAN].flatMap(({ ipv4 }) => ROUTERS.map(ipv4.router));
  const ownIpv6 = [LAN, WAN].flatMap(({ ipv6 }) => ROUTERS.map(ipv6.router));
  const virtual = SYNC_GROUPS.slice(0, groups).flatMap(({ instances }) => instances);
  const firewalls = {
    ipv4: [...ownIpv4, ...virtual.map(({ ipv4 }) => ipv4)],
    ipv6: [...ownIpv6, ...virtual.map(({ ipv6 }) => ipv6)],
  };
  const { ipv4, ipv6 } = filter === 'manual' ? firewalls : { ipv4: [], ipv6: [] };
  return [
    ...['127.0.0.1', ...messages, ...ipv4].map((address) => `IPv4_address ${address}`),
    ...['::1', ...ipv6].map((address) => `IPv6_address ${address}`),
  ];
}

function block(head: string, lines: string[]): string[] {
  return [`${head} {`, ...lines.map((line) => `    ${line}`), '}'];
}

function onOff(wanted: boolean): string {
  return wanted ? 'On' : 'Off';
}
