import type { FailoverHook, GroupHook } from '../model/failover-hook.js';
import { escapeControl } from './escape.js';

/**
 * Lines to be put into keepalived.conf, with comments as that file has them: what was printed may be put there as a whole, to
 * be sorted by the operator. No line is folded.
 */
export function renderHookPage({ keepalived_config: file, groups, notes }: FailoverHook): string {
  const parts = groups.map((group) => ofGroup(group, file));
  const lines = [...parts, ...notes.map((note) => [`# ${note}`])].map((part) => part.join('\n'));
  return `${escapeLines(lines.join('\n\n'))}\n`;
}

function ofGroup({ sync_group: group, complete, lines }: GroupHook, file: string | undefined): string[] {
  const where = file === undefined ? '' : ` of ${file}`;
  if (complete) return [`# The sync group ${group}${where} tells conntrackd of every transition: nothing to add.`];
  const what =
    file === undefined
      ? `For the block of the sync group ${group}`
      : `The sync group ${group}${where} lacks some of these; of a line that is there twice keepalived takes the first`;
  return [`# ${what}:`, ...lines.map((line) => `    ${line}`)];
}

function escapeLines(text: string): string {
  return text.split('\n').map(escapeControl).join('\n');
}
