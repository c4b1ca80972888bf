import { spawnSync } from 'node:child_process';
import { childEnvironment } from './run.js';

/** Each tool of the lab and the Debian package that brings it. */
const TOOLS: readonly (readonly [tool: string, debianPackage: string])[] = [
  ['ip', 'iproute2'],
  ['nft', 'nftables'],
  ['ping', 'iputils-ping'],
  ['conntrack', 'conntrack'],
  ['conntrackd', 'conntrackd'],
  ['keepalived', 'keepalived'],
];

/** Why no lab can be brought up on this machine, as one sentence; absent where it can. */
export function labUnavailable(): string | undefined {
  if (process.getuid?.() !== 0) return 'the lab needs root (network namespaces)';
  const missing = TOOLS.filter(([tool]) => !works('sh', ['-c', `command -v ${tool}`]));
  if (missing.length > 0) return `the lab needs ${missing.map(([, name]) => name).join(', ')}, which is not installed`;
  if (!works('unshare', ['--net', 'sh', '-e', '-c', PROBE])) {
    return 'the lab needs to make network namespaces with rules of their own, which is not allowed here';
  }
  return undefined;
}

// In a namespace that is gone with the probe: forwarding, and a rule that asks for connection tracking.
const PROBE = `
echo 1 > /proc/sys/net/ipv4/ip_forward
nft 'add table inet probe; add chain inet probe c { type filter hook input priority 0; }; add rule inet probe c ct state new accept'
test -e /proc/sys/net/netfilter/nf_conntrack_acct`;

function works(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { env: childEnvironment(), stdio: 'ignore', timeout: 10_000 }).status === 0;
}
