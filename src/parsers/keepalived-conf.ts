import type { KeepalivedConf, NotifyScripts, VrrpSyncGroup } from '../model/keepalived-conf.js';
import type { KeepalivedSurroundings } from './keepalived-conf/lines.js';
import { LineReader } from './keepalived-conf/lines.js';
import { TreeBuilder } from './keepalived-conf/tree.js';
import { readInstance, readSyncGroup } from './keepalived-conf/vrrp.js';

/**
 * Reads a keepalived configuration whole, with the files that it includes. As keepalived does, it reads on over what it
 * does not understand; each such place has a warning.
 *
 * @param text the file, decoded as UTF-8
 * @param file its path, for warnings and for relative includes
 * @throws Failure `CONFIG_INVALID` where blocks, lines or parameters grow beyond any sensible size
 */
export function parseKeepalivedConf(
  text: string,
  file: string,
  surroundings: KeepalivedSurroundings = {},
): KeepalivedConf {
  const lines = new LineReader(surroundings);
  const tree = new TreeBuilder();
  for (const line of lines.read(text, file)) tree.add(line);
  tree.end();
  const { statements } = tree;
  const warnings = [...lines.warnings, ...tree.warnings];
  const named = (keyword: string) => statements.filter((statement) => statement.keyword === keyword);
  return {
    statements,
    vrrp_sync_groups: named('vrrp_sync_group').map(readSyncGroup),
    vrrp_instances: named('vrrp_instance').map((statement) => readInstance(statement, warnings)),
    warnings,
    unread: lines.unread,
  };
}

/** The text of a script; undefined where it can't be read. */
export type ReadScript = (path: string) => string | undefined;

/**
 * The sync groups at whose transitions conntrackd is told: their notify lines call a failover hook or conntrackd, or a
 * script that does.
 */
export function conntrackSyncGroups(conf: KeepalivedConf, readScript: ReadScript = unread): VrrpSyncGroup[] {
  return conf.vrrp_sync_groups.filter(({ notify }) => tellsConntrackd(notify, readScript));
}

function unread(): undefined {
  return undefined;
}

// Our hook, VyOS's, that of conntrack-tools, and whatever names conntrackd itself.
const HOOK = /ctsync-failover|vyos-vrrp-conntracksync\.sh|primary-backup\.sh|conntrackd/;

function tellsConntrackd(notify: NotifyScripts, readScript: ReadScript): boolean {
  return Object.values(notify).some(({ command, user = '', group = '' }) => {
    // Without quotes keepalived takes the script's arguments for a user and a group.
    if (HOOK.test(`${command} ${user} ${group}`)) return true;
    const [path = ''] = command.split(' ');
    return HOOK.test(readScript(path) ?? '');
  });
}
