import { Failure } from '../model/failure.js';

/**
 * What a captured page says. A page that can't be read is the daemon's fault when it comes live, and the capture's when it
 * comes from a file: to ask the daemon again, or to look in its log, would be no advice then.
 *
 * @param name the capture, for the sentence
 * @param query what it should be the output of: `conntrackd -s`
 * @throws Failure BAD_CAPTURE in place of BAD_ANSWER; others as they are
 */
export function inCapture<T>(name: string, query: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'BAD_ANSWER') throw error;
    throw new Failure('BAD_CAPTURE', `${name}: ${error.message}`, {
      next: `Capture it again: the whole output of ${query}, and nothing else.`,
      cause: error,
    });
  }
}
