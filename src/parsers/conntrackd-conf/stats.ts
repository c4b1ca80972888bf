import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { Cursor, Statements } from './cursor.js';
import { facilitiesDiffer, warnAboutFacilities } from './general.js';
import type { Token } from './lexer.js';
import { bothModes } from './sync.js';
import { readLogFile, readSyslog } from './values.js';

/** `Stats { … }`. */
export function readStats(cursor: Cursor, conf: ConntrackdConf, keyword: Token): void {
  conf.stats ??= {};
  cursor.block('Stats', conf, STATS);
  if (conf.sync !== undefined) throw bothModes(keyword);
}

const STATS: Statements<ConntrackdConf> = {
  LogFile: (cursor, conf) => {
    conf.stats = { ...conf.stats, log_file: readLogFile(cursor) };
  },
  Syslog: (cursor, conf, keyword) => {
    const syslog = readSyslog(cursor);
    if (syslog === undefined) return;
    if (facilitiesDiffer(syslog, conf.general.syslog)) warnAboutFacilities(cursor, keyword);
    conf.stats = { ...conf.stats, syslog };
  },
};
