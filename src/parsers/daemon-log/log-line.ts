import type { LogLevel, LogRecord } from '../../model/daemon-log.js';
import type { Expectation } from '../../model/expectation.js';
import { parseExpectationLine } from '../expectation-line.js';
import { parseFlowLine } from '../flow-line.js';
import { recordOfJournal } from './journal-line.js';
import type { LogClock, Told } from './log-clock.js';
import { instantOfRfc3339 } from './log-time.js';
import { eventOf } from './messages.js';

const CTIME = String.raw`\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}`;
/** What stands before a message in conntrackd's own log file, behind the time; sticky, so that the message is not looked at. */
const HEAD = /\] \(pid=(\d{1,10})\) \[([^\]\s]{1,16})\] (?=[^])/y;
const CTIME_LENGTH = 24;
/** A flow or an expectation there: one that failed, or, in statistics mode, one that has ended. */
const OBJECT = new RegExp(`^(${CTIME})\\t(.*)$`, 's');
/** A line of a syslog file, or of journalctl without its options; VyOS leaves out the name of the host. */
const SYSLOG =
  /^(\w{3} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT\S{9,26}) (?:\S+ )?([^\s[:]+)(?:\[(\d{1,10})\])?: (.+)$/s;

/** By what conntrackd, and the scripts that call it, are known to syslog. */
export const SYSLOG_NAME = 'conntrack-tools';
const OWN_NAMES: readonly string[] = [SYSLOG_NAME, 'conntrackd'];

const LEVELS: ReadonlyMap<string, LogLevel> = new Map([
  ['info', 'info'],
  ['notice', 'notice'],
  ['warning', 'warning'],
  ['ERROR', 'error'],
]);

/**
 * What one line of a log records; `other` where it is the line of another program in a syslog file, undefined where it is
 * none that syslog or conntrackd writes.
 */
export function readLogLine(line: string, clock: LogClock): LogRecord | 'other' | undefined {
  if (line.startsWith('[')) return ownMessage(line, clock);
  if (line.startsWith('{')) return understood(recordOfJournal(line));
  return object(line, clock) ?? syslogMessage(line, clock);
}

function ownMessage(line: string, clock: LogClock): LogRecord | undefined {
  HEAD.lastIndex = 1 + CTIME_LENGTH;
  const head = HEAD.exec(line);
  const at = head === null ? undefined : clock.ofCtime(line.slice(1, 1 + CTIME_LENGTH));
  if (head === null || at === undefined) return undefined;
  const message = line.slice(1 + CTIME_LENGTH + head[0].length);
  const rest = { at_text: at.at_text!, pid: Number(head[1]), level: LEVELS.get(head[2]!) ?? 'unknown', message };
  return understood(withInstant(rest, at));
}

/** Most lines of a long log pass here: fields in a fixed order cost less than a copy of whatever fields there are. */
function withInstant(record: LogRecord, { at, at_ambiguous: ambiguous }: Told): LogRecord {
  if (at === undefined) return record;
  return ambiguous ? { at, at_ambiguous: ambiguous, ...record } : { at, ...record };
}

function object(line: string, clock: LogClock): LogRecord | undefined {
  const [, time, message = ''] = OBJECT.exec(line) ?? [];
  const content = contentOf(message);
  const at = time === undefined || content === undefined ? undefined : clock.ofCtime(time);
  return at && { ...at, message, ...content };
}

function syslogMessage(line: string, clock: LogClock): LogRecord | 'other' | undefined {
  const [, time = '', name = '', pid, message = ''] = SYSLOG.exec(line) ?? [];
  const at = timeOf(time, clock);
  if (at === undefined) return undefined;
  if (!OWN_NAMES.includes(name)) return 'other';
  return understood({ ...at, ...(pid === undefined ? {} : { pid: Number(pid) }), message });
}

function timeOf(time: string, clock: LogClock): Pick<LogRecord, 'at' | 'at_text'> | undefined {
  if (!/^\d/.test(time)) return clock.ofSyslog(time);
  const at = instantOfRfc3339(time);
  return at === undefined ? undefined : { at };
}

/** The record with what its message means: an event, or a flow or an expectation alone. */
function understood(record: LogRecord | undefined): LogRecord | undefined {
  if (record === undefined) return undefined;
  const event = eventOf(record.message);
  if (event) record.event = event;
  else Object.assign(record, contentOf(record.message));
  return record;
}

/** Both kinds of lines name addresses; hardly any message does. */
function contentOf(message: string): Pick<LogRecord, 'flow' | 'expectation'> | undefined {
  if (!message.includes('src=')) return undefined;
  const flow = parseFlowLine(Buffer.from(message));
  if (flow) return { flow };
  const expectation: Expectation | undefined = parseExpectationLine(Buffer.from(message).toString('latin1'));
  return expectation && { expectation };
}
