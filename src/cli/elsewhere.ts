import type { Config } from '@oclif/core/config';
import { normalizeArgv } from '@oclif/core/help';
import { Failure } from '../model/failure.js';
import { enterNamespace } from '../sources/namespace.js';
import { showHosts } from './hosts.js';

/**
 * Runs the same command line where `--netns` or several `--host` say: inside of the namespace, where all is as if it had been
 * typed there, or once for each host.
 *
 * @returns the exit code; undefined where it is a matter of this process
 * @throws Failure USAGE, HOST_UNREACHABLE, PERMISSION_DENIED, TOOL_MISSING
 */
export async function runElsewhere(config: Config, argv: readonly string[]): Promise<number | undefined> {
  const [id = ''] = normalizeArgv(config, [...argv]);
  const flags = config.findCommand(id)?.flags ?? {};
  if (!('netns' in flags) || argv.includes('--help')) return undefined;
  const namespaces = valuesOf('--netns', argv);
  const hosts = valuesOf('--host', argv);
  if (namespaces.values.length > 0) {
    if (namespaces.values.length > 1) throw twice('--netns');
    if (hosts.values.length > 0 || valuesOf('--from', argv).values.length > 0) {
      throw new Failure('USAGE', '--netns is for this host: neither --host nor --from goes with it.', {
        next: 'Leave one of them out.',
      });
    }
    return enterNamespace(namespaces.values[0]!, [...ourselves(), ...namespaces.rest]);
  }
  if (hosts.values.length < 2) return undefined;
  if (id.startsWith('check:')) {
    throw new Failure('USAGE', 'A check is of one node: it takes --host once.', {
      next: 'Make it a service of each node.',
    });
  }
  return showHosts(hosts.values, (host) => [...ourselves(), ...hosts.rest, '--host', host], hosts.rest);
}

function ourselves(): [string, ...string[]] {
  return [process.execPath, ...process.execArgv, process.argv[1]!];
}

/** What a flag that takes a value says, and all words beside it. */
function valuesOf(flag: string, argv: readonly string[]): { values: string[]; rest: string[] } {
  const values: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word.startsWith(`${flag}=`)) values.push(word.slice(flag.length + 1));
    else if (word === flag && i + 1 < argv.length) values.push(argv[++i]!);
    else rest.push(word);
  }
  return { values, rest };
}

function twice(flag: string): Failure {
  return new Failure('USAGE', `${flag} is there more than once.`, { next: 'Run it once for each.' });
}
