import type { HelperPolicyConf } from '../../model/conntrackd-conf.js';
import type { Cursor } from './cursor.js';
import type { Token } from './lexer.js';

/** The helper modules that conntrack-tools 1.4.7 installs, by transport, with the policies they know. */
const MODULES: Record<'tcp' | 'udp', Record<string, string[]>> = {
  tcp: {
    ftp: ['ftp'],
    rpc: ['rpc'],
    sane: ['sane'],
    ssdp: ['ssdp'],
    tns: ['tns'],
  },
  udp: {
    amanda: ['amanda'],
    dhcpv6: ['dhcpv6'],
    mdns: ['mdns'],
    rpc: ['rpc'],
    slp: ['slp'],
    ssdp: ['ssdp'],
    tftp: ['tftp'],
  },
};

/**
 * conntrackd stops at a helper or policy for which it has no module. Which modules a host has is not in the file, so it
 * is a warning here.
 */
export function warnAboutHelper(cursor: Cursor, name: Token, transport: string, policies: HelperPolicyConf[]): void {
  const modules = MODULES[transport === 'tcp' ? 'tcp' : 'udp'];
  const known = Object.hasOwn(modules, name.text) ? modules[name.text] : undefined;
  if (known === undefined) {
    cursor.warn(
      name.line,
      `conntrackd 1.4.7 has no ${transport} helper ${name.text}: it stops unless one is installed`,
    );
    return;
  }
  for (const policy of policies.filter((each) => !known.includes(each.name))) {
    cursor.warn(name.line, `the helper ${name.text} has no policy ${policy.name}: conntrackd 1.4.7 stops there`);
  }
}
