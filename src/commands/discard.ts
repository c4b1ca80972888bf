import { ConfigurationChange } from '../cli/configuration-change.js';
import { interruptedNote } from '../config/commit/recover.js';
import { dropCandidate } from '../config/store/candidate.js';
import { whileChanging } from '../config/store/edit.js';
import { storePaths } from '../config/store/folders.js';

export default class Discard extends ConfigurationChange {
  static override readonly summary = 'drop the candidate configuration';
  static override readonly description = `What was set, deleted, loaded or imported since the last commit is forgotten. What was committed stays as it is.`;
  static override readonly examples = ['<%= config.bin %> <%= command.id %>'];

  async run(): Promise<void> {
    const { flags } = await this.parse(Discard);
    const paths = storePaths();
    const dropped = await whileChanging(paths, this.interruption.signal, () => dropCandidate(paths));
    const notes = dropped ? [] : ['There was no candidate to drop.'];
    await this.showCandidate({ changes: [], notes: [...notes, ...interruptedNote(paths)] }, flags);
  }
}
