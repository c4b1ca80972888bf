import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conntrackdConf } from './conntrackd-conf.js';
import { recordOfCtsync, recordOfLab } from './hook-record.js';
import type { HookRecord } from './hook-record.js';
import { failoverHook, keepalivedConf } from './keepalived-conf.js';
import type { Notify } from './keepalived-conf.js';
import type { LabSettings } from './options.js';
import { SYNC_GROUPS } from './plan.js';
import type { RouterName, SyncGroupPlan } from './plan.js';
import { must, run } from './run.js';
import { Service } from './service.js';
import { waitFor } from './wait.js';

const CTSYNC_HOOK = fileURLToPath(new URL('../../libexec/ctsync-failover', import.meta.url));

/** One node of the firewall pair: its folder, its conntrackd and its keepalived. */
export class Router {
  /** Holds conntrackd.conf, keepalived.conf, failover-state, failover.log, conntrackd.sock, conntrackd.log, keepalived.log. */
  readonly folder: string;
  readonly conntrackd: Service;
  readonly keepalived: Service;

  constructor(
    readonly name: RouterName,
    readonly namespace: string,
    labFolder: string,
    private readonly settings: LabSettings,
  ) {
    this.folder = join(labFolder, name);
    this.conntrackd = new Service(
      namespace,
      ['conntrackd', '-C', this.file('conntrackd.conf')],
      this.file('conntrackd.out'),
    );
    this.keepalived = new Service(namespace, this.keepalivedCommand(), this.file('keepalived.log'));
  }

  /** Path of a file in the router's folder. */
  file(name: string): string {
    return join(this.folder, name);
  }

  /** The variables by which ctsync finds this router's files. */
  get environment(): Record<string, string> {
    return {
      CTSYNC_DAEMON_CONFIG: this.file('conntrackd.conf'),
      CTSYNC_KEEPALIVED_CONFIG: this.file('keepalived.conf'),
      CTSYNC_RUN_DIR: this.folder,
      CTSYNC_STATE_DIR: this.folder,
    };
  }

  /** keepalived refuses a hook that others than root may write to, so the modes are ours and not the umask's. */
  async writeFiles(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o755 });
    const paths = {
      socket: this.file('conntrackd.sock'),
      lock: this.file('conntrackd.lock'),
      log: this.file('conntrackd.log'),
    };
    await writeFile(this.file('conntrackd.conf'), conntrackdConf(this.name, this.settings, paths), { mode: 0o644 });
    const groups = SYNC_GROUPS.slice(0, this.settings.groups);
    const notify = this.settings.hook === 'lab' ? await this.labHook() : await this.ctsyncHook();
    await writeFile(this.file('keepalived.conf'), keepalivedConf(this.name, groups, notify), { mode: 0o644 });
  }

  private async labHook(): Promise<Notify> {
    const hook = this.file('ctsync-failover');
    const hookPaths = {
      daemonConf: this.file('conntrackd.conf'),
      state: this.file('failover-state'),
      log: this.file('failover.log'),
    };
    await writeFile(hook, failoverHook(hookPaths), { mode: 0o755 });
    return { states: ['master', 'backup', 'fault'], command: (state, group) => `${hook} ${state} ${group}` };
  }

  /** A copy: keepalived refuses a script in a folder that others than root may write to. */
  private async ctsyncHook(): Promise<Notify> {
    const hook = this.file('ctsync-failover');
    await copyFile(CTSYNC_HOOK, hook);
    await chmod(hook, 0o755);
    const places = `${this.file('conntrackd.conf')} ${this.folder} ${this.folder}`;
    return {
      states: ['master', 'backup', 'fault', 'stop'],
      command: (state, group) => `${hook} ${state} ${group} ${places}`,
    };
  }

  /** Starts conntrackd and waits until it answers on its control socket. */
  async startDaemon(): Promise<void> {
    this.conntrackd.start();
    await waitFor(async () => (await this.ask('-s', 'runtime')).startsWith('daemon uptime'), {
      what: `conntrackd of ${this.name} to answer`,
    });
  }

  /** Text of a `conntrackd` request; rejects where the daemon does not answer. */
  ask(...request: string[]): Promise<string> {
    return must(['ip', 'netns', 'exec', this.namespace, 'conntrackd', '-C', this.file('conntrackd.conf'), ...request], {
      seconds: 10,
    });
  }

  /** What the router does now: master if it holds every IPv4 virtual address of the group, backup if it holds none. */
  async role(group: SyncGroupPlan = SYNC_GROUPS[0]): Promise<'master' | 'backup' | 'mixed'> {
    const { stdout } = await run(['ip', '-n', this.namespace, '-j', 'addr', 'show']);
    const interfaces = JSON.parse(stdout) as { addr_info: { local?: string }[] }[];
    const own = new Set(interfaces.flatMap(({ addr_info }) => addr_info.map(({ local }) => local)));
    const held = group.instances.filter(({ ipv4 }) => own.has(ipv4)).length;
    return held === group.instances.length ? 'master' : held === 0 ? 'backup' : 'mixed';
  }

  /** How many transitions of the group keepalived has told the hook of. */
  async transitions(group: SyncGroupPlan = SYNC_GROUPS[0]): Promise<number> {
    return (await this.hookRecord()).begun.filter((told) => told.group === group.name).length;
  }

  /**
   * Resolves once there have been more transitions of the group than `before`, the last one to this state, and no hook is
   * at work: keepalived does not wait for one before it starts the next.
   */
  async settledAs(
    state: 'MASTER' | 'BACKUP' | 'FAULT',
    before: number,
    group: SyncGroupPlan = SYNC_GROUPS[0],
  ): Promise<void> {
    await waitFor(
      async () => {
        const { begun, atWork } = await this.hookRecord();
        const ofGroup = begun.filter((told) => told.group === group.name);
        return ofGroup.length > before && !atWork && ofGroup.at(-1)?.state === state;
      },
      { seconds: 20, what: `${this.name} to become ${state} of ${group.name}` },
    );
  }

  private hookRecord(): Promise<HookRecord> {
    return this.settings.hook === 'lab' ? recordOfLab(this.folder) : recordOfCtsync(this.folder);
  }

  // Only VRRP (-P), and pid files of its own: keepalived takes another one's for its own instance and ends.
  private keepalivedCommand(): string[] {
    return [
      'keepalived',
      '--dont-fork',
      '--log-console',
      '--log-detail',
      '--no-syslog',
      '--vrrp',
      '--use-file',
      this.file('keepalived.conf'),
      '--pid',
      this.file('keepalived.pid'),
      '--vrrp_pid',
      this.file('keepalived-vrrp.pid'),
      '--checkers_pid',
      this.file('keepalived-checkers.pid'),
    ];
  }
}
