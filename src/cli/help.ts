import { Help } from '@oclif/core/help';
import type { Command } from '@oclif/core/command';

const EXIT_CODES: readonly (readonly [string, string])[] = [
  ['0', 'done, and the answer is complete'],
  ['1', 'the answer could not be had: tool missing, no permission, daemon down or hung'],
  ['2', 'the command line is wrong'],
  ['4', 'an answer was printed, but it is incomplete or partly unreadable'],
  ['130, 143', 'ended by Ctrl-C or by SIGTERM'],
];

const ENVIRONMENT: readonly (readonly [string, string])[] = [
  ['CTSYNC_DAEMON_CONFIG', "conntrackd's configuration file, as --daemon-config"],
  ['CTSYNC_KEEPALIVED_CONFIG', "keepalived's configuration file, as --keepalived-config"],
  ['CTSYNC_RUN_DIR', 'folder of failover-state, the last transition [default: /run/ctsync]'],
  ['CTSYNC_PAGER, PAGER', 'what shows more than a screenful; cat: nothing [default: less -FRSX]'],
  ['NO_COLOR', 'any value: no colours'],
  ['DEBUG=ctsync:*', 'show where an error came from'],
];

/** oclif's help of a command, with what its exit codes mean and which variables it heeds. */
export default class CtsyncHelp extends Help {
  override formatCommand(command: Command.Loadable): string {
    return [
      super.formatCommand(command),
      this.section('EXIT CODES', rows(EXIT_CODES)),
      this.section('ENVIRONMENT', rows(ENVIRONMENT)),
    ].join('\n\n');
  }
}

function rows(pairs: readonly (readonly [string, string])[]): [string, string][] {
  return pairs.map(([name, meaning]) => [name, meaning]);
}
