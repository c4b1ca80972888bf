import type { DaemonSign } from '../model/daemon-sign.js';
import { Failure } from '../model/failure.js';
import type { SourceOptions } from '../sources/options.js';
import { controlSocket } from './control-socket.js';
import { socketOwner } from './daemon-process.js';

/** The process that owns conntrackd's control socket; absent where nobody does, or where our rights or a record do not show it. */
export async function processSign(options: SourceOptions): Promise<Pick<DaemonSign, 'process'>> {
  const { path } = await controlSocket(options);
  const owner = path === undefined ? undefined : await socketOwner(path, options.place).catch(untold);
  if (owner === undefined || owner === 'unseen') return {};
  return { process: { pid: owner.pid, start_ticks: owner.start_ticks } };
}

/** A record need not say who it was. */
function untold(error: unknown): undefined {
  if (!(error instanceof Failure) || error.code !== 'NOT_IN_BUNDLE') throw error;
}
