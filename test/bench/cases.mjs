import { fileURLToPath } from 'node:url';

const CTSYNC = [process.execPath, fileURLToPath(new URL('../../bin/run.js', import.meta.url))];

/** What every case is measured against. */
export const BASELINE = ['conntrack', '-L', '-f', 'ipv4', '-o', 'extended,id'];

/** Our own start, to which the time to the first row is compared. */
export const VERSION = [...CTSYNC, '--version'];

const TABLE = [...CTSYNC, 'show', 'conntrack', 'table', 'ipv4'];

/** To be reached by every case of ours. */
export const TARGETS = {
  /** Wall time over the baseline's. */
  ratio: 1.25,
  /** Milliseconds that the first row may come after the time that --version takes. */
  firstRow: 60,
  /** Bytes. */
  peak: 100e6,
};

/**
 * The cases. `firstRow` matches in the output as soon as its first row is complete; a case without it is not ours and has
 * no targets.
 */
export const CASES = [
  { name: 'conntrack | cat', argv: ['sh', '-c', `${BASELINE.join(' ')} 2>/dev/null | cat`] },
  { name: 'table', argv: TABLE, firstRow: /^\d+ .*\n/m },
  { name: 'table --wide', argv: [...TABLE, '--wide'], firstRow: /\[17\].*\n/ },
  { name: 'table --json', argv: [...TABLE, '--json'], firstRow: /"family".*"use":\d/ },
];
