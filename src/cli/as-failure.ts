import type { ErrorDocument } from '../model/documents.js';
import { Failure } from '../model/failure.js';

/**
 * Any error as a failure: our own as it is, oclif's complaints about the command line as USAGE, and what is left as a
 * mistake of ours.
 */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isUsageError(error))
    return new Failure('USAGE', usageSentence(error.message), { next: 'Add --help to see how it is used.' });
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('INTERNAL', `ctsync failed: ${message}`, {
    next: 'This is a mistake in ctsync. Run it again with DEBUG=ctsync:* and report what it prints.',
    cause: error,
  });
}

/** oclif marks the errors of its parser with the parse state or with an oclif exit code. */
function isUsageError(error: unknown): error is Error {
  return error instanceof Error && ('parse' in error || 'oclif' in error);
}

/** Said with the flag's value and a heading, however many there are. */
const EXCLUSIVE = /^The following errors? occurred: (--[\w-]+)=\S+ cannot also be provided when using (--[\w-]+)\.?$/;

/** oclif's message on one line, without its hint and without the flag that our own sentences name already. */
function usageSentence(message: string): string {
  const sentence = message
    .replace(/^Parsing --\S+\s+(?=--)/, '')
    .replace(/\n?See more help with --help$/, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim()
    .replace(EXCLUSIVE, '$1 and $2 exclude each other.');
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** A failure as the one JSON document of a command that has no answer. */
export function errorDocument(failure: Failure): ErrorDocument {
  return { schema: 'ctsync/error/1', complete: false, error: failure.report() };
}
