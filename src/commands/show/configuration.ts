import * as Flags from '@oclif/core/flags';
import { ConfigurationCommand } from '../../cli/configuration-command.js';
import { envelope } from '../../cli/envelope.js';
import { shownConfiguration } from '../../config/candidate-report.js';
import { interruptedNote } from '../../config/commit/recover.js';
import { renderConntrackdConf } from '../../config/render/conntrackd-conf.js';
import { commandsOf } from '../../config/statements/print.js';
import { treeOf } from '../../config/statements/tree.js';
import { storePaths } from '../../config/store/folders.js';
import { readSurroundings } from '../../config/surroundings.js';

export default class ShowConfiguration extends ConfigurationCommand {
  static override readonly summary = 'show the configuration of conntrack-sync';
  static override readonly description = `Shows what was committed last, with --candidate what is to be committed next: as a tree, as lines to be typed, or as conntrackd.conf. What is not set is not shown, though it may have a default: --rendered shows what the daemon is given, each line with its statement.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --candidate --commands',
    '<%= config.bin %> <%= command.id %> --rendered',
    '<%= config.bin %> <%= command.id %> --json | jq .configuration.interface',
  ];
  static override readonly flags = {
    candidate: Flags.boolean({ summary: 'what is to be committed next, where that was begun' }),
    commands: Flags.boolean({ summary: 'as lines to be typed, which "ctsync load" reads', exclusive: ['rendered'] }),
    rendered: Flags.boolean({ summary: 'as conntrackd.conf, as a commit would write it now' }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConfiguration);
    const paths = storePaths();
    const source = await this.here(flags);
    const { configuration, candidate } = shownConfiguration(paths, flags.candidate ? 'candidate' : 'running');
    const commands = commandsOf(configuration);
    const rendered = flags.rendered
      ? renderConntrackdConf(configuration, await readSurroundings(paths, undefined, source))
      : undefined;
    const notes = [
      ...interruptedNote(paths),
      ...(commands.length > 0 ? [] : ['No statement of conntrack-sync is set.']),
    ];
    const head = envelope({ schema: 'ctsync/configuration/1' as const }, source);
    const said = { ...(rendered === undefined ? {} : { rendered }), ...(notes.length > 0 ? { notes } : {}) };
    await this.showDocument({ ...head, candidate, configuration, commands, ...said, complete: true }, () =>
      flags.commands ? commands.map((line) => `${line}\n`).join('') : (rendered ?? treeOf(configuration)),
    );
    this.warnOperator(notes);
  }
}
