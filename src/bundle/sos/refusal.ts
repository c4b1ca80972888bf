import { Failure } from '../../model/failure.js';
import { Refused } from '../archive/refused.js';

const NEXT = 'Get the report again from where it was made, or unpack it and give its folder.';

const NEXT_OF_LIMIT = 'Unpack it only if you trust where it comes from, and give its folder.';

/** What is said of anything that could be a report, but for this. */
export function noReport(): Refused {
  return new Refused('there is no sos_commands in it', { next: 'Give the report as sos has made it, as a whole.' });
}

/** The failure of a report that is not opened. @param raise what to do to have a limit raised, as a sentence */
export function asReportFailure(report: string, error: unknown, raise = NEXT_OF_LIMIT): unknown {
  if (!(error instanceof Refused)) return error;
  return new Failure('BAD_CAPTURE', `The sos report ${report} is refused: ${error.message}.`, {
    next: error.next ?? (error.limit ? raise : NEXT),
  });
}
