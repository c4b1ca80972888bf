import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import { Failure } from '../../model/failure.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import type { SourceOptions } from '../../sources/options.js';
import type { LogName } from './question.js';

/** Where conntrackd's configuration says that a log is written. */
export interface LogPlace {
  /** Absent where it goes to syslog. */
  path?: string;
  /** Path of the control socket, by which the daemon's process is found. */
  socket?: string;
}

/** What `LogFile on` stands for (formats.md §11). */
const USUAL: Readonly<Record<LogName, string>> = {
  daemon: '/var/log/conntrackd.log',
  stats: '/var/log/conntrackd-stats.log',
};
const OR_THE_LOG = 'or the log itself: --from FILE.';

/**
 * @throws Failure PERMISSION_DENIED, CONFIG_UNREADABLE or CONFIG_INVALID where it can't be read, LOG_UNREADABLE where it
 *   says that there is no log
 */
export async function placeOfLog(name: LogName, { place, query }: SourceOptions): Promise<LogPlace> {
  const file = query.daemonConfig;
  const read = await place.readFile(file);
  if ('unreadable' in read) throw unreadableConfig(file, read.unreadable);
  const conf = parseConntrackdConf(read.text, file);
  const { log_file: logFile, syslog } = settingsOf(name, conf, file);
  const socket = conf.general.unix_path === undefined ? {} : { socket: conf.general.unix_path };
  if (typeof logFile === 'string') return { path: logFile, ...socket };
  if (logFile) return { path: USUAL[name], ...socket };
  if (syslog) return socket;
  const where = name === 'daemon' ? 'General' : 'Stats';
  throw new Failure(
    'LOG_UNREADABLE',
    `conntrackd writes no log: ${file} has neither LogFile nor Syslog on in ${where}.`,
    {
      next: `Add "LogFile on" to ${where} and restart conntrackd; what it does until then is not written anywhere.`,
    },
  );
}

function settingsOf(
  name: LogName,
  { general, stats }: ConntrackdConf,
  file: string,
): Pick<ConntrackdConf['general'], 'log_file' | 'syslog'> {
  if (name === 'daemon') return general;
  if (stats) return stats;
  throw new Failure('LOG_UNREADABLE', `${file} has no Stats: only in statistics mode conntrackd logs flows that end.`, {
    next: "Leave out --stats for the daemon's own log.",
  });
}

function unreadableConfig(file: string, { code, reason }: { code: string; reason: string }): Failure {
  const message = `conntrackd's configuration ${file}, which says where its log is, ${reason}.`;
  if (code === 'EACCES' || code === 'EPERM') {
    const next = `Run ctsync as root, let this user read the file, ${OR_THE_LOG.replace('or', 'or name')}`;
    return new Failure('PERMISSION_DENIED', message, { next });
  }
  return new Failure('CONFIG_UNREADABLE', message, {
    next: `Name the file that the daemon runs with: --daemon-config FILE, ${OR_THE_LOG}`,
  });
}
