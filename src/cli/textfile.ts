import { READABLE_FOR_ALL, replaceFile } from '../sources/replaced-file.js';

/** What node_exporter's textfile collector reads; it leaves every other name alone, such as that of a file being written. */
export const TEXTFILE_ENDING = '.prom';

/**
 * Puts metrics where node_exporter reads them, which is another user.
 *
 * @throws Failure OUTPUT_FAILED; the old file is then as it was
 */
export function replaceTextfile(path: string, text: string): void {
  replaceFile(path, {
    text,
    mode: READABLE_FOR_ALL,
    what: 'The metrics were',
    instead: 'Name the file itself: --textfile FILE.prom.',
  });
}
