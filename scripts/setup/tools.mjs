import { captured } from './process.mjs';

/** Each tool of the lab and of the demo, and the Debian package that brings it. */
export const LAB_TOOLS = {
  conntrack: 'conntrack',
  conntrackd: 'conntrackd',
  keepalived: 'keepalived',
  nft: 'nftables',
  ip: 'iproute2',
  ping: 'iputils-ping',
};

/**
 * Tools that only the tests need: rights refused, system calls failing, processes ended, rules of iptables, pages on a screen,
 * metrics on their way to whoever reads them, units of systemd, another host, what is wrong in a shell script.
 */
export const TEST_TOOLS = {
  strace: 'strace',
  sudo: 'sudo',
  pkill: 'procps',
  iptables: 'iptables',
  tmux: 'tmux',
  less: 'less',
  promtool: 'prometheus',
  'prometheus-node-exporter': 'prometheus-node-exporter',
  'systemd-analyze': 'systemd',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  shellcheck: 'shellcheck',
};

/** The packages of tools that can't be found on the path. */
export function missingOf(tools) {
  return Object.entries(tools)
    .filter(([tool]) => captured(['sh', '-c', `command -v ${tool}`]).code !== 0)
    .map(([, name]) => name);
}
