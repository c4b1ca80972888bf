import type { SyslogFacility } from '../../model/conntrackd-conf.js';
import type { Cursor } from './cursor.js';
import { Mistake } from './cursor.js';
import type { Token } from './lexer.js';

/** A number as conntrackd reads it: 32 bits of it, without a sign. */
export function readNumber(cursor: Cursor, keyword: Token): number {
  const token = cursor.expect('number', 'a number');
  const value = daemonNumber(token.text);
  if (String(value) !== token.text.replace(/^0+(?=.)/, '')) {
    cursor.warn(token.line, `${keyword.text} is larger than 32 bits hold: conntrackd reads ${value}`);
  }
  return value;
}

// atoi(3) on a 64-bit machine: the largest long if there are too many digits, of which 32 bits are kept.
function daemonNumber(digits: string): number {
  const significant = digits.replace(/^0+(?=.)/, '');
  const largest = 2n ** 63n - 1n;
  const long = significant.length > 19 ? largest : BigInt(significant);
  return Number(BigInt.asUintN(32, long > largest ? largest : long));
}

/** `on`, `off`, `yes` or `no` in any case; not `true` or `false`. */
export function readBoolean(cursor: Cursor): boolean {
  if (cursor.peek().kind === 'on') return cursor.next().kind === 'on';
  return cursor.expect('off', 'on, off, yes or no').kind === 'on';
}

/** A path of at most `longest` bytes. */
export function readPath(cursor: Cursor, longest: number): string {
  const token = cursor.expect('path', 'an absolute path');
  if (Buffer.byteLength(token.text) > longest) {
    throw new Mistake(token.text, token.line, `conntrackd takes a path of ${longest} bytes at most here`);
  }
  return token.text;
}

const LONGEST_FILE_PATH = 256;

/** Path of a file that conntrackd writes. */
export function readFilePath(cursor: Cursor): string {
  return readPath(cursor, LONGEST_FILE_PATH);
}

/** `LogFile`: on, off or a path. */
export function readLogFile(cursor: Cursor): boolean | string {
  const { kind } = cursor.peek();
  if (kind === 'on' || kind === 'off') return readBoolean(cursor);
  return readFilePath(cursor);
}

const FACILITIES: readonly string[] = [
  'daemon',
  ...Array.from({ length: 8 }, (_, index) => `local${index}`),
] satisfies string[];

/** `Syslog`: on, off or a facility; undefined, with a warning, where conntrackd does not know the facility. */
export function readSyslog(cursor: Cursor): boolean | SyslogFacility | undefined {
  const { kind } = cursor.peek();
  if (kind === 'on' || kind === 'off') return readBoolean(cursor);
  const token = cursor.expect('word', 'on, off or a syslog facility');
  if (isFacility(token.text)) return token.text;
  cursor.warn(token.line, `conntrackd does not know the syslog facility ${token.text} and ignores it`);
  return undefined;
}

function isFacility(text: string): text is SyslogFacility {
  return FACILITIES.includes(text);
}
