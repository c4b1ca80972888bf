import type { FailoverHook, GroupHook } from '../model/failover-hook.js';
import { Failure } from '../model/failure.js';
import type { KeepalivedConf } from '../model/keepalived-conf.js';
import { conntrackSyncGroups, faultyHooks, parseKeepalivedConf } from '../parsers/keepalived-conf.js';
import { readCapture } from '../sources/capture.js';
import type { SourceOptions } from '../sources/options.js';
import { surroundingsOf } from './status/surroundings.js';

const KEEPALIVED_CONFIGS = ['/etc/keepalived/keepalived.conf', '/run/keepalived/keepalived.conf'] as const;

/** What is asked for. */
export interface HookQuestion {
  /** Path of the hook. */
  hook: string;
  /** What the hook is called with behind the group: files and folders that are not the usual ones. */
  places: readonly string[];
  /** keepalived's configuration where the operator has named it. */
  keepalivedConfig?: string | undefined;
  /** The group that the lines are for; absent for those of keepalived.conf. */
  group?: string | undefined;
}

/**
 * The lines by which keepalived calls the failover hook, for each sync group of its configuration or for the one that is
 * named.
 *
 * @throws Failure CONFIG_UNREADABLE, CONFIG_INVALID; BAD_ANSWER where there is no sync group
 */
export async function readFailoverHook(question: HookQuestion, options: SourceOptions): Promise<FailoverHook> {
  const { hook, group, places } = question;
  const linesOf = (name: string): string[] =>
    EVENTS.map((event) => `notify_${event} "${[hook, event, quoted(name), ...places].join(' ')}"`);
  if (group !== undefined) {
    return { hook, groups: [{ sync_group: group, complete: false, lines: linesOf(group) }], notes: [AS_ROOT] };
  }
  const { file, text } = await configText(question, options);
  const found = await surroundingsOf({ text, file }, options.place);
  const conf = parseKeepalivedConf(text, file, options.from === undefined ? found.surroundings : {});
  if (conf.vrrp_sync_groups.length === 0) throw withoutGroup(file);
  const hooked = conntrackSyncGroups(conf, found.readScript).map(({ name }) => name);
  const faulty = faultyHooks(conf, found.readScript).map((fault) => fault.sync_group);
  const groups = conf.vrrp_sync_groups.map(({ name }): GroupHook => ({
    sync_group: name,
    complete: hooked.includes(name) && !faulty.includes(name),
    lines: linesOf(name),
  }));
  return { hook, keepalived_config: file, groups, notes: runsAsRoot(conf) ? [] : [AS_ROOT] };
}

/** The transitions of which the hook is told. */
const EVENTS = ['master', 'backup', 'fault', 'stop'] as const;

const AS_ROOT = 'keepalived has to run the hook as root: "script_user root" in global_defs.';

function runsAsRoot({ statements }: KeepalivedConf): boolean {
  const global = statements.flatMap(({ keyword, block = [] }) => (keyword === 'global_defs' ? block : []));
  return global.some(({ keyword, values }) => keyword === 'script_user' && values[0] === 'root');
}

/** Inside of double quotes, single ones keep blanks together. */
function quoted(name: string): string {
  return /[\s"#!]/.test(name) ? `'${name}'` : name;
}

async function configText(
  { keepalivedConfig }: HookQuestion,
  { from, place, abort }: SourceOptions,
): Promise<{ file: string; text: string }> {
  if (from !== undefined) {
    const { name, text } = await readCapture(from, abort);
    return { file: name, text };
  }
  const files = keepalivedConfig === undefined ? KEEPALIVED_CONFIGS : [keepalivedConfig];
  for (const file of files) {
    const read = await place.readFile(file);
    if ('text' in read) return { file, text: read.text };
    if (read.unreadable.code !== 'ENOENT') throw unreadableConfig(file, read.unreadable.reason);
  }
  throw unreadableConfig(files[0], 'does not exist');
}

function unreadableConfig(file: string, reason: string): Failure {
  return new Failure('CONFIG_UNREADABLE', `keepalived's configuration ${file} ${reason}.`, {
    next: 'Name the file that is in use: --keepalived-config FILE, or the sync group: "ctsync show configuration hook GROUP".',
  });
}

function withoutGroup(file: string): Failure {
  return new Failure(
    'BAD_ANSWER',
    `${file} has no sync group: the transitions of an instance alone are not those of a firewall.`,
    {
      next: 'Put the instances that fail over together into a vrrp_sync_group, and ask again.',
    },
  );
}
