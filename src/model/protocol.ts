/**
 * IANA's short names for the protocols that conntrack prints as `unknown` (Protocol Numbers registry), the same on every
 * host whatever its /etc/protocols says.
 */
const IANA_NAMES: Readonly<Record<number, string>> = {
  0: 'hopopt',
  2: 'igmp',
  3: 'ggp',
  4: 'ipv4',
  5: 'st',
  7: 'cbt',
  8: 'egp',
  9: 'igp',
  12: 'pup',
  20: 'hmp',
  22: 'xns-idp',
  27: 'rdp',
  28: 'irtp',
  29: 'iso-tp4',
  36: 'xtp',
  37: 'ddp',
  41: 'ipv6',
  43: 'ipv6-route',
  44: 'ipv6-frag',
  45: 'idrp',
  46: 'rsvp',
  48: 'dsr',
  50: 'esp',
  51: 'ah',
  54: 'narp',
  55: 'min-ipv4',
  56: 'tlsp',
  57: 'skip',
  59: 'ipv6-nonxt',
  60: 'ipv6-opts',
  73: 'cphb',
  81: 'vmtp',
  88: 'eigrp',
  89: 'ospf',
  92: 'mtp',
  93: 'ax.25',
  94: 'ipip',
  97: 'etherip',
  98: 'encap',
  103: 'pim',
  108: 'ipcomp',
  112: 'vrrp',
  115: 'l2tp',
  124: 'isis',
  133: 'fc',
  135: 'mobility',
  137: 'mpls-in-ip',
  138: 'manet',
  139: 'hip',
  140: 'shim6',
  141: 'wesp',
  142: 'rohc',
  143: 'ethernet',
  144: 'aggfrag',
  145: 'nsh',
};

/** The protocols that conntrack has a name for (formats.md §3). */
const CONNTRACK_NAMES: Readonly<Record<number, string>> = {
  1: 'icmp',
  6: 'tcp',
  17: 'udp',
  33: 'dccp',
  47: 'gre',
  58: 'icmpv6',
  132: 'sctp',
  136: 'udplite',
};

/** Every protocol name that ctsync shows, with its number. */
export const PROTOCOL_NUMBERS: ReadonlyMap<string, number> = new Map(
  Object.entries({ ...IANA_NAMES, ...CONNTRACK_NAMES }).map(([number, name]) => [name, Number(number)]),
);

/** conntrack's own name for the number; undefined where it has none and prints `unknown`. */
export function conntrackName(number: number): string | undefined {
  return CONNTRACK_NAMES[number];
}

/** conntrack's word for a protocol that it has no name for. */
export const UNNAMED = 'unknown';

/** The name to show for a protocol that the tool printed as `printed`, by number where the tool had no name. */
export function protocolName(printed: string, number: number): string {
  return printed === UNNAMED ? (IANA_NAMES[number] ?? UNNAMED) : printed;
}
