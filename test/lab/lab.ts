import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildNetwork, namespacesOf, plug, routePartners } from './network.js';
import type { Namespaces } from './network.js';
import { DEFAULTS } from './options.js';
import type { LabOptions } from './options.js';
import { newLabId } from './owner.js';
import { LAN, peerOf, ROUTERS, SYNC_GROUPS } from './plan.js';
import type { Node, RouterName, SyncGroupPlan } from './plan.js';
import { Router } from './router.js';
import { run } from './run.js';
import type { Outcome, RunOptions } from './run.js';
import { guard, LAB_FOLDERS, removeLab, removeLeftovers } from './sweep.js';
import { Traffic } from './traffic.js';
import { waitFor } from './wait.js';

const CTSYNC = fileURLToPath(new URL('../../bin/run.js', import.meta.url));

/**
 * A real firewall pair on this machine, in network namespaces: client – r1 and r2 – server, conntrackd and keepalived in
 * each router, a dedicated link between them. Several labs may be up at once, of this process and of others. Whatever
 * ends the process takes the lab down; what a killed process left is removed when the next lab starts.
 */
export class Lab {
  readonly id: string;
  readonly namespaces: Namespaces;
  readonly r1: Router;
  readonly r2: Router;
  readonly traffic: Traffic;
  private readonly settings: Required<LabOptions>;

  constructor(options: LabOptions = {}) {
    this.settings = { ...DEFAULTS, ...options };
    this.id = newLabId();
    this.namespaces = namespacesOf(this.id);
    this.r1 = new Router('r1', this.namespaces.r1, this.folder, this.settings);
    this.r2 = new Router('r2', this.namespaces.r2, this.folder, this.settings);
    this.traffic = new Traffic(this.namespaces);
  }

  /** The lab's folder; each router has one of its own in it. */
  get folder(): string {
    return join(LAB_FOLDERS, this.id);
  }

  /**
   * Brings everything up; resolves when both daemons answer and, unless without keepalived, each group has its preferred
   * master and the other router as backup, and all hooks are done. A failure on the way takes down what was there.
   */
  async start(): Promise<void> {
    removeLeftovers();
    guard(this.id);
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o755 });
      await buildNetwork(this.namespaces);
      if (this.settings.groups === 2) await routePartners(this.namespaces);
      for (const router of [this.r1, this.r2]) await router.writeFiles();
      await Promise.all([this.r1.startDaemon(), this.r2.startDaemon()]);
      if (this.settings.keepalived) await this.startKeepalived({ r1: 0, r2: 0 });
      await this.traffic.start();
    } catch (error) {
      removeLab(this.id);
      throw error;
    }
  }

  /** Takes everything down: daemons in order first, then whatever still runs, the namespaces and the folder. */
  async stop(): Promise<void> {
    try {
      await this.traffic.end();
      await Promise.all([this.r1.keepalived.stop(), this.r2.keepalived.stop()]);
      await Promise.all([this.r1.conntrackd.stop(), this.r2.conntrackd.stop()]);
    } finally {
      removeLab(this.id);
    }
  }

  /** Runs a command in a node, with the variables by which ctsync finds that router's files. */
  exec(node: Node, argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return run(['ip', 'netns', 'exec', this.namespaces[node], ...argv], {
      ...options,
      env: { ...this.environmentOf(node), ...options.env },
    });
  }

  /** Runs the built ctsync in a node, as its operator would. */
  ctsync(node: Node, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
    return this.exec(node, [process.execPath, CTSYNC, ...args], options);
  }

  /** What the router does, by the group's virtual addresses that it holds; `mixed` only for moments. */
  role(router: RouterName, group?: SyncGroupPlan): Promise<'master' | 'backup' | 'mixed'> {
    return this[router].role(group);
  }

  /** Waits, at most 15 s unless told otherwise, until the answer is truthy; rejects after that. */
  readonly waitFor = waitFor;

  /**
   * The master steps down and the other router takes over; resolves when that one's hook is done and the roles are
   * changed. `stop` ends the master's keepalived (its record goes on to say MASTER); `cable` pulls its LAN cable (FAULT).
   */
  async failover(by: 'stop' | 'cable' = 'stop'): Promise<{ from: RouterName; to: RouterName }> {
    const from = await this.master();
    const to = peerOf(from);
    const before = { from: await this[from].transitions(), to: await this[to].transitions() };
    if (by === 'stop') await this[from].keepalived.stop();
    else await plug(this.namespaces, from, LAN, 'down');
    await this[to].settledAs('MASTER', before.to);
    if (by === 'cable') await this[from].settledAs('FAULT', before.from);
    await this.waitForMaster(to);
    return { from, to };
  }

  /** After {@link failover}: r1, repaired, takes over again (it is the preferred one); resolves when both hooks are done. */
  async failback(): Promise<void> {
    const before = { r1: await this.r1.transitions(), r2: await this.r2.transitions() };
    for (const router of ROUTERS) await plug(this.namespaces, router, LAN, 'up');
    await this.startKeepalived(before);
  }

  /** The router that holds the virtual addresses of the first group. */
  async master(): Promise<RouterName> {
    for (const router of ROUTERS) if ((await this.role(router)) === 'master') return router;
    throw new Error('no router holds the virtual addresses');
  }

  private async startKeepalived(before: Record<RouterName, number>): Promise<void> {
    this.r1.keepalived.start();
    this.r2.keepalived.start();
    await this.r1.settledAs('MASTER', before.r1);
    await this.r2.settledAs('BACKUP', before.r2);
    await this.waitForMaster('r1');
    for (const group of SYNC_GROUPS.slice(1, this.settings.groups)) await this.waitForPreferred(group);
  }

  /** A router that was master of the group all the time has had no transition since. */
  private async waitForPreferred(group: SyncGroupPlan): Promise<void> {
    await this[group.preferred].settledAs('MASTER', 0, group);
    await this[peerOf(group.preferred)].settledAs('BACKUP', 0, group);
  }

  private async waitForMaster(master: RouterName): Promise<void> {
    await waitFor(
      async () => (await this.role(master)) === 'master' && (await this.role(peerOf(master))) === 'backup',
      { what: `${master} to hold the virtual addresses alone` },
    );
  }

  private environmentOf(node: Node): Record<string, string> {
    return node === 'r1' || node === 'r2' ? this[node].environment : {};
  }
}
