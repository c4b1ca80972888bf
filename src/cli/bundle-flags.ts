import * as Flags from '@oclif/core/flags';
import { keepalivedConfigFlag, pathOf } from './flags.js';

const MIB = 1024 * 1024;

/** What a support bundle is made of, and how much of it. */
export const bundleFlags = {
  output: Flags.string({
    summary:
      'the file to write [default: ctsync-HOST-TIME.tar.gz in this folder, ctsync-clean-TIME.tar.gz with --clean]; one that is there is not replaced',
    helpValue: 'FILE',
    parse: pathOf('--output'),
  }),
  clean: Flags.boolean({ summary: 'replace addresses, host names and user names, the same everywhere' }),
  'key-file': Flags.string({
    summary: 'the key of --clean, so that bundles of both nodes fit together; made where there is none',
    helpValue: 'FILE',
    dependsOn: ['clean'],
    parse: pathOf('--key-file'),
  }),
  peer: Flags.string({
    summary: 'collect from this host too, by ssh, into the same bundle',
    helpValue: '[USER@]HOST[:PORT]',
  }),
  since: Flags.string({
    summary: 'of the journal only what was logged since then, such as 2h, today or "2026-11-22 13:00"',
    helpValue: 'TIME',
  }),
  'max-rows': Flags.integer({ summary: 'no more flows of each table', helpValue: 'N', default: 5_000_000, min: 1 }),
  'max-bytes': Flags.integer({ summary: 'no more bytes of each item', helpValue: 'N', default: 1024 * MIB, min: 1 }),
  'dry-run': Flags.boolean({ summary: 'only say what would be collected' }),
  'keepalived-config': keepalivedConfigFlag,
};
