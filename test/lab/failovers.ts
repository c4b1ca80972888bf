import { readFile, writeFile } from 'node:fs/promises';
import type { Lab } from './lab.js';
import { LAN, WAN } from './plan.js';
import { must } from './run.js';

/** How the preferred router ceases to be master: in order, dead, its cable pulled, or by an administrator's wish. */
export type FailoverKind = 'stop' | 'kill' | 'cable' | 'priority';

export const FAILOVER_KINDS: readonly FailoverKind[] = ['stop', 'kill', 'cable', 'priority'];

/** r1 ceases to be master and r2 takes over; resolves when r2's hook is done. */
export async function failOver(lab: Lab, by: FailoverKind): Promise<void> {
  if (by === 'stop' || by === 'cable') {
    await lab.failover(by);
    return;
  }
  const before = await lab.r2.transitions();
  if (by === 'kill') await killKeepalived(lab);
  else await prioritise(lab, '50');
  await lab.r2.settledAs('MASTER', before);
}

/** r1, repaired, takes over again; resolves when both hooks are done. */
export async function failBack(lab: Lab, by: FailoverKind): Promise<void> {
  if (by !== 'priority') {
    await lab.failback();
    return;
  }
  const before = { r1: await lab.r1.transitions(), r2: await lab.r2.transitions() };
  await prioritise(lab, '200');
  await lab.r1.settledAs('MASTER', before.r1);
  await lab.r2.settledAs('BACKUP', before.r2);
}

/** A machine that is dead has no addresses, either; a keepalived that is killed leaves them. */
async function killKeepalived(lab: Lab): Promise<void> {
  const files = ['keepalived.pid', 'keepalived-vrrp.pid'].map((name) => lab.r1.file(name));
  await must(['sh', '-c', 'kill -STOP $(cat "$1") && kill -KILL $(cat "$2") $(cat "$1") && rm "$@"', 'sh', ...files]);
  await lab.waitFor(() => !lab.r1.keepalived.running, { what: 'keepalived to be dead' });
  for (const { device, ipv4, ipv6 } of [LAN, WAN]) {
    await lab.exec('r1', ['ip', 'addr', 'del', `${ipv4.virtual}/24`, 'dev', device]);
    await lab.exec('r1', ['ip', 'addr', 'del', `${ipv6.virtual}/64`, 'dev', device]);
  }
}

async function prioritise(lab: Lab, priority: string): Promise<void> {
  const path = lab.r1.file('keepalived.conf');
  const text = await readFile(path, 'utf8');
  await writeFile(path, text.replace(/^( *priority) \d+$/gm, `$1 ${priority}`));
  await must(['sh', '-c', 'kill -HUP $(cat "$1")', 'sh', lab.r1.file('keepalived.pid')]);
}
