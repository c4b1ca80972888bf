import { Failure } from '../model/failure.js';
import { holdLock } from '../sources/held-lock.js';
import { failoverLock } from '../sources/options.js';

/**
 * Does work during which no failover hook runs. A transition that comes meanwhile waits: it would find caches that are just
 * emptied, or a daemon that is just restarted.
 *
 * @param action what is to be run again where one is at work
 * @throws Failure ACTION_REFUSED where one is at work; as {@link holdLock}
 */
export async function whileNoHook<T>(action: string, work: () => Promise<T>): Promise<T> {
  const letGo = await holdLock(failoverLock());
  if (letGo === undefined) {
    throw new Failure('ACTION_REFUSED', 'The failover hook, or another action of ctsync, is at work on this node.', {
      next: `Wait until it has ended, and run "${action}" again. Nothing was touched.`,
    });
  }
  try {
    return await work();
  } finally {
    await letGo();
  }
}
