import type { Expectation, ExpectationListing } from '../model/expectation.js';
import { Failure } from '../model/failure.js';
import type { Family } from '../model/flow.js';
import { type ExpectationDump, parseExpectationDump } from '../parsers/expectation-dump.js';
import { announcedExpectations } from '../parsers/tool-messages.js';
import type { SourceOptions } from '../sources/options.js';
import { commandLine } from '../sources/tool.js';
import { expectations as expectationsOf } from '../sources/queries.js';
import type { ToolCommand } from '../sources/tool.js';
import { capturedExpectations, listingOf } from './captured-expectations.js';
import { ask } from './privileged.js';
import { succeeded, toolFailure } from './tool-failure.js';
import { NOT_LOADED, trackingLoaded } from './tracking-loaded.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

/**
 * The kernel's expectations of both families, live or from a capture. As with flows, a failure before there is any row is
 * thrown; after that it stands in the listing, so that what is shown is never mistaken for the whole.
 */
export async function readExpectations(options: SourceOptions): Promise<ExpectationListing> {
  const started = performance.now();
  const listing = await read(options);
  return { ...listing, summary: { ...listing.summary, elapsed_ms: Math.round(performance.now() - started) } };
}

async function read(options: SourceOptions): Promise<ExpectationListing> {
  if (options.from !== undefined) return capturedExpectations(options.from, 'conntrack -L expect', options);
  if (!(await trackingLoaded(options.place))) {
    return { ...listingOf([], 0), complete: true, tracking: 'not_loaded', notes: [NOT_LOADED] };
  }
  const shown: Expectation[] = [];
  let unreadable = 0;
  for (const family of FAMILIES) {
    const { dump, failure } = await ofFamily(family, options);
    shown.push(...dump.expectations.filter((expectation) => expectation.family === family));
    unreadable += dump.unreadable;
    if (failure && shown.length === 0) throw failure;
    if (failure) return { ...listingOf(shown, unreadable), complete: false, failure };
  }
  return { ...listingOf(shown, unreadable), complete: true };
}

function bothFamilies({ query }: SourceOptions): ToolCommand[] {
  return FAMILIES.map((family) => expectationsOf(family, query));
}

const NOTHING: ExpectationDump = { expectations: [], unreadable: 0, cut: false };

/** Whole only if conntrack ended well, said how many it had shown, and that is what we read (formats.md §6). */
async function ofFamily(family: Family, options: SourceOptions): Promise<{ dump: ExpectationDump; failure?: Failure }> {
  const command = expectationsOf(family, options.query);
  try {
    const answer = await ask(command, options);
    const dump = parseExpectationDump(answer.stdout.toString('latin1'));
    if (!succeeded(answer))
      return { dump, failure: toolFailure(command, answer, { ...options, asked: bothFamilies(options) }) };
    const announced = announcedExpectations(answer.stderr);
    if (announced === dump.expectations.length && !dump.cut) return { dump };
    return { dump, failure: rowsLost(commandLine(command), dump, announced) };
  } catch (error) {
    if (error instanceof Failure) return { dump: NOTHING, failure: error };
    throw error;
  }
}

function rowsLost(command: string, dump: ExpectationDump, announced: number | undefined): Failure {
  const said = announced === undefined ? 'no summary' : `a summary of ${announced} expectations`;
  const lost = dump.unreadable > 0 ? ` and ${dump.unreadable} lines that are none` : '';
  return new Failure(
    'DUMP_INCOMPLETE',
    `${command} gave ${dump.expectations.length} expectations${lost}, but ${said}.`,
    {
      next: 'Run it again; if it happens every time, run that command by hand and compare.',
    },
  );
}
