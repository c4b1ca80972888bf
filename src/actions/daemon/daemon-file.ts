import type { SourceOptions } from '../../sources/options.js';
import { askTool } from '../../sources/process.js';

/** The daemon's configuration file, and who starts the daemon with it. */
export interface DaemonFile {
  path: string;
  /** The systemd unit that is restarted; absent where ctsync starts the daemon itself. */
  unit?: string;
}

const UNIT = 'conntrackd.service';

/**
 * The file that the daemon's unit uses; where there is no such unit, or another file was named, that one. A unit counts only in
 * the network of the machine itself: in a namespace it would be another node's.
 *
 * @param named by the operator
 */
export async function daemonFile(named: string | undefined, options: SourceOptions): Promise<DaemonFile> {
  const ofUnit = await fileOfUnit(options);
  if (ofUnit !== undefined && (named === undefined || named === ofUnit)) return { path: ofUnit, unit: UNIT };
  return { path: named ?? options.query.daemonConfig };
}

async function fileOfUnit(options: SourceOptions): Promise<string | undefined> {
  const { place } = options;
  const booted = await place.look('/run/systemd/system');
  if ('code' in booted || place.findTool('systemctl') === undefined) return undefined;
  const [ours, machines] = await Promise.all(['self', '1'].map((pid) => place.targetOf(`/proc/${pid}/ns/net`)));
  if (ours !== machines) return undefined;
  const args = ['show', '--property=LoadState,ExecStart', UNIT];
  const { exitCode, stdout } = await askTool({ tool: 'systemctl', args, silenceMs: 10_000 }, options.abort);
  return exitCode === 0 ? fileOfExecStart(stdout.toString('utf8')) : undefined;
}

/** What conntrackd takes where its command line names no file. */
export const USUAL_FILE = '/etc/conntrackd/conntrackd.conf';

/** The `-C FILE` of a unit as `systemctl show` has it; undefined where the unit is not loaded, or starts something else. */
export function fileOfExecStart(text: string): string | undefined {
  if (!/^LoadState=loaded$/m.test(text)) return undefined;
  const argv = /^ExecStart=\{ .*? argv\[\]=(.*?) ; /m.exec(text)?.[1]?.split(' ');
  if (argv?.[0]?.endsWith('/conntrackd') !== true) return undefined;
  const at = argv.indexOf('-C');
  return at < 0 ? USUAL_FILE : argv[at + 1];
}
