import type { Place } from '../place.js';
import { connect } from './connection.js';
import { RemotePlace } from './remote-place.js';
import { Ssh } from './ssh.js';
import { targetOf } from './target.js';

/**
 * Connects to another host.
 *
 * @param host `[USER@]HOST[:PORT]`
 * @throws Failure USAGE, HOST_UNREACHABLE, TOOL_MISSING where there is no ssh, TIMEOUT, INTERRUPTED, BAD_ANSWER
 */
export async function openHost(host: string, silenceMs: number | undefined, abort: AbortSignal): Promise<Place> {
  const ssh = new Ssh(targetOf(host));
  await connect(ssh, abort);
  return RemotePlace.open(ssh, silenceMs, abort);
}
