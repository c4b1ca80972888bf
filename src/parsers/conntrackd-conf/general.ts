import type { ConntrackdConf, GeneralConf } from '../../model/conntrackd-conf.js';
import type { Cursor, Statements } from './cursor.js';
import { Mistake } from './cursor.js';
import { readFilter } from './filter.js';
import type { Token } from './lexer.js';
import { readBoolean, readFilePath, readLogFile, readNumber, readPath, readSyslog } from './values.js';

/** `General { … }`. */
export function readGeneral(cursor: Cursor, conf: ConntrackdConf): void {
  cursor.block('General', conf, GENERAL);
}

// The path fits in sun_path of a UNIX socket address, with its end.
const LONGEST_SOCKET_PATH = 107;

type NumberField =
  'hash_size' | 'hash_limit' | 'netlink_buffer_size' | 'netlink_buffer_size_max_growth' | 'event_iteration_limit';

function number(field: NumberField): Statements<ConntrackdConf>[string] {
  return (cursor, { general }, keyword) => {
    general[field] = readNumber(cursor, keyword);
  };
}

const GENERAL: Statements<ConntrackdConf> = {
  HashSize: number('hash_size'),
  HashLimit: number('hash_limit'),
  NetlinkBufferSize: number('netlink_buffer_size'),
  SocketBufferSize: number('netlink_buffer_size'),
  NetlinkBufferSizeMaxGrowth: number('netlink_buffer_size_max_growth'),
  SocketBufferSizeMaxGrowth: number('netlink_buffer_size_max_growth'),
  SocketBufferSizeMaxGrown: number('netlink_buffer_size_max_growth'),
  EventIterationLimit: number('event_iteration_limit'),
  LogFile: (cursor, { general }) => {
    general.log_file = readLogFile(cursor);
  },
  LockFile: (cursor, { general }) => {
    general.lock_file = readFilePath(cursor);
  },
  Syslog: readGeneralSyslog,
  UNIX: (cursor, { general }) => cursor.block('UNIX', general, UNIX),
  PollSecs: readPollSeconds,
  NetlinkOverrunResync: readOverrunResync,
  NetlinkEventsReliable: (cursor, { general }) => {
    general.netlink_events_reliable = readBoolean(cursor);
  },
  Systemd: (cursor, { general }) => {
    general.systemd = readBoolean(cursor);
  },
  Nice: (cursor, _, keyword) => {
    cursor.expect('signed', 'a number with its sign');
    cursor.warn(keyword.line, 'Nice is deprecated: conntrackd ignores it');
  },
  Scheduler: (cursor, { general }) => cursor.block('Scheduler', (general.scheduler ??= {}), SCHEDULER),
  Filter: (cursor, { general }) => readFilter(cursor, (general.filter ??= {})),
};

const UNIX: Statements<GeneralConf> = {
  Path: (cursor, general) => {
    general.unix_path = readPath(cursor, LONGEST_SOCKET_PATH);
  },
  Backlog: (cursor, _, keyword) => {
    readNumber(cursor, keyword);
    cursor.warn(keyword.line, 'Backlog is deprecated: conntrackd ignores it');
  },
};

const SCHEDULER: Statements<NonNullable<GeneralConf['scheduler']>> = {
  Type: (cursor, scheduler) => {
    const token = cursor.expect('word', 'rr or fifo');
    const type = token.text.toLowerCase();
    if (type !== 'rr' && type !== 'fifo') throw new Mistake(token.text, token.line, 'the schedulers are rr and fifo');
    scheduler.type = type;
  },
  Priority: (cursor, scheduler, keyword) => {
    const { text, line } = cursor.peek();
    const priority = readNumber(cursor, keyword);
    if (priority > 99) throw new Mistake(text, line, 'a priority is a number from 0 to 99');
    scheduler.priority = priority;
  },
};

function readPollSeconds(cursor: Cursor, { general }: ConntrackdConf, keyword: Token): void {
  const { text, line } = cursor.peek();
  const seconds = readNumber(cursor, keyword);
  if (seconds === 0) throw new Mistake(text, line, 'PollSecs has to be larger than 0');
  general.poll_seconds = seconds;
}

function readOverrunResync(cursor: Cursor, { general }: ConntrackdConf, keyword: Token): void {
  const isNumber = cursor.peek().kind === 'number';
  general.netlink_overrun_resync = isNumber ? readNumber(cursor, keyword) : readBoolean(cursor);
}

function readGeneralSyslog(cursor: Cursor, { general, stats }: ConntrackdConf, keyword: Token): void {
  const syslog = readSyslog(cursor);
  if (syslog === undefined) return;
  if (facilitiesDiffer(syslog, stats?.syslog)) warnAboutFacilities(cursor, keyword);
  general.syslog = syslog;
}

/** Whether the facility just written is another one than that of the other block. */
export function facilitiesDiffer(written: boolean | string, other: boolean | string | undefined): boolean {
  if (typeof written === 'boolean' || other === undefined || other === false) return false;
  return written !== (other === true ? 'daemon' : other);
}

/** conntrackd has one facility for both blocks, and takes that of General. */
export function warnAboutFacilities(cursor: Cursor, keyword: Token): void {
  cursor.warn(keyword.line, 'General and Stats name different syslog facilities: conntrackd takes that of General');
}
