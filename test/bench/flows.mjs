import { fileURLToPath } from 'node:url';
import { newLabId } from '../lab/owner.ts';
import { must } from '../lab/run.ts';
import { guard, removeLab, removeLeftovers } from '../lab/sweep.ts';
import { raiseLimits, restoreLimits } from './limits.mjs';

const SENDER = fileURLToPath(new URL('./sender.mjs', import.meta.url));

/** How many in a hundred flows are answered. */
const ANSWERED = 10;

/**
 * Fills the table of a namespace of its own with real flows and hands its name and their number to `use`. Takes everything
 * down afterwards and puts the machine's limits back, whatever happens.
 */
export async function withFlows({ flows, plain }, use) {
  removeLeftovers();
  const id = newLabId();
  const namespace = `${id}-bench`;
  guard(id);
  raiseLimits(id, flows);
  try {
    await must(['ip', 'netns', 'add', namespace]);
    await must(['ip', 'netns', 'exec', namespace, 'sh', '-e', '-s'], { input: network(plain) });
    const answered = Math.floor((flows * ANSWERED) / 100);
    process.stderr.write(`bench: sending the packets of ${flows} flows\n`);
    const argv = [
      'ip',
      'netns',
      'exec',
      namespace,
      process.execPath,
      SENDER,
      String(flows - answered),
      String(answered),
    ];
    await must(argv, { seconds: 60 + flows / 10_000 });
    const tracked = Number(await must(['ip', 'netns', 'exec', namespace, 'conntrack', '-C']));
    if (tracked < flows * 0.99) throw new Error(`only ${tracked} of ${flows} flows are tracked`);
    return await use(namespace, tracked);
  } finally {
    removeLab(id);
    restoreLimits();
  }
}

/**
 * Every address used is this host itself; what goes to 10.128.0.0/9 is tracked on its way out and dropped on its way in,
 * so nobody answers. Flows must outlive the benchmark.
 */
function network(plain) {
  return `
nft -f - << 'RULES'
table ip bench {
  chain input {
    type filter hook input priority filter; policy accept;
    ip daddr 10.128.0.0/9 ct state new drop
  }
}
RULES
echo ${plain ? 0 : 1} > /proc/sys/net/netfilter/nf_conntrack_acct
echo ${plain ? 0 : 1} > /proc/sys/net/netfilter/nf_conntrack_timestamp
echo 7200 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout
echo 7200 > /proc/sys/net/netfilter/nf_conntrack_udp_timeout_stream
ip link set lo up
ip route add local 10.128.0.0/9 dev lo
ip route add local 10.35.0.0/16 dev lo
ip route add local 10.36.0.0/16 dev lo
`;
}
