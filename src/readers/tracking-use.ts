import type { TrackingUse } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import { iptablesTracks, nftTracks } from '../parsers/ruleset.js';
import type { SourceOptions } from '../sources/options.js';
import { existsAt, type Place } from '../sources/place.js';
import { iptablesRulesets, nftRuleset } from '../sources/queries.js';
import type { ToolCommand } from '../sources/tool.js';
import { ask } from './privileged.js';
import { succeeded } from './tool-failure.js';

/** What an empty table means: is there any rule that makes the kernel track connections? */
export async function trackingUse(options: SourceOptions): Promise<{ tracking: TrackingUse; notes: string[] }> {
  try {
    return await useByRules(options);
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'NOT_IN_BUNDLE') throw error;
    return { tracking: 'unknown', notes: [MAY_NOT_BE_IN_USE] };
  }
}

async function useByRules(options: SourceOptions): Promise<{ tracking: TrackingUse; notes: string[] }> {
  const nft = await nftablesLoaded(options.place);
  const commands = await safeToAsk(nft, options);
  // nft alone sees all rules of nf_tables: iptables' tools see those that iptables could have made.
  let unread = nft && !commands.some(({ tool }) => tool === 'nft');
  for (const command of commands) {
    const tracks = await tracksBy(command, options);
    if (tracks === true) return { tracking: 'in_use', notes: [] };
    unread ||= tracks === undefined;
  }
  return unread ? { tracking: 'unknown', notes: [MAY_NOT_BE_IN_USE] } : { tracking: 'not_in_use', notes: [NOT_IN_USE] };
}

const NOT_IN_USE =
  'Connection tracking is not in use here: no firewall rule asks for it. A NAT or stateful firewall rule switches it on.';
const MAY_NOT_BE_IN_USE =
  'Connection tracking may not be in use here: the firewall rules could not be read. A NAT or stateful firewall rule switches it on.';

/**
 * The tools that are there and load no module when they are run (looking changes nothing): those of nf_tables, which most
 * iptables-save are by now, only where it is loaded, the legacy ones only where theirs is. What is not loaded has no rules.
 */
async function safeToAsk(nft: boolean, options: SourceOptions): Promise<ToolCommand[]> {
  const { place, query } = options;
  const safe: ToolCommand[] = nft && place.findTool('nft') !== undefined ? [nftRuleset(query)] : [];
  for (const command of iptablesRulesets(query)) {
    const path = place.findTool(command.tool);
    if (path === undefined) continue;
    const legacy = (await place.resolved(path)).endsWith('/xtables-legacy-multi');
    if (legacy ? await existsAt(place, LEGACY_TABLES[command.family]) : nft) safe.push(command);
  }
  return safe;
}

/** Only there where the legacy iptables of that family is loaded. */
const LEGACY_TABLES = { ipv4: '/proc/net/ip_tables_names', ipv6: '/proc/net/ip6_tables_names' } as const;

/** The rulesets of the host that can be read without a module being loaded for it. */
export async function rulesets(options: SourceOptions): Promise<ToolCommand[]> {
  return safeToAsk(await nftablesLoaded(options.place), options);
}

/** Loaded, built in, or on a kernel without modules, where nothing can be loaded. */
async function nftablesLoaded(place: Place): Promise<boolean> {
  const modules = `/lib/modules/${place.kernelRelease}`;
  if ((await existsAt(place, '/sys/module/nf_tables')) || !(await existsAt(place, modules))) return true;
  const builtIn = await place.readFile(`${modules}/modules.builtin`);
  return 'text' in builtIn && builtIn.text.includes('/nf_tables.ko');
}

/** Whether the rules that a tool prints make the kernel track connections; undefined where they can't be read. */
async function tracksBy(command: ToolCommand, options: SourceOptions): Promise<boolean | undefined> {
  try {
    const answer = await ask(command, options);
    if (!succeeded(answer)) return undefined;
    const text = answer.stdout.toString('utf8');
    return command.tool === 'nft' ? nftTracks(text) : iptablesTracks(text, command.tool);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'INTERRUPTED') return undefined;
    throw error;
  }
}
