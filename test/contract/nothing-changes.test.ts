import { expect } from 'chai';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const COMMANDS = [
  'export openmetrics',
  'export prometheus --flows',
  'show conntrack count',
  'show conntrack dying',
  'show conntrack expect',
  'show conntrack statistics',
  'show conntrack table ipv4',
  'show conntrack table ipv6',
  'show conntrack-sync cache internal',
  'show conntrack-sync cache internal expect',
  'show conntrack-sync cache external',
  'show conntrack-sync cache external expect',
  'show configuration hook GROUP',
  'show conntrack-sync statistics',
  'show conntrack-sync statistics --all',
  'show conntrack-sync status',
  'show log conntrack-sync',
];
/** System calls that change something outside of the process. */
const CHANGING =
  'open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,linkat,symlink,symlinkat,truncate,chmod,fchmodat,chown,fchownat,mknodat,mount,init_module,finit_module,delete_module,setsockopt,sendto,sendmsg,kill,tkill';

describe('contract: looking changes nothing', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(50) + configured() + STARTED);
  });
  after(() => sandbox?.stop());

  /** What an operator could see changed: the daemon's counters, the flows, the modules, the rules and the files. */
  async function state(): Promise<Record<string, string>> {
    const ask = (request: string) => sandbox.sh(`conntrackd -C ${DAEMON.conf} ${request}`);
    return {
      // The daemon tells its peer each second that it is alive (formats.md §14).
      general: (await ask('-s')).replace(/.*(?:Bytes|Pckts) sent.*\n/g, ''),
      caches: await ask('-s cache'),
      // The uptime and the counter of events are no doing of ours.
      runtime: (await ask('-s runtime')).replace(/.*(?:daemon uptime|events received|events filtered).*\n/g, ''),
      flows: await sandbox.sh(
        `conntrack -L -o extended,id 2> /dev/null | sed -n 's/ 2[0-9]* src=/ src=/; /dport=53/p' | sort -u`,
      ),
      modules: await sandbox.sh("cut -d ' ' -f 1 /proc/modules 2> /dev/null | sort"),
      rules: await sandbox.sh('nft list ruleset'),
      sysctls: await sandbox.sh('grep -H . /proc/sys/net/netfilter/nf_conntrack_* 2> /dev/null | grep -v _count'),
      files: await sandbox.sh('find /mnt /run -not -path "/mnt/trace*" -printf "%p %s %T@ %m %U\\n" | sort'),
      log: await sandbox.sh(`cat ${DAEMON.log}`),
    };
  }

  for (const command of COMMANDS) {
    for (const flags of [[], ['--json']]) {
      it(`${[command, ...flags].join(' ')}: the daemon, the table, the rules and the files are what they were`, async () => {
        const before = await state();
        const { code } = await sandbox.ctsync([...command.split(' '), ...flags], { env: DAEMON_ENVIRONMENT });
        expect([0, 4]).to.include(code);
        const after = await state();
        for (const [what, was] of Object.entries(before)) expect(after[what], what).to.equal(was);
      });
    }

    it(`${command}: opens nothing for writing, loads no module and asks the kernel and the daemon to read only`, async () => {
      const under = ['strace', '-f', '-qq', '-s', '64', '-o', '/mnt/trace', '-e', `trace=${CHANGING}`];
      await sandbox.ctsync(command.split(' '), { env: DAEMON_ENVIRONMENT, under });
      const calls = (await sandbox.sh('cat /mnt/trace')).split('\n');
      expect(calls.filter((call) => /openat\(.*\.js"/.test(call))).to.not.have.length(0);
      expect(calls.filter(changes)).to.deep.equal([]);
    });
  }

  it('the last state transition is not written, either', async () => {
    const environment = { ...DAEMON_ENVIRONMENT, CTSYNC_RUN_DIR: '/mnt/state' };
    await sandbox.ctsync(['show', 'conntrack-sync', 'status'], { env: environment });
    expect(await sandbox.sh('ls -d /mnt/state 2> /dev/null || true')).to.equal('');
  });
});

/**
 * Requests that read: of ctnetlink, of rtnetlink, of nf_tables (strace 6.1 has no names for some of them: 0xa10 asks for
 * the generation of the rules), and those of conntrackd's client, 16, 17, 21, 28 to 32, 35 to 37, 40 and 41, in octal or
 * as the characters that they are (formats.md §8).
 */
const READS =
  /nlmsg_type=(?:NFNL_SUBSYS_CTNETLINK<<8\|IPCTNL_MSG_CT_GET|NFNL_SUBSYS_CTNETLINK_EXP<<8\|IPCTNL_MSG_EXP_GET|RTM_GET\w+|NFNL_SUBSYS_NFTABLES<<8\|NFT_MSG_GET\w+|0xa10\b)|^send\w+\(\d+, "(?:\\20|\\21|\\25|\\3[4-7]|[ #$%()])\\0\\0\\0", 4,/;

/** Whether a line of strace is a call that changes something. */
function changes(line: string): boolean {
  const call = line.replace(/^\d+ +/, '');
  if (/^(?:open|openat|openat2)\(/.test(call)) return /O_(?:WRONLY|RDWR|CREAT|TRUNC)/.test(call) && !isDevice(call);
  if (/^(?:sendto|sendmsg)\(/.test(call)) return !READS.test(call);
  // Sizes and options of a process's own sockets.
  if (/^setsockopt\(/.test(call)) return false;
  return /^\w+\(/.test(call);
}

/** Devices that take everything and keep nothing. */
function isDevice(call: string): boolean {
  return /"\/dev\/(?:null|tty|urandom)"/.test(call);
}
