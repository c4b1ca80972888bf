import type { LogOrigin } from '../../model/daemon-log.js';
import { Failure } from '../../model/failure.js';
import { LogClock } from '../../parsers/daemon-log/log-clock.js';
import { DaemonLogParser } from '../../parsers/daemon-log.js';
import { recognise } from '../../parsers/recognise.js';
import { openCapture } from '../../sources/capture.js';
import { LogFile } from '../../sources/log-file.js';
import type { SourceOptions } from '../../sources/options.js';
import { cutLog, fileSource } from './file-source.js';
import type { LogQuestion } from './question.js';
import type { LogSource } from './source.js';

/** Enough to see what a capture is. */
const HEAD_BYTES = 64 * 1024;
const READS =
  "This command reads conntrackd's log: its LogFile, lines of syslog, or journalctl -t conntrack-tools -o json.";

/**
 * A captured log; stdin where the path is `-`.
 *
 * @throws Failure CAPTURE_UNREADABLE, here or while reading, and BAD_CAPTURE where it is something else
 */
export async function capturedLog(path: string, question: LogQuestion, options: SourceOptions): Promise<LogSource> {
  const { zone } = question;
  const origin: LogOrigin = {
    kind: 'capture',
    ...(path === '-' ? {} : { path }),
    ...(zone ? { timezone: zone.name } : {}),
  };
  const file = path === '-' ? undefined : await LogFile.open(path).catch(() => undefined);
  if (file) {
    try {
      rejectOthers(await file.head(HEAD_BYTES), path);
    } catch (error) {
      await file.close();
      throw error;
    }
    return fileSource({ file, path, origin, zone }, question, options);
  }
  const { name, chunks } = openCapture(path, options.abort);
  return {
    origin,
    ...(zone ? { zone } : {}),
    pieces: checked(chunks, name),
    keep: question.limit,
    judge: ({ cut }) => Promise.resolve(cut ? { complete: false, failure: cutLog(name, false) } : {}),
  };
}

/** The chunks as they are, once the first of them have shown that they are a log. */
async function* checked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head) head = Buffer.concat([head, chunk]);
    else yield chunk;
    if (!head || head.length < HEAD_BYTES) continue;
    rejectOthers(head, name);
    yield head;
    head = undefined;
  }
  if (!head) return;
  rejectOthers(head, name);
  yield head;
}

function rejectOthers(head: Buffer, name: string): void {
  const parser = new DaemonLogParser(new LogClock(undefined));
  parser.push(head);
  const { own, others, unreadable } = parser.tally;
  if (own + others > 0) return;
  const text = head.toString('latin1');
  const looksLike = recognise(text);
  if (looksLike !== undefined) throw new Failure('BAD_CAPTURE', `${name} looks like ${looksLike}.`, { next: READS });
  if (unreadable > 0) {
    throw new Failure('BAD_CAPTURE', `${name} holds nothing that conntrackd logs.`, { next: READS });
  }
}
