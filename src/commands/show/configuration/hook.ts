import { join } from 'node:path';
import * as Args from '@oclif/core/args';
import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { keepalivedConfigFlag } from '../../../cli/flags.js';
import { readFailoverHook } from '../../../readers/failover-hook.js';
import { renderHookPage } from '../../../renderers/hook-page.js';
import { hookPlaces } from '../../../sources/options.js';

export default class ShowConfigurationHook extends ReadCommand {
  static override readonly summary = 'show the lines by which keepalived calls the failover hook';
  static override readonly description = `Reads keepalived's configuration and prints, for each sync group whose transitions do not all reach conntrackd, the notify lines to put into its block: at a transition they have conntrackd commit the flows, refill its caches and ask the peer, and record what became of it. Nothing is written; keepalived takes the lines when it is reloaded.

Files and folders that are not the usual ones (--daemon-config, CTSYNC_STATE_DIR, CTSYNC_RUN_DIR) are written into the lines, since keepalived hands on no variables. With --from, reads a copy of keepalived.conf.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> GEFOEKOM',
    "<%= config.bin %> <%= command.id %> --json | jq '.groups[] | select(.complete | not).sync_group'",
  ];
  static override readonly args = {
    group: Args.string({ description: 'a sync group, whatever keepalived.conf says', ignoreStdin: true }),
  };
  static override readonly flags = { 'keepalived-config': keepalivedConfigFlag };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ShowConfigurationHook);
    const source = await this.source(flags);
    const question = {
      hook: join(this.config.root, 'libexec', 'ctsync-failover'),
      places: hookPlaces(source.query.daemonConfig),
      keepalivedConfig: flags['keepalived-config'],
      group: args.group,
    };
    const { notes, ...hook } = await readFailoverHook(question, source);
    const head = envelope({ schema: 'ctsync/failover-hook/1' }, source);
    const document = { ...head, ...hook, ...(notes.length > 0 ? { notes } : {}), complete: true };
    await this.showDocument(document, () => renderHookPage({ ...hook, notes }));
  }
}
