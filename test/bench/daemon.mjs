import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, run } from '../lab/run.ts';
import { Service } from '../lab/service.ts';
import { waitFor } from '../lab/wait.ts';

/**
 * Runs a conntrackd that has taken so many flows of the namespace into its internal cache, and hands `use` the variables
 * by which it is found. It has no peer.
 */
export async function withDaemon(namespace, flows, use) {
  const folder = await mkdtemp(join(tmpdir(), 'ctsync-bench-'));
  const conf = join(folder, 'conntrackd.conf');
  const inside = (...argv) => ['ip', 'netns', 'exec', namespace, ...argv];
  const daemon = new Service(namespace, ['conntrackd', '-C', conf], join(folder, 'output'));
  try {
    await must(inside('sh', '-e', '-s'), { input: LINK });
    await writeFile(conf, configuration(folder, flows));
    process.stderr.write('bench: starting conntrackd\n');
    daemon.start();
    const cached = async () => {
      const { stdout } = await run(inside('conntrackd', '-C', conf, '-s'), { seconds: 30 });
      return Number(/current active connections:\s+(\d+)/.exec(stdout)?.[1] ?? 0);
    };
    await waitFor(async () => (await cached()) >= flows * 0.99, { seconds: 120, what: 'the flows in the cache' });
    return await use({ CTSYNC_DAEMON_CONFIG: conf, CTSYNC_BENCH_STATE: join(folder, 'check.state') });
  } finally {
    await daemon.stop();
    await run(inside('ip', 'link', 'del', 'sync'));
    await rm(folder, { recursive: true });
  }
}

const LINK = `
ip link add sync type veth peer name nobody
ip addr add 192.0.2.1/24 dev sync
ip link set sync up
ip link set nobody up
`;

/** Room for twice as many flows, and for the events of all of them. */
function configuration(folder, flows) {
  return `
Sync {
  Mode FTFW {
  }
  Multicast {
    IPv4_address 225.0.0.50
    Group 3780
    IPv4_interface 192.0.2.1
    Interface sync
    Checksum on
  }
}
General {
  Systemd off
  HashSize 131072
  HashLimit ${2 * flows}
  LogFile ${join(folder, 'conntrackd.log')}
  LockFile ${join(folder, 'conntrackd.lock')}
  UNIX {
    Path ${join(folder, 'conntrackd.sock')}
  }
  NetlinkBufferSize 33554432
  NetlinkBufferSizeMaxGrowth 67108864
  Filter From Userspace {
    Address Ignore {
      IPv4_address 127.0.0.1
    }
  }
}
`;
}
