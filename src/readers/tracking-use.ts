import { release } from 'node:os';
import type { TrackingUse } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import type { ConntrackUse } from '../model/ruleset.js';
import { conntrackUseOfIptables, conntrackUseOfNft } from '../parsers/ruleset.js';
import { exists, readSmallFile } from '../sources/files.js';
import type { SourceOptions } from '../sources/options.js';
import { findTool } from '../sources/privilege.js';
import { rulesets } from '../sources/queries.js';
import type { ToolCommand } from '../sources/tool.js';
import { ask } from './privileged.js';
import { succeeded } from './tool-failure.js';

/** What an empty table means: is there any rule that makes the kernel track connections? */
export async function trackingUse(options: SourceOptions): Promise<{ tracking: TrackingUse; notes: string[] }> {
  let readable = 0;
  let refused = 0;
  for (const command of await installed(rulesets(options.query))) {
    const use = await useOf(command, options);
    if (use?.uses) return { tracking: 'in_use', notes: [] };
    if (use) readable++;
    else refused++;
  }
  if (readable > 0 && refused === 0) return { tracking: 'not_in_use', notes: [NOT_IN_USE] };
  return { tracking: 'unknown', notes: [MAY_NOT_BE_IN_USE] };
}

const NOT_IN_USE =
  'Connection tracking is not in use here: no firewall rule asks for it. A NAT or stateful firewall rule switches it on.';
const MAY_NOT_BE_IN_USE =
  'Connection tracking may not be in use here: the firewall rules could not be read. A NAT or stateful firewall rule switches it on.';

/** A tool that is not there has no rules; nft is asked only where that does not load a module (looking changes nothing). */
async function installed(commands: ToolCommand[]): Promise<ToolCommand[]> {
  const there = commands.filter((command) => findTool(command.tool) !== undefined);
  return (await nftablesLoaded()) ? there : there.filter((command) => command.tool !== 'nft');
}

/** Loaded, built in, or on a kernel without modules, where nothing can be loaded. */
async function nftablesLoaded(): Promise<boolean> {
  const modules = `/lib/modules/${release()}`;
  if ((await exists('/sys/module/nf_tables')) || !(await exists(modules))) return true;
  const builtIn = await readSmallFile(`${modules}/modules.builtin`);
  return 'text' in builtIn && builtIn.text.includes('/nf_tables.ko');
}

/** Undefined where the rules can't be read. */
async function useOf(command: ToolCommand, options: SourceOptions): Promise<ConntrackUse | undefined> {
  try {
    const answer = await ask(command, options);
    if (!succeeded(answer)) return undefined;
    const text = answer.stdout.toString('utf8');
    return command.tool === 'nft' ? conntrackUseOfNft(text) : conntrackUseOfIptables(text, command.tool);
  } catch (error) {
    if (error instanceof Failure && error.code !== 'INTERRUPTED') return undefined;
    throw error;
  }
}
