import type { LogLevel, LogRecord } from '../../model/daemon-log.js';
import { utc } from './log-time.js';

/** Levels of syslog(3) that conntrackd uses; it has no others. */
const LEVELS: readonly (LogLevel | undefined)[] = ['error', 'error', 'error', 'error', 'warning', 'notice', 'info'];

/** A line of `journalctl -o json`. All its fields are text, of bytes that are no text a list of numbers. */
type JournalLine = Record<string, unknown>;

/** What a line of `journalctl -o json` records, without what its message means; undefined where it is no such line. */
export function recordOfJournal(line: string): LogRecord | undefined {
  const fields = fieldsOf(line);
  const message = fields && textOf(fields['MESSAGE']);
  if (fields === undefined || message === undefined) return undefined;
  const at = timeOf(fields['_SOURCE_REALTIME_TIMESTAMP'] ?? fields['__REALTIME_TIMESTAMP']);
  const pid = digits(fields['SYSLOG_PID'] ?? fields['_PID'], 10);
  const level = LEVELS[digits(fields['PRIORITY'], 1) ?? LEVELS.length];
  return {
    ...(at === undefined ? {} : { at }),
    ...(pid === undefined ? {} : { pid }),
    ...(level === undefined ? {} : { level }),
    message,
  };
}

function fieldsOf(line: string): JournalLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && '__REALTIME_TIMESTAMP' in value ? value : undefined;
  } catch {
    return undefined;
  }
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value || undefined;
  if (!Array.isArray(value)) return undefined;
  const bytes: unknown[] = value;
  if (bytes.length === 0 || !bytes.every(Number.isInteger)) return undefined;
  return Buffer.from(bytes as number[]).toString('utf8');
}

/** Microseconds since the epoch. */
function timeOf(value: unknown): string | undefined {
  const [, seconds, micro] = typeof value === 'string' ? (/^(\d{1,11})(\d{6})$/.exec(value) ?? []) : [];
  return seconds === undefined ? undefined : utc(Number(seconds) * 1000, micro);
}

function digits(value: unknown, most: number): number | undefined {
  return typeof value === 'string' && /^\d+$/.test(value) && value.length <= most ? Number(value) : undefined;
}
