import { readdirSync } from 'node:fs';
import { Failure } from '../model/failure.js';
import { findTool } from './find-tool.js';
import { HERE } from './here.js';
import { runAttached } from './process.js';

/** Where ip-netns(8) keeps the names. */
const NAMES = '/run/netns';
/** What ip ends with where it could not enter; ctsync itself never does. */
const NOT_ENTERED = 255;

/**
 * Runs a command of ours inside of a network namespace, with our own terminal. There all is as the tools of that namespace see
 * it: its table, its sockets, and the files that ip netns puts over those of /etc.
 *
 * @returns its exit code
 * @throws Failure HOST_UNREACHABLE where there is no such namespace, PERMISSION_DENIED, TOOL_MISSING
 */
export async function enterNamespace(name: string, words: readonly string[]): Promise<number> {
  const names = namesOfNamespaces();
  if (!names.includes(name)) {
    throw new Failure('HOST_UNREACHABLE', `There is no network namespace ${JSON.stringify(name)} on this host.`, {
      next: names.length === 0 ? '"ip netns list" shows none at all.' : `These there are: ${names.join(', ')}.`,
    });
  }
  if (!HERE.isRoot) {
    throw new Failure('PERMISSION_DENIED', `Only root may enter the network namespace ${name}, not ${HERE.userName}.`, {
      next: 'Run ctsync as root.',
    });
  }
  if (findTool('ip') === undefined) {
    throw new Failure('TOOL_MISSING', 'ip, which enters network namespaces, is not installed.', {
      next: 'Install it with the package iproute2 (Debian and Ubuntu: apt install iproute2).',
    });
  }
  const code = await runAttached(['ip', 'netns', 'exec', name, ...words]);
  if (code !== NOT_ENTERED) return code;
  throw new Failure('HOST_UNREACHABLE', `The network namespace ${name} could not be entered.`, {
    next: `Try "ip netns exec ${name} true" by hand: its name may be left from one that has ended.`,
  });
}

function namesOfNamespaces(): string[] {
  try {
    return readdirSync(NAMES).sort();
  } catch {
    return [];
  }
}
