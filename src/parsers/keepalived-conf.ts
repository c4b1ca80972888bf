import type { FaultyHook, KeepalivedConf, VrrpSyncGroup } from '../model/keepalived-conf.js';
import { faultOf, hasHook, type ReadScript } from './keepalived-conf/hook.js';
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

/**
 * The sync groups at whose transitions conntrackd is told: their notify lines call a failover hook or conntrackd, or a
 * script that does.
 */
export function conntrackSyncGroups(conf: KeepalivedConf, readScript: ReadScript = unread): VrrpSyncGroup[] {
  return conf.vrrp_sync_groups.filter((group) => hasHook(group, readScript));
}

/** Those of these groups that are not told of every transition, or of another one than there was. */
export function faultyHooks(conf: KeepalivedConf, readScript: ReadScript = unread): FaultyHook[] {
  return conntrackSyncGroups(conf, readScript).flatMap((group) => faultOf(group, readScript) ?? []);
}

function unread(): undefined {
  return undefined;
}
