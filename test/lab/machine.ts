import { fileURLToPath } from 'node:url';
import { Sandbox } from '../support/sandbox.js';
import type { Lab } from './lab.js';
import type { RouterName } from './plan.js';
import { run } from './run.js';
import type { Outcome } from './run.js';

const SYSTEMCTL = fileURLToPath(new URL('systemctl.sh', import.meta.url));
/** The settings that Debian's package comes with. */
const PACKAGED = fileURLToPath(new URL('../fixtures/config/statistics-mode.conf', import.meta.url));

/**
 * A router of a lab as a machine of its own, with the usual paths: its own /etc, /run and /var/lib, its own processes, the
 * package's conntrackd.service and a `systemctl` that starts it. What is typed on a real machine can be typed here as it is.
 */
export class Machine {
  private constructor(private readonly sandbox: Sandbox) {}

  /** @param lab without daemons of its own on that router */
  static async of(lab: Lab, router: RouterName): Promise<Machine> {
    return new Machine(await Sandbox.start(`STAND_IN='${SYSTEMCTL}'\n${PLACES}`, lab.namespaces[router]));
  }

  /** Runs shell lines as root would type them; they have to succeed, and the answer is what they print. */
  type(lines: string): Promise<string> {
    return this.sandbox.sh(`export PATH=${PATH}\n${lines}`);
  }

  /** Runs a command line, whatever comes of it. */
  run(line: string): Promise<Outcome> {
    return run(this.sandbox.enter(['bash', '-c', `export PATH=${PATH}\n${line}`]), { seconds: 120 });
  }

  /** The conntrackd processes, by the numbers that the machine knows them by. */
  daemons(): Promise<string[]> {
    return this.sandbox.processes('conntrackd');
  }

  /** How the next starts of units fail, as systemd's do; none any more without an argument. */
  async unitsFail(how?: 'not-found' | 'failed' | 'hangs'): Promise<void> {
    await this.type(how === undefined ? 'rm -f /mnt/systemctl.fails' : `echo ${how} > /mnt/systemctl.fails`);
  }

  /** How systemctl was called since the last time. */
  async systemctlCalls(): Promise<string[]> {
    const calls = await this.type('cat /mnt/systemctl.calls 2> /dev/null || true; rm -f /mnt/systemctl.calls');
    return calls.split('\n').filter((line) => line !== '');
  }

  stop(): Promise<void> {
    return this.sandbox.stop();
  }
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** apt-get has nothing to install here, and starts the daemon as Debian's package does. */
const PLACES = `
cp -a /etc /mnt/etc
mount --bind /mnt/etc /etc
mkdir -p /etc/conntrackd /etc/keepalived /run/lock /run/systemd/system
rm -rf /etc/conntrackd/* /etc/keepalived/* /etc/ctsync
cp '${PACKAGED}' /etc/conntrackd/conntrackd.conf
mount -t tmpfs -o mode=755 tmpfs /var/lib
mount -t tmpfs -o mode=755 tmpfs /var/log
mount -t tmpfs -o mode=755 tmpfs /usr/local/sbin
cp "$STAND_IN" /usr/local/sbin/systemctl
printf '#!/bin/sh\\nexec /mnt/node /mnt/ctsync/bin/run.js "$@"\\n' > /usr/local/sbin/ctsync
printf '#!/bin/sh\\nexec systemctl start conntrackd\\n' > /usr/local/sbin/apt-get
printf '#!/bin/sh\nexec tail -n 5 /mnt/units/conntrackd.service.journal\n' > /usr/local/sbin/journalctl
chmod 755 /usr/local/sbin/*`;
