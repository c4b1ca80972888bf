import { ConfigurationChange } from '../../../cli/configuration-change.js';
import { candidateChanges } from '../../../config/candidate-report.js';
import { interruptedNote } from '../../../config/commit/recover.js';
import { statementsHelp } from '../../../config/schema/help.js';
import { withStatement } from '../../../config/statements/set.js';
import { unquoted } from '../../../config/statements/words.js';
import { editCandidate } from '../../../config/store/edit.js';
import { storePaths } from '../../../config/store/folders.js';

export default class SetServiceConntrackSync extends ConfigurationChange {
  static override readonly summary = 'set a statement of the candidate configuration';
  static override readonly description = `Changes the candidate, which is begun with what was committed last; nothing takes effect before "ctsync commit". What can have one value only has the new one then. Values may stand in quotes.

${statementsHelp}`;
  static override readonly usage = '<%= command.id %> STATEMENT [VALUE] [FLAGS]';
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %> interface eth0',
    '<%= config.bin %> <%= command.id %> interface eth0 peer 10.0.0.2',
    '<%= config.bin %> <%= command.id %> failover-mechanism vrrp sync-group GEFOEKOM',
    '<%= config.bin %> <%= command.id %> accept-protocol tcp',
  ];
  static override readonly strict = false;

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(SetServiceConntrackSync);
    const words = argv.map((word) => unquoted(String(word)));
    const paths = storePaths();
    await editCandidate(paths, this.interruption.signal, (candidate) => ({
      ...candidate,
      configuration: withStatement(candidate.configuration, words),
    }));
    await this.showCandidate({ changes: candidateChanges(paths), notes: interruptedNote(paths) }, flags);
  }
}
