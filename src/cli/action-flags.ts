import * as Flags from '@oclif/core/flags';
import { keepalivedConfigFlag } from './flags.js';

/** The flags of every action. */
export const actionFlags = {
  'keepalived-config': keepalivedConfigFlag,
  yes: Flags.boolean({
    summary: 'do not ask; required where there is no terminal',
  }),
  'dry-run': Flags.boolean({
    summary: 'say what would be done, and touch nothing',
  }),
};
