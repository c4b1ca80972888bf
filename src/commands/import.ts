import * as Args from '@oclif/core/args';
import { ConfigurationChange } from '../cli/configuration-change.js';
import { candidateChanges } from '../config/candidate-report.js';
import { interruptedNote } from '../config/commit/recover.js';
import { importConntrackdConf } from '../config/import/import.js';
import { readNamed } from '../config/load.js';
import { digestOf } from '../config/store/files.js';
import { editCandidate } from '../config/store/edit.js';
import { storePaths } from '../config/store/folders.js';
import { readSurroundings } from '../config/surroundings.js';
import { renderChanges } from '../renderers/configuration-page.js';

export default class Import extends ConfigurationChange {
  static override readonly summary = 'make a conntrackd.conf the candidate configuration';
  static override readonly description = `Finds the statements of an existing configuration of conntrackd. What has none is kept as it stands in pass-through statements, so that nothing is lost; what can not be kept is said. They replace the candidate as a whole, but for the sync group, which no conntrackd.conf has.

The file itself stays as it is. A commit may overwrite it once it was imported, as long as it is not changed again.`;
  static override readonly examples = ['<%= config.bin %> <%= command.id %> /etc/conntrackd/conntrackd.conf'];
  static override readonly args = {
    file: Args.string({ description: 'a conntrackd.conf', required: true, name: 'FILE' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Import);
    const paths = storePaths();
    const { text } = await readNamed(args.file, this.interruption.signal);
    const around = await readSurroundings(paths, undefined, await this.here(flags));
    const { configuration, notes } = importConntrackdConf(text, args.file, around);
    await editCandidate(paths, this.interruption.signal, ({ base, configuration: { sync_group: group } }) => ({
      base,
      configuration: { ...(group === undefined ? {} : { sync_group: group }), ...configuration },
      imported: digestOf(text),
    }));
    const changes = candidateChanges(paths);
    await this.showCandidate({ changes, notes: [...notes, ...interruptedNote(paths)] }, flags, () =>
      renderChanges(changes),
    );
  }
}
