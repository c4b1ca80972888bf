import { Failure } from '../../model/failure.js';

/** Why a bundle is not opened, as the end of a sentence. Whoever knows the name of the bundle makes a failure of it. */
export class Refused extends Error {
  override readonly name = 'Refused';
  /** A limit was passed, which may be raised. */
  readonly limit: boolean;
  readonly next: string | undefined;

  constructor(reason: string, { limit = false, next }: { limit?: boolean; next?: string } = {}) {
    super(reason);
    this.limit = limit;
    this.next = next;
  }
}

const NEXT = 'Get the bundle again from where it was made: it was damaged on its way, or is not what ctsync makes.';
const NEXT_OF_LIMIT = 'Open it only if you trust where it comes from, and allow more then.';

/** @param raise what to do to have a limit raised, as a sentence */
export function asFailure(bundle: string, error: unknown, raise = NEXT_OF_LIMIT): unknown {
  if (!(error instanceof Refused)) return error;
  const next = error.next ?? (error.limit ? raise : NEXT);
  return new Failure('BAD_CAPTURE', `The bundle ${bundle} is refused: ${error.message}.`, { next });
}

const LONGEST_QUOTE = 120;

/** What a bundle says itself, as it may stand in a sentence. Control characters in it are escaped where it is shown. */
export function quoted(text: string): string {
  return text.length <= LONGEST_QUOTE ? text : `${text.slice(0, LONGEST_QUOTE)}…`;
}
