import { Help } from '@oclif/core/help';
import type { Command } from '@oclif/core/command';
import { EXIT_MEANINGS } from './exit-codes.js';

const ENVIRONMENT: [name: string, meaning: string][] = [
  ['CTSYNC_DAEMON_CONFIG', "conntrackd's configuration file, as --daemon-config"],
  ['CTSYNC_KEEPALIVED_CONFIG', "keepalived's configuration file, as --keepalived-config"],
  ['CTSYNC_RUN_DIR', 'folder of failover-state, the last transition [default: /run/ctsync]'],
  ['NO_COLOR', 'any value: no colours'],
  ['DEBUG=ctsync:*', 'show where an error came from'],
];

/** oclif's help of a command, with what its exit codes mean and which variables it heeds. */
export default class CtsyncHelp extends Help {
  override formatCommand(command: Command.Loadable): string {
    return [
      super.formatCommand(command),
      this.section('EXIT CODES', EXIT_MEANINGS),
      this.section('ENVIRONMENT', ENVIRONMENT),
    ].join('\n\n');
  }
}
