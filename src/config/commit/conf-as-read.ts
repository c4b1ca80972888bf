import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import { Failure } from '../../model/failure.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';

/** What conntrackd reads in a file; undefined where it would refuse it. */
export function confAsRead(text: string): Omit<ConntrackdConf, 'warnings'> | undefined {
  try {
    const { warnings: _warnings, ...conf } = parseConntrackdConf(text, 'conntrackd.conf');
    return conf;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
