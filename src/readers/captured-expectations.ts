import type { Expectation, ExpectationListing } from '../model/expectation.js';
import { Failure } from '../model/failure.js';
import { type ExpectationDump, parseExpectationDump } from '../parsers/expectation-dump.js';
import { recognise } from '../parsers/recognise.js';
import { readCapture } from '../sources/capture.js';
import type { SourceOptions } from '../sources/options.js';

/** What a captured dump of expectations may be the output of. */
export type ExpectationCommand = 'conntrack -L expect' | 'conntrackd -i expect' | 'conntrackd -e expect';

/** As {@link recognise} names it: the two caches look alike. */
const LOOKS_LIKE: Readonly<Record<ExpectationCommand, string>> = {
  'conntrack -L expect': 'conntrack -L expect',
  'conntrackd -i expect': 'conntrackd -i expect or -e expect',
  'conntrackd -e expect': 'conntrackd -i expect or -e expect',
};

/** Expectations of which nothing more is known. */
export function listingOf(expectations: Expectation[], unreadable: number): ExpectationListing {
  return { expectations, summary: { shown: expectations.length, unreadable }, notes: [] };
}

/**
 * The expectations of a captured file.
 *
 * @throws Failure CAPTURE_UNREADABLE, or BAD_CAPTURE where the file is the output of another command, or no output at all
 */
export async function capturedExpectations(
  path: string,
  command: ExpectationCommand,
  options: SourceOptions,
): Promise<ExpectationListing> {
  const { name, text } = await readCapture(path, options.abort);
  const next = `This command reads the output of ${command}.`;
  const looksLike = recognise(text);
  if (looksLike !== undefined && looksLike !== LOOKS_LIKE[command]) {
    throw new Failure('BAD_CAPTURE', `${name} looks like ${looksLike}.`, { next });
  }
  const dump = parseExpectationDump(text);
  if (dump.expectations.length === 0 && dump.unreadable > 0) throw noExpectations(name, text, next);
  const whole = listingOf(dump.expectations, dump.unreadable);
  const nothing = whyNothing(name, text, dump, command);
  if (nothing !== undefined) return { ...whole, notes: [nothing] };
  const failure = captureFailure(name, dump);
  if (failure && dump.expectations.length === 0) throw failure;
  if (failure) return { ...whole, complete: false, failure };
  return dump.announced === undefined ? whole : { ...whole, complete: true };
}

/** What conntrackd says where it has no answer: the reason stands behind the level. */
const ERROR = /\[ERROR\]\s*(.+)/;

function noExpectations(name: string, text: string, next: string): Failure {
  const [, toolSays] = ERROR.exec(text) ?? [];
  return new Failure('BAD_CAPTURE', `${name} holds nothing that is an expectation.`, {
    ...(toolSays === undefined ? {} : { toolSays }),
    next,
  });
}

/** A file without expectations need not be the capture of a table without any. */
function whyNothing(
  name: string,
  text: string,
  { expectations, announced, cut }: ExpectationDump,
  command: ExpectationCommand,
): string | undefined {
  const what = command === 'conntrack -L expect' ? 'table' : 'cache';
  if (text === '') return `${name} is empty: so is the capture of an empty ${what}, and one that failed.`;
  if (expectations.length > 0 || announced !== undefined || cut) return undefined;
  return `${name} holds messages of conntrackd and no expectation: so does the capture of an empty ${what}, and a log.`;
}

function captureFailure(name: string, { expectations, announced, cut }: ExpectationDump): Failure | undefined {
  if (cut) {
    return new Failure('DUMP_INCOMPLETE', `${name} ends in the middle of a line; that line is not shown.`, {
      next: 'Capture it again, or add the newline if it was lost on the way.',
    });
  }
  if (announced === undefined || announced === expectations.length) return undefined;
  const held = `${name} holds ${expectations.length} expectations`;
  return new Failure('DUMP_INCOMPLETE', `${held}, but conntrack's summary in it says ${announced}.`, {
    next: 'Capture it again: rows were lost.',
  });
}
