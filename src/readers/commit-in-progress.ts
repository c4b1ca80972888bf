import { parseProcessPage } from '../parsers/process-page.js';
import { parseUnixSockets } from '../parsers/process-status.js';
import type { SourceOptions } from '../sources/options.js';
import type { Place } from '../sources/place.js';
import { daemonChildren } from '../sources/queries.js';
import { controlSocket } from './control-socket.js';
import { askDaemon } from './daemon.js';
import { readProc } from './proc.js';

/** A question to the daemon is answered within this; what is still connected then is no question. */
const LONGEST_QUESTION_MS = 500;
const PAUSE_MS = 25;

/**
 * Whether conntrackd is committing: the connection that asked for it stands in /proc/net/unix until the commit ends, even
 * where its client was killed (formats.md §14). So does that of a dump, but that one has a child of the daemon.
 *
 * @throws Failure as {@link askDaemon}
 */
export async function commitInProgress(options: SourceOptions): Promise<boolean> {
  const { path } = await controlSocket(options);
  if (path === undefined) return false;
  let open = await connections(path, options.place);
  const stillOpen = async (): Promise<number[]> => {
    const still = await connections(path, options.place);
    return open.filter((inode) => still.includes(inode));
  };
  const giveUp = performance.now() + LONGEST_QUESTION_MS;
  while (open.length > 0 && performance.now() < giveUp) {
    await options.place.clock.wait(PAUSE_MS, options.abort);
    open = await stillOpen();
  }
  if (open.length === 0) return false;
  const { children } = parseProcessPage(await askDaemon(daemonChildren(options.query), options));
  // Questions that a busy daemon had not come to were answered before ours.
  open = await stillOpen();
  return open.length > children.filter(({ type }) => type !== 'commit').length;
}

/** The inodes of what is connected to a control socket. */
async function connections(path: string, place: Place): Promise<number[]> {
  const sockets = parseUnixSockets((await readProc('net/unix', place)) ?? '');
  return sockets.filter((each) => each.connected && each.path === path).map(({ inode }) => inode);
}
