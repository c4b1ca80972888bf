import * as Flags from '@oclif/core/flags';
import { keepalivedConfigFlag } from './flags.js';
import { TEXTFILE_ENDING } from './textfile.js';

/** The flags of every export of metrics. */
export const exportFlags = {
  flows: Flags.boolean({ summary: 'also count all flows by protocol, state and flag: reads the whole table' }),
  'keepalived-config': keepalivedConfigFlag,
};

/** For node_exporter's textfile collector. */
export const textfileFlag = Flags.custom<string>({
  summary: "write into this file instead, as a whole or not at all: for node_exporter's textfile collector",
  helpValue: 'FILE.prom',
  exclusive: ['json'],
  parse: (input) => Promise.resolve(textfilePath(input)),
})();

function textfilePath(input: string): string {
  if (!input.endsWith(TEXTFILE_ENDING)) {
    throw new Error(
      `--textfile takes a path that ends in ${TEXTFILE_ENDING}, for node_exporter reads no other: not ${JSON.stringify(input)}`,
    );
  }
  return input;
}
