import * as Flags from '@oclif/core/flags';
import { openingFlags } from './opening-flags.js';

const DAEMON_CONFIG_HELP = `conntrackd's configuration file [default: /run/conntrackd/conntrackd.conf if there is one, else /etc/conntrackd/conntrackd.conf]`;

/** The flags of every command that reads. */
export const sourceFlags = {
  from: Flags.string({
    summary: 'read a support bundle, an sos report or a captured output: from a file, or from stdin with -',
    helpValue: 'FILE|-',
    helpGroup: 'SOURCE',
  }),
  node: Flags.string({
    summary: 'which node of a bundle of two, or which namespace of an sos report [default: where it was made]',
    helpValue: 'NAME',
    helpGroup: 'SOURCE',
  }),
  ...openingFlags,
  host: Flags.string({
    summary: 'ask another host by ssh, which needs conntrack-tools only; several times for several hosts side by side',
    helpValue: '[USER@]HOST[:PORT]',
    helpGroup: 'SOURCE',
    exclusive: ['from', 'netns'],
  }),
  netns: Flags.string({
    summary: 'ask a network namespace of this host (ip netns)',
    helpValue: 'NAME',
    helpGroup: 'SOURCE',
  }),
  'daemon-config': Flags.string({
    summary: DAEMON_CONFIG_HELP,
    helpValue: 'FILE',
    env: 'CTSYNC_DAEMON_CONFIG',
    helpGroup: 'SOURCE',
    parse: pathOf('--daemon-config'),
  }),
  timeout: Flags.custom<number>({
    summary: 'seconds that a tool may say nothing before it is ended [default: 10 for conntrackd, 120 for conntrack]',
    helpValue: 'SECONDS',
    helpGroup: 'SOURCE',
    parse: (input) => Promise.resolve(secondsOf(input)),
  })(),
  'no-sudo': Flags.boolean({
    summary: 'never run a read command through sudo, even where it needs root',
    helpGroup: 'SOURCE',
  }),
  json: Flags.boolean({
    summary: 'one JSON document instead of a page, also for errors',
    helpGroup: 'GLOBAL',
  }),
  'no-pager': Flags.boolean({
    summary: 'show a page as it is, however long it is (PAGER=cat does the same)',
    helpGroup: 'GLOBAL',
  }),
  'no-color': Flags.boolean({
    summary: 'no colours, even on a terminal (NO_COLOR does the same)',
    helpGroup: 'GLOBAL',
  }),
};

/** Parses the path of a file. An empty one is a variable of a script that was never set, and no wish for the usual file. */
export function pathOf(flag: string): (input: string) => Promise<string> {
  return (input) =>
    input === ''
      ? Promise.reject(new Error(`${flag} takes the path of a file, and it is empty`))
      : Promise.resolve(input);
}

/** The longest deadline that a timer can hold, in seconds. */
const LONGEST_SECONDS = Math.floor(0x7fff_ffff / 1000);

function secondsOf(input: string): number {
  const seconds = Number(input);
  if (!/^\d+(\.\d+)?$/.test(input) || seconds <= 0 || seconds > LONGEST_SECONDS) {
    throw new Error(`--timeout takes a number of seconds above 0, such as 30 or 0.5, not ${JSON.stringify(input)}`);
  }
  return seconds;
}

/** keepalived's configuration, for the sync groups and their virtual addresses. */
export const keepalivedConfigFlag = Flags.string({
  summary:
    "keepalived's configuration file [default: /etc/keepalived/keepalived.conf, else /run/keepalived/keepalived.conf]",
  helpValue: 'FILE',
  env: 'CTSYNC_KEEPALIVED_CONFIG',
  helpGroup: 'SOURCE',
  parse: pathOf('--keepalived-config'),
});

/** Asks for dumps of the internal cache and of the kernel's table. */
export const compareCacheFlag = Flags.boolean({
  summary: "compare the internal cache with the kernel's table, however large they are",
});
