import * as Flags from '@oclif/core/flags';
import { keepalivedConfigFlag } from './flags.js';

/** The flags of what makes a configuration the daemon's. */
export const commitFlags = {
  'dry-run': Flags.boolean({ summary: 'verify, and say what would be done; touch nothing' }),
  comment: Flags.string({ summary: 'why, for commits.ndjson in the state folder', helpValue: 'TEXT' }),
  'keepalived-config': keepalivedConfigFlag,
};
