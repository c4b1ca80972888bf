import * as Args from '@oclif/core/args';
import * as Flags from '@oclif/core/flags';
import { ConfigurationChange } from '../cli/configuration-change.js';
import { candidateChanges, shownConfiguration } from '../config/candidate-report.js';
import { statementsText } from '../config/store/candidate.js';
import { writeOwn } from '../config/store/files.js';
import { storePaths } from '../config/store/folders.js';

export default class Save extends ConfigurationChange {
  static override readonly summary = 'write the configuration to a file, as "ctsync load" reads it';
  static override readonly description = `Writes what was committed last, with --candidate what is to be committed next, as lines to be typed. The file is replaced as a whole or not at all, and no link is followed.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> fw1.commands',
    '<%= config.bin %> <%= command.id %> /var/backups/candidate.commands --candidate',
  ];
  static override readonly args = {
    file: Args.string({ description: 'file to be written', required: true, name: 'FILE' }),
  };
  static override readonly flags = {
    candidate: Flags.boolean({ summary: 'what is to be committed next, where that was begun' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Save);
    const paths = storePaths();
    const { configuration } = shownConfiguration(paths, flags.candidate ? 'candidate' : 'running');
    writeOwn(args.file, statementsText(configuration, ''));
    await this.showCandidate({ changes: candidateChanges(paths), notes: [] }, flags);
  }
}
