import type { LogLevel, LogRecord, LogStream, LogVerdict } from '../model/daemon-log.js';
import { escapeControl } from './escape.js';
import { fold } from './fold.js';
import { grouped } from './scaled.js';
import { BufferedSink, type Sink } from './sink.js';
import { type Theme, theme } from './theme.js';

/** `2026-11-22T13:41:24Z`, or the 24 characters of a time without a zone. */
const TIME_WIDTH = 20;
const WRITTEN_WIDTH = 24;
/** `warning`, `unknown`. */
const LEVEL_WIDTH = 7;
const NOTHING = '-';
/** Narrower than this a message is a column of syllables: then it stands below its time. */
const LEAST_WIDTH = 20;
const NARROW_INDENT = 2;

/**
 * A log as lines for people: time, level and message, folded on a terminal. Each is written as soon as it is there.
 *
 * @param follows whether the log goes on: then there is nothing to say under it
 */
export async function renderLogLines(log: LogStream, follows: boolean, sink: Sink): Promise<void> {
  const out = new BufferedSink(sink);
  const layout = layoutFor(log.origin.timezone !== undefined || log.origin.kind === 'journal', sink);
  for await (const records of log.batches()) {
    for (const record of records) {
      out.text(lineOf(record, layout));
      if (out.full) await out.flush();
    }
    await out.flush();
  }
  if (!follows) out.text(folded(footer(log.verdict()), sink.columns));
  await out.flush();
}

interface Layout {
  timeWidth: number;
  /** Room for the message; undefined where it is not folded. */
  room: number | undefined;
  /** What stands before the second and later lines of a message; before all of them where it begins under its time. */
  indent: string;
  /** Whether the message has no room beside its time. */
  below: boolean;
  colours: Theme;
}

function layoutFor(inUtc: boolean, { columns, colour }: Sink): Layout {
  const timeWidth = inUtc ? TIME_WIDTH : WRITTEN_WIDTH;
  const before = timeWidth + LEVEL_WIDTH + 2;
  const below = columns !== undefined && columns - before < LEAST_WIDTH;
  const indent = ' '.repeat(below ? NARROW_INDENT : before);
  const room = columns === undefined ? undefined : Math.max(columns - indent.length, 1);
  return { timeWidth, room, indent, below, colours: theme(colour) };
}

function lineOf(record: LogRecord, { timeWidth, room, indent, below, colours }: Layout): string {
  const time = timeOf(record).padEnd(timeWidth);
  const level = (record.level ?? NOTHING).padEnd(LEVEL_WIDTH);
  const message = escapeControl(record.message) + (record.truncated ? ' [cut]' : '');
  const style = styleOf(record.level, colours);
  const folded = room === undefined ? [message] : fold(message, room);
  const [first = '', ...rest] = below ? ['', ...folded] : folded;
  const lines = [`${colours.faint(time)} ${style(level)} ${style(first)}`, ...rest.map((part) => indent + style(part))];
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

/** To the second: that is what conntrackd tells. */
function timeOf({ at, at_text: written }: LogRecord): string {
  return at === undefined ? escapeControl(written ?? NOTHING) : `${at.slice(0, 19)}Z`;
}

function styleOf(level: LogLevel | undefined, { failure, warning }: Theme): (text: string) => string {
  if (level === 'error') return failure;
  return level === 'warning' ? warning : (text) => text;
}

/** What is to be known of what was not shown; empty where all was, and all was readable. */
function footer({ summary, complete }: LogVerdict): string {
  const { shown, limited, earlier_bytes: bytes, unreadable } = summary;
  const records = shown === 1 ? 'record' : `${grouped(shown)} records`;
  const them = shown === 1 ? 'it' : 'them';
  const before = bytes === undefined ? '' : `; ${grouped(bytes)} bytes before ${them} are not shown`;
  const facts = [
    ...(limited ? [`The last ${records}${before} (--limit N or all, --since TIME)`] : []),
    ...(unreadable > 0
      ? [`${grouped(unreadable)} ${unreadable === 1 ? 'line is' : 'lines are'} not conntrackd's`]
      : []),
    ...(complete === false ? ['INCOMPLETE'] : []),
  ];
  if (shown === 0 && facts.length === 0) return 'No log records.\n';
  return facts.length === 0 ? '' : `\n${facts.join('. ')}.\n`;
}

function folded(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => fold(line, columns))
    .join('\n');
}
