import type { FaultyHook, NotifyScript, VrrpSyncGroup } from '../../model/keepalived-conf.js';

/** The text of a script; undefined where it can't be read. */
export type ReadScript = (path: string) => string | undefined;

// Our hook, VyOS's, that of conntrack-tools, and whatever names conntrackd itself.
const HOOK = /ctsync-failover|vyos-vrrp-conntracksync\.sh|primary-backup\.sh|conntrackd/;
// The state and the group, as ours and VyOS's are called.
const CALL = /(?:ctsync-failover|vyos-vrrp-conntracksync\.sh)["']?(?:\s+(\S+))?(?:\s+(.+))?$/;

/** The transitions of which conntrackd has to be told. */
const NEEDED = ['master', 'backup', 'fault'] as const;

/** Whether any notify line of the group calls a failover hook or conntrackd, or a script that does. */
export function hasHook({ notify }: VrrpSyncGroup, readScript: ReadScript): boolean {
  return Object.values(notify).some((script) => tellsConntrackd(script, readScript));
}

/** What is wrong with the hook of a group that has one; undefined where nothing is. */
export function faultOf({ name, notify }: VrrpSyncGroup, readScript: ReadScript): FaultyHook | undefined {
  const told = (event: (typeof NEEDED)[number] | 'notify'): boolean => {
    const script = notify[event];
    return script !== undefined && tellsConntrackd(script, readScript);
  };
  // What `notify` names is called at every transition, with words of keepalived's own, which those hooks do not understand.
  const all = told('notify') && !CALL.test(notify.notify?.command ?? '');
  const missing = all ? [] : NEEDED.filter((event) => !told(event));
  const wrong = [...NEEDED, 'stop' as const].filter((event) => isCalledWrongly(notify[event], event, name));
  return missing.length + wrong.length === 0 ? undefined : { sync_group: name, missing, wrong };
}

function tellsConntrackd({ command, user = '', group = '' }: NotifyScript, readScript: ReadScript): boolean {
  // Without quotes keepalived takes the script's arguments for a user and a group.
  if (HOOK.test(`${command} ${user} ${group}`)) return true;
  const [path = ''] = command.split(' ');
  return HOOK.test(readScript(path) ?? '');
}

/** A hook that is called for another state or another group than the line is of does what is wrong, or nothing. */
function isCalledWrongly(script: NotifyScript | undefined, event: string, group: string): boolean {
  const [call, state, rest = ''] = CALL.exec(script?.command ?? '') ?? [];
  return call !== undefined && (state !== event || !namesGroup(rest, group));
}

/** Further words may follow: files and folders. */
function namesGroup(words: string, group: string): boolean {
  return [group, `'${group}'`, `"${group}"`].some((name) => words === name || words.startsWith(`${name} `));
}
