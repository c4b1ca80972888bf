import { CommandHelp, Help } from '@oclif/core/help';
import type * as Interfaces from '@oclif/core/interfaces';
import type { Command } from '@oclif/core/command';
import { ACTION_MEANINGS, EXIT_MEANINGS, PLUGIN_MEANINGS } from './exit-codes.js';
import { isCheck } from './unmade-check.js';

const ENVIRONMENT: [name: string, meaning: string][] = [
  ['CTSYNC_DAEMON_CONFIG', "conntrackd's configuration file, as --daemon-config"],
  ['CTSYNC_KEEPALIVED_CONFIG', "keepalived's configuration file, as --keepalived-config"],
  ['CTSYNC_CONFIG_DIR', 'folder of the committed statements [default: /etc/ctsync]'],
  ['CTSYNC_STATE_DIR', 'folder of the candidate and of what is put back [default: /var/lib/ctsync]'],
  ['CTSYNC_RUN_DIR', 'folder of failover-state, the last transition [default: /run/ctsync]'],
  ['CTSYNC_STATE_DIR', 'folder of transitions.ndjson, the history [default: /var/lib/ctsync]'],
  ['CTSYNC_PAGER, PAGER', 'what shows more than a screenful; cat: nothing [default: less -FRSX]'],
  ['NO_COLOR', 'any value: no colours'],
  ['DEBUG=ctsync:*', 'show where an error came from'],
];

const USUAL_COLUMNS = 80;

/** What oclif says of a command: with no line wider than the terminal, and its summary once only. */
class CtsyncCommandHelp extends CommandHelp {
  protected override usage(): string {
    const name = this.command.id.replaceAll(':', ' ');
    const { usage: own } = this.command;
    const words = typeof own === 'string' ? own : this.defaultUsage();
    const line = `$ ${this.config.bin} ${words.replace('<%= command.id %>', name)}`;
    const [first, ...rest] = this.wrap(line, this.indentSpacing * 2).split('\n');
    return [first, ...rest.map((text) => this.indent(text))].join('\n');
  }

  protected override description(): string | undefined {
    return this.command.description === undefined ? undefined : this.wrap(this.command.description);
  }
}

/** oclif's help of a command, with what its exit codes mean and which variables it heeds. */
export default class CtsyncHelp extends Help {
  protected override CommandHelpClass = CtsyncCommandHelp;

  constructor(config: Interfaces.Config, options: Partial<Interfaces.HelpOptions> = {}) {
    // oclif indents lines by two characters more than it reckons with.
    super(config, { ...options, maxWidth: (process.stdout.columns || USUAL_COLUMNS) - 2 });
  }

  override formatCommand(command: Command.Loadable): string {
    return [
      super.formatCommand(command),
      this.section('EXIT CODES', meaningsOf(command.id)),
      this.section('ENVIRONMENT', ENVIRONMENT),
    ].join('\n\n');
  }
}

function meaningsOf(id: string): [codes: string, meaning: string][] {
  if (isCheck(id.split(' '))) return PLUGIN_MEANINGS;
  return /^(?:reset|restart|sync)\b/.test(id) ? ACTION_MEANINGS : EXIT_MEANINGS;
}
