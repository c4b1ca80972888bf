import { conntrackdConf } from '../lab/conntrackd-conf.js';
import { DEFAULTS } from '../lab/options.js';
import type { LabOptions } from '../lab/options.js';

/** The files of the daemon of a sandbox. */
export const DAEMON = {
  conf: '/mnt/conntrackd.conf',
  socket: '/mnt/conntrackd.sock',
  lock: '/mnt/conntrackd.lock',
  log: '/mnt/conntrackd.log',
} as const;

/** The variables by which ctsync finds the daemon of a sandbox. */
export const DAEMON_ENVIRONMENT = { CTSYNC_DAEMON_CONFIG: DAEMON.conf };

/** Shell lines that make a firewall rule which switches connection tracking on. */
export const TRACKING = `
nft 'add table inet t; add chain inet t c { type filter hook input priority 0; }; add rule inet t c ct state established accept'`;

/** Shell lines that write the daemon's configuration, and make the dedicated link that it names. */
export function configured(options: LabOptions = {}): string {
  return `
ip link add eth0 type veth peer name peer
ip addr add 10.255.254.2/24 dev eth0
ip link set eth0 up
ip link set peer up
cat > ${DAEMON.conf} << 'END'
${conntrackdConf('r1', { ...DEFAULTS, ...options }, DAEMON)}END`;
}

/** Shell lines that start the daemon and wait until it answers. */
export const STARTED = `
conntrackd -C ${DAEMON.conf} > /mnt/conntrackd.out 2>&1 < /dev/null &
echo $! > /mnt/conntrackd.pid
for _ in {1..100}; do
  conntrackd -C ${DAEMON.conf} -s runtime > /mnt/ready 2> /dev/null && grep -q uptime /mnt/ready && break
  sleep 0.05
done
grep -q uptime /mnt/ready`;

/** Shell lines that put so many UDP flows into the kernel's table. */
export function flows(count: number): string {
  return `
for ((i = 0; i < ${count}; i++)); do
  from=10.$((i >> 16)).$((i >> 8 & 255)).$((i & 255))
  echo "-A -t 3000 -u SEEN_REPLY,ASSURED -s $from -d 192.0.2.1 -r 192.0.2.1 -q $from -p udp --sport 4000 --dport 53 --reply-port-src 53 --reply-port-dst 4000"
done > /mnt/flows
conntrack -R /mnt/flows 2> /dev/null
rm /mnt/flows`;
}
