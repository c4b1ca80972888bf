import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { defaultOf } from '../schema/options.js';
import { generalBlock } from './general.js';
import { helperBlocks, KERNEL_HELPERS } from './helpers.js';
import { blockUnlessEmpty, type ConfBlock, type ConfNode, textOf, withPassed } from './lines.js';
import { linkBlocks } from './links.js';
import { noted } from './noted.js';
import type { RenderSurroundings } from './surroundings.js';

/** The first line of each file that ctsync has written, and of none else. */
export const HEAD = '# Written by ctsync from the statements of service conntrack-sync.';

/** What is for keepalived.conf, and is kept here only to be found again. */
const GROUP_NOTE = "# failover-mechanism vrrp sync-group '";

/**
 * conntrackd.conf as the statements have it: the same text for the same statements and the same machine, each line with the
 * statement that it comes from.
 */
export function renderConntrackdConf(configuration: SyncConfiguration, surroundings: RenderSurroundings): string {
  const { sync_group: group } = configuration;
  return [
    `${HEAD}\n# Change them with "ctsync set" and "ctsync commit": what is changed here by hand is not kept.\n`,
    group === undefined ? '' : `${GROUP_NOTE}${group}'\n`,
    textOf(conntrackdNodes(configuration, surroundings)),
  ].join('');
}

/** The sync group that a file of ours names in its head. */
export function syncGroupIn(text: string): string | undefined {
  if (!text.startsWith(`${HEAD}\n`)) return undefined;
  const line = text.split('\n', 3).find((each) => each.startsWith(GROUP_NOTE));
  return line?.slice(GROUP_NOTE.length, -1);
}

function conntrackdNodes(configuration: SyncConfiguration, surroundings: RenderSurroundings): ConfNode[] {
  const nodes = [
    syncBlock(configuration, surroundings),
    generalBlock(configuration, surroundings),
    ...helperBlocks(configuration),
  ];
  return withPassed(nodes, configuration.pass_through_file, 'pass-through file');
}

function syncBlock(configuration: SyncConfiguration, surroundings: RenderSurroundings): ConfBlock {
  const options = withPassed(
    expectationLines(configuration),
    configuration.pass_through_options,
    'pass-through options',
  );
  const nodes = [
    modeBlock(configuration),
    ...linkBlocks(configuration, surroundings),
    ...blockUnlessEmpty('Options', options),
  ];
  return { head: 'Sync', lines: withPassed(nodes, configuration.pass_through_sync, 'pass-through sync') };
}

function modeBlock(configuration: SyncConfiguration): ConfBlock {
  const onOff = (key: 'disable_external_cache' | 'startup_resync') => (configuration[key] ? 'on' : 'off');
  const lines = [
    {
      text: `PurgeTimeout ${configuration.purge_timeout ?? defaultOf('purge_timeout')}`,
      note: noted(configuration, 'purge_timeout'),
    },
    {
      text: `DisableExternalCache ${onOff('disable_external_cache')}`,
      note: noted(configuration, 'disable_external_cache'),
    },
    { text: `StartupResync ${onOff('startup_resync')}`, note: noted(configuration, 'startup_resync') },
  ];
  return { head: 'Mode FTFW', lines: withPassed(lines, configuration.pass_through_mode, 'pass-through mode') };
}

function expectationLines({ expect_sync: protocols = [] }: SyncConfiguration): ConfNode[] {
  if (protocols.length === 0) return [];
  if (protocols.includes('all')) return [{ text: 'ExpectationSync on', note: "expect-sync 'all'" }];
  const names = protocols.flatMap((protocol) =>
    (KERNEL_HELPERS[protocol] ?? []).map((text) => ({ text, note: `expect-sync '${protocol}'` })),
  );
  return [{ head: 'ExpectationSync', lines: names }];
}
