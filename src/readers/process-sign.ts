import type { DaemonSign } from '../model/daemon-sign.js';
import { controlSocket } from './control-socket.js';
import { socketOwner } from './daemon-process.js';

/** The process that owns conntrackd's control socket; absent where nobody does, or where our rights do not show it. */
export async function processSign(daemonConfig: string): Promise<Pick<DaemonSign, 'process'>> {
  const { path } = controlSocket(daemonConfig);
  const owner = path === undefined ? undefined : await socketOwner(path);
  if (owner === undefined || owner === 'unseen') return {};
  return { process: { pid: owner.pid, start_ticks: owner.start_ticks } };
}
