import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Lab } from './lab.js';
import { LAN, type RouterName, ROUTERS } from './plan.js';
import { must, run } from './run.js';
import { Service } from './service.js';
import { waitFor } from './wait.js';
import { missingTools } from '../support/missing-tools.js';
import { skipFor } from '../support/skip.js';

const SSHD = '/usr/sbin/sshd';
/** Where sshd locks itself in; Debian's unit makes it. */
const PRIVILEGE_SEPARATION = '/run/sshd';

/** Brings an sshd up on each router of a lab for the tests of a `describe` block; call the result for them. */
export function sshdFor(pair: () => Lab): () => SshDaemons {
  let daemons: SshDaemons | undefined;
  before(async function () {
    skipFor(this, missingTools('another host needs', ['ssh', 'sshd']));
    daemons = await SshDaemons.start(pair());
    await pair().traffic.udp({ count: 20 });
  });
  after(() => daemons?.stop());
  return () => daemons!;
}

/**
 * The hook has a backup's table emptied a minute after its transition, and the lab takes no flow in mid-stream: a connection that
 * is tracked would hang then.
 */
function untracked(router: RouterName): string {
  const address = LAN.ipv4.router(router);
  return [
    'add table ip ssh',
    'add chain ip ssh prerouting { type filter hook prerouting priority raw; }',
    'add chain ip ssh output { type filter hook output priority raw; }',
    `add rule ip ssh prerouting ip daddr ${address} tcp dport 22 notrack`,
    `add rule ip ssh output ip saddr ${address} tcp sport 22 notrack`,
  ].join('; ');
}

/** A real sshd on each router, and the ssh of an operator on the client who may log in as root. */
export class SshDaemons {
  private readonly services: Record<RouterName, Service>;
  private readonly folder: string;

  private constructor(
    private readonly lab: Lab,
    folder: string,
  ) {
    this.folder = folder;
    const service = (router: RouterName): Service =>
      new Service(lab.namespaces[router], [SSHD, '-D', '-e', '-f', join(folder, `${router}.conf`)], this.log(router));
    this.services = { r1: service('r1'), r2: service('r2') };
  }

  static async start(lab: Lab): Promise<SshDaemons> {
    const folder = lab.r1.file('ssh');
    await mkdir(folder, { mode: 0o700 });
    await mkdir(PRIVILEGE_SEPARATION, { recursive: true, mode: 0o755 });
    const daemons = new SshDaemons(lab, folder);
    await daemons.writeFiles();
    for (const router of ROUTERS) await must(['ip', 'netns', 'exec', lab.namespaces[router], 'nft', untracked(router)]);
    for (const router of ROUTERS) daemons.services[router].start();
    for (const router of ROUTERS) await daemons.answering(router);
    return daemons;
  }

  async stop(): Promise<void> {
    for (const router of ROUTERS) await this.services[router].stop();
  }

  /** The variables by which ssh has the operator's configuration: as if it stood in ~/.ssh. */
  get environment(): Record<string, string> {
    return { PATH: `${this.folder}:${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  }

  /** What sshd of a router has to say. */
  log(router: RouterName): string {
    return join(this.folder, `${router}.log`);
  }

  /** Ends all connections of a router at once, as if its cable were cut; new ones are taken. */
  async cut(router: RouterName): Promise<void> {
    const pid = String(this.services[router].pid);
    await run(['pkill', '-KILL', '-P', pid]);
  }

  /** Another host key than the one that the operator knows. */
  async forgetHostKey(router: RouterName): Promise<void> {
    const known = join(this.folder, 'known_hosts');
    const lines = (await readFile(known, 'utf8')).split('\n');
    const stranger = (await readFile(join(this.folder, 'id.pub'), 'utf8')).split(' ').slice(0, 2).join(' ');
    const address = LAN.ipv4.router(router);
    await writeFile(
      known,
      lines.map((line) => (line.startsWith(address) ? `${address} ${stranger}` : line)).join('\n'),
    );
  }

  private async writeFiles(): Promise<void> {
    const key = (name: string): Promise<unknown> =>
      must(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', join(this.folder, name)]);
    await key('host');
    await key('id');
    const [host, id] = await Promise.all(
      ['host.pub', 'id.pub'].map((name) => readFile(join(this.folder, name), 'utf8')),
    );
    await this.write('authorized_keys', id!);
    const known = ROUTERS.map((router) => `${LAN.ipv4.router(router)} ${host!.split(' ').slice(0, 2).join(' ')}\n`);
    await this.write('known_hosts', known.join(''));
    await this.write('config', [...ROUTERS.map((router) => this.hostLines(router)), this.strangerLines()].join('\n'));
    await this.write('ssh', `#!/bin/sh\nexec /usr/bin/ssh -F ${this.folder}/config "$@"\n`);
    await chmod(join(this.folder, 'ssh'), 0o755);
    for (const router of ROUTERS) await this.write(`${router}.conf`, this.daemonConf(router));
  }

  private hostLines(router: RouterName): string {
    return `Host ${router}
  HostName ${LAN.ipv4.router(router)}
  User root
  IdentityFile ${this.folder}/id
  IdentitiesOnly yes
  UserKnownHostsFile ${this.folder}/known_hosts
`;
  }

  /** r1 for somebody whom it does not know. */
  private strangerLines(): string {
    return this.hostLines('r1').replace('Host r1', 'Host closed').replace(`${this.folder}/id`, `${this.folder}/host`);
  }

  private daemonConf(router: RouterName): string {
    return `ListenAddress ${LAN.ipv4.router(router)}
HostKey ${this.folder}/host
AuthorizedKeysFile ${this.folder}/authorized_keys
PidFile none
PermitRootLogin yes
StrictModes no
UsePAM no
MaxStartups 100
SetEnv HOME=${this.folder}
`;
  }

  private async answering(router: RouterName): Promise<void> {
    await waitFor(
      async () => (await this.lab.exec('client', ['ssh', router, 'true'], { env: this.environment })).code === 0,
      {
        what: `sshd of ${router} to answer`,
      },
    );
  }

  private write(name: string, text: string): Promise<void> {
    return writeFile(join(this.folder, name), text, { mode: 0o600 });
  }
}
