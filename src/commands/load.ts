import * as Args from '@oclif/core/args';
import { ConfigurationChange } from '../cli/configuration-change.js';
import { candidateChanges } from '../config/candidate-report.js';
import { interruptedNote } from '../config/commit/recover.js';
import { notesOnLoaded, readNamed } from '../config/load.js';
import { parseStatements } from '../config/statements/parse.js';
import { editCandidate } from '../config/store/edit.js';
import { storePaths } from '../config/store/folders.js';

export default class Load extends ConfigurationChange {
  static override readonly summary = 'make statements of a file the candidate configuration';
  static override readonly description = `Reads lines as VyOS's "show configuration commands" and "ctsync show configuration --commands" have them. They replace the candidate as a whole, or nothing does where one of them is wrong. Lines of other services are counted and left alone; where there are such of high-availability vrrp, the sync group has to be among theirs.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> fw1.commands',
    "ssh vyos@fw1 'show configuration commands' | <%= config.bin %> <%= command.id %> -",
  ];
  static override readonly args = {
    file: Args.string({ description: 'file of statements, or - for stdin', required: true, name: 'FILE|-' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Load);
    const { name, text } = await readNamed(args.file, this.interruption.signal);
    const loaded = parseStatements(text, name);
    const notes = notesOnLoaded(loaded, name);
    const paths = storePaths();
    await editCandidate(paths, this.interruption.signal, ({ base }) => ({ base, configuration: loaded.configuration }));
    await this.showCandidate({ changes: candidateChanges(paths), notes: [...notes, ...interruptedNote(paths)] }, flags);
  }
}
