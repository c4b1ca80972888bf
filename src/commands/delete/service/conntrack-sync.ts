import { ConfigurationChange } from '../../../cli/configuration-change.js';
import { candidateChanges } from '../../../config/candidate-report.js';
import { interruptedNote } from '../../../config/commit/recover.js';
import { withoutStatement } from '../../../config/statements/delete.js';
import { unquoted } from '../../../config/statements/words.js';
import { editCandidate } from '../../../config/store/edit.js';
import { storePaths } from '../../../config/store/folders.js';

export default class DeleteServiceConntrackSync extends ConfigurationChange {
  static override readonly summary = 'delete statements from the candidate configuration';
  static override readonly description = `Changes the candidate, which is begun with what was committed last; nothing takes effect before "ctsync commit". All statements that begin with the words are deleted: "interface eth0" with its port and its peer, and without any words all that there are. "ctsync set service conntrack-sync --help" lists them.`;
  static override readonly usage = '<%= command.id %> [STATEMENT [VALUE]] [FLAGS]';
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> accept-protocol udp',
    '<%= config.bin %> <%= command.id %> accept-protocol',
    '<%= config.bin %> <%= command.id %> interface eth0 peer',
  ];
  static override readonly strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(DeleteServiceConntrackSync);
    const words = argv.map((word) => unquoted(String(word)));
    const paths = storePaths();
    await editCandidate(paths, this.interruption.signal, (candidate) => ({
      ...candidate,
      configuration: withoutStatement(candidate.configuration, words),
    }));
    await this.showCandidate({ changes: candidateChanges(paths), notes: interruptedNote(paths) }, flags);
  }
}
