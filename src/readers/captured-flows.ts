import { Failure } from '../model/failure.js';
import type { DumpTally } from '../parsers/flow-dump.js';
import { recognise } from '../parsers/recognise.js';
import { openCapture } from '../sources/capture.js';
import type { SourceOptions } from '../sources/options.js';
import type { DumpSource, Judgement } from './flow-reading.js';
import { notesOnUnreadable } from './unreadable-lines.js';

/** What a captured dump may be of. */
export type DumpKind = 'table' | 'dying' | 'internal' | 'external';

type Recognised = (looksLike: string | undefined) => Promise<void>;

/** Enough to tell one command's output from another's. */
const HEAD_BYTES = 8192;

/** The lines of /proc are those of the table, without ids. */
const TABLE = ['conntrack -L', 'conntrack -L -o extended,id', '/proc/net/nf_conntrack'];

/** The outputs that fit each kind, as {@link recognise} names them. With DisableInternalCache `-i` is `conntrack -L`. */
const FITS: Readonly<Record<DumpKind, readonly string[]>> = {
  table: TABLE,
  // Its lines are those of the table.
  dying: TABLE,
  internal: ['conntrackd -i', 'conntrack -L'],
  external: ['conntrackd -e'],
};

const EXPECTED: Readonly<Record<DumpKind, string>> = {
  table: 'conntrack -L -o extended,id',
  dying: 'conntrack -L dying -o extended,id',
  internal: 'conntrackd -i',
  external: 'conntrackd -e',
};

/**
 * A dump of flows from a captured file.
 *
 * @param recognised called before the first flow with what the file looks like, as {@link recognise} names it; may throw
 * @throws Failure CAPTURE_UNREADABLE, or BAD_CAPTURE where the file is the output of another command
 */
export function capturedFlows(
  path: string,
  kind: DumpKind,
  options: SourceOptions,
  recognised: Recognised = () => Promise.resolve(),
): DumpSource {
  const capture = openCapture(path, options.abort);
  const check = (head: Buffer): Promise<void> => {
    const looksLike = recognise(head.toString('latin1', 0, HEAD_BYTES));
    if (looksLike !== undefined && !FITS[kind].includes(looksLike)) throw badCapture(capture.name, kind, looksLike);
    return recognised(looksLike);
  };
  return {
    chunks: checked(capture.chunks, check),
    extent: () => (capture.bytes === undefined ? {} : { bytes: capture.bytes }),
    judge: (tally) => Promise.resolve(judge(capture.name, kind, tally)),
  };
}

/** The chunks as they are, once the first of them have shown that they are of the right kind. */
async function* checked(chunks: AsyncIterable<Buffer>, check: (head: Buffer) => Promise<void>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    await check(head);
    yield head;
    head = undefined;
  }
  if (head === undefined || head.length === 0) return;
  await check(head);
  yield head;
}

function judge(name: string, kind: DumpKind, tally: DumpTally): Judgement {
  if (tally.bytes === 0) {
    return { notes: [`${name} is empty: so is the capture of an empty table, and one that failed.`] };
  }
  if (tally.rows === 0 && tally.unreadable > 0) return { complete: false, failure: noFlows(name, kind, tally) };
  const notes = notesOnUnreadable(tally);
  if (tally.cut) return { complete: false, failure: cut(name), notes };
  if (tally.unreadable > 0) return { complete: false, failure: partlyUnreadable(name, tally), notes };
  if (tally.announced === undefined && tally.rows === 0) return { notes: [onlyMessages(name)] };
  if (tally.announced === undefined) return {};
  if (tally.announced === tally.rows) return { complete: true };
  return { complete: false, failure: rowsMissing(name, tally.rows, tally.announced) };
}

function badCapture(name: string, kind: DumpKind, looksLike: string): Failure {
  return new Failure('BAD_CAPTURE', `${name} looks like ${looksLike}.`, { next: reads(kind) });
}

/** What conntrackd says where it has no answer: the reason stands behind the level. */
const ERROR = /\[ERROR\]\s*(.+)/;

function noFlows(name: string, kind: DumpKind, { firstUnreadable = '' }: DumpTally): Failure {
  const [, toolSays] = ERROR.exec(firstUnreadable) ?? [];
  return new Failure('BAD_CAPTURE', `${name} holds nothing that is a flow.`, {
    ...(toolSays === undefined ? {} : { toolSays }),
    next: reads(kind),
  });
}

function reads(kind: DumpKind): string {
  return `This command reads the output of ${EXPECTED[kind]}.`;
}

function onlyMessages(name: string): string {
  return `${name} holds messages of conntrackd and no flow: so does the capture of an empty cache, and a log.`;
}

function partlyUnreadable(name: string, { unreadable }: DumpTally): Failure {
  const lines = unreadable === 1 ? '1 line of' : `${unreadable} lines of`;
  return new Failure('BAD_CAPTURE', `${lines} ${name} can not be read as flows; they are not shown.`, {
    next: 'Capture it again, the output of one command alone.',
  });
}

function cut(name: string): Failure {
  return new Failure('DUMP_INCOMPLETE', `${name} ends in the middle of a line; that line is not shown.`, {
    next: 'Capture it again, or add the newline if it was lost on the way.',
  });
}

function rowsMissing(name: string, rows: number, announced: number): Failure {
  return new Failure(
    'DUMP_INCOMPLETE',
    `${name} holds ${rows} flows, but conntrack's summary in it says ${announced}.`,
    {
      next: 'Capture it again: rows were lost.',
    },
  );
}
