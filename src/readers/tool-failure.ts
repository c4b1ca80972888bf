import { Failure } from '../model/failure.js';
import { complaintOf, refusedBySudo } from '../parsers/tool-messages.js';
import type { SourceOptions } from '../sources/options.js';
import type { Place } from '../sources/place.js';
import { sudoersLine } from '../sources/privilege.js';
import { commandLine } from '../sources/tool.js';
import type { ToolCommand, ToolOutcome } from '../sources/tool.js';

const PACKAGES: Readonly<Record<string, string>> = {
  conntrack: 'conntrack',
  conntrackd: 'conntrackd',
  nft: 'nftables',
  ip: 'iproute2',
  sudo: 'sudo',
};

/** True where the tool ended as it should. */
export function succeeded(outcome: ToolOutcome): boolean {
  return outcome.exitCode === 0;
}

/** Tools that need the rights of the file that they read, and no capability. */
const OF_FILES: readonly string[] = ['cat', 'grep', 'journalctl', 'tail'];

/** What of the options says who asks where. */
type Asking = Pick<SourceOptions, 'asked' | 'place'>;

/** The failure of a tool that did not end well, as far as its outcome alone can tell. */
export function toolFailure(asked: ToolCommand, outcome: ToolOutcome, asking: Asking): Failure {
  // Of another machine, sentences say which.
  const command = asked.via ? asked : asking.place.command(asked);
  if (outcome.spawnError !== undefined) return notStarted(command, outcome.spawnError, asking.place);
  if (outcome.signal !== undefined) return crashed(command, outcome);
  const complaint = complaintOf(outcome.stderr);
  if (complaint?.kind === 'permission') return permissionDenied(command, complaint.text, asking);
  return new Failure('TOOL_FAILED', `${commandLine(command)} failed with exit code ${outcome.exitCode}.`, {
    ...(complaint ? { toolSays: complaint.text } : {}),
    next: 'Run that command by hand to see all that it says.',
  });
}

/** The failure of a tool that neither we nor `sudo -n` may run. */
function permissionDenied(command: ToolCommand, toolSays: string, asking: Asking): Failure {
  const { isRoot, userName } = asking.place;
  if (isRoot) {
    return new Failure('PERMISSION_DENIED', `${commandLine(command)} needs CAP_NET_ADMIN, and root lacks it here.`, {
      toolSays,
      next: 'A container or a service without that capability can not read connection tracking: run it on the host.',
    });
  }
  const why = OF_FILES.includes(command.tool)
    ? `reads what ${userName} may not read`
    : `needs root or CAP_NET_ADMIN, and ${userName} has neither`;
  return new Failure('PERMISSION_DENIED', `${commandLine(command)} ${why}.`, {
    toolSays,
    next: howToAllow(command, asking),
  });
}

/**
 * What an ordinary user can do who may not run a command. All commands of a view are named: to be told of them one refusal at a
 * time would be a long way.
 */
export function howToAllow(command: ToolCommand, { asked = [command], place }: Asking): string {
  const which = asked.length === 1 ? 'that command' : 'all that this view needs';
  return `Run ctsync as root, or allow ${which} in /etc/sudoers.d/ctsync: ${sudoersLine(asked, place)}`;
}

/** True where the kernel refused the tool for want of rights. */
export function refusedForRights(outcome: ToolOutcome): boolean {
  return !succeeded(outcome) && complaintOf(outcome.stderr)?.kind === 'permission';
}

/** True where `sudo -n` did not run the command at all. */
export function sudoRefused(outcome: ToolOutcome): boolean {
  return !succeeded(outcome) && (outcome.spawnError !== undefined || refusedBySudo(outcome.stderr));
}

function notStarted(command: ToolCommand, code: string, place: Place): Failure {
  const path = place.findTool(command.tool);
  if (code === 'ENOENT' || path === undefined) {
    const name = PACKAGES[command.tool] ?? command.tool;
    return new Failure(
      'TOOL_MISSING',
      `${command.tool} is not installed${command.via ? ` on ${command.via.name}` : ''}, or not on the search path.`,
      {
        next: `Install it with the package ${name} (Debian and Ubuntu: apt install ${name}).`,
      },
    );
  }
  return new Failure('TOOL_FAILED', `${path} could not be started (${code}).`, {
    next: 'Look at its permissions, and at whether the machine is out of memory or processes.',
  });
}

function crashed(command: ToolCommand, outcome: ToolOutcome): Failure {
  const complaint = complaintOf(outcome.stderr);
  return new Failure('TOOL_CRASHED', `${commandLine(command)} was ended by signal ${outcome.signal}.`, {
    ...(complaint ? { toolSays: complaint.text } : {}),
    next:
      outcome.signal === 'SIGSEGV' && command.tool === 'conntrack'
        ? 'conntrack 1.4.7 does that where the kernel offers it no netlink; conntrack-tools 1.4.8 says why instead.'
        : 'Something ended it from outside: look at the kernel log for the out-of-memory killer.',
  });
}
