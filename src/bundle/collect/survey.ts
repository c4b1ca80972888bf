import { Failure } from '../../model/failure.js';
import { parseToolVersion } from '../../parsers/process-status.js';
import type { BundleVersions } from '../../model/bundle.js';
import { readDaemonLog } from '../../readers/daemon-log/daemon-log.js';
import type { LogName } from '../../readers/daemon-log/question.js';
import { readFlowCount } from '../../readers/flow-count.js';
import { readHistory } from '../../readers/history/history.js';
import { ask } from '../../readers/privileged.js';
import { trackingUse } from '../../readers/tracking-use.js';
import type { SourceOptions } from '../../sources/options.js';

/** What commands look for on a host, whether it is run or not. */
const TOOLS = [
  ...['conntrack', 'conntrackd', 'ip', 'nft', 'journalctl'],
  ...['iptables-save', 'iptables-legacy-save', 'ip6tables-save', 'ip6tables-legacy-save'],
];
/** By these, conntrackd counts the flows that its filter names by protocol. */
const PROTOCOLS = '/etc/protocols';

/**
 * Asks a host all that the views of it ask beside what is collected anyway, so that its answers are there when somebody opens
 * the bundle. What can't be had is no failure: a view will say so.
 *
 * @throws Failure INTERRUPTED
 */
export async function survey(options: SourceOptions): Promise<void> {
  const { place } = options;
  TOOLS.forEach((tool) => place.findTool(tool));
  await place.readFile(PROTOCOLS, 'latin1');
  const views = [
    () => readFlowCount(options),
    () => trackingUse(options),
    () => readHistory(undefined, options),
    () => wholeLog('daemon', options),
    () => wholeLog('stats', options),
  ];
  for (const view of views) await view().catch(unlessInterrupted);
}

/** The versions of what is installed. */
export async function versionsAt(options: SourceOptions): Promise<BundleVersions> {
  const calls = { conntrack: '-V', conntrackd: '-v', keepalived: '-v' } as const;
  const found: BundleVersions = {};
  for (const tool of ['conntrack', 'conntrackd', 'keepalived'] as const) {
    const answer = await ask({ tool, args: [calls[tool]], silenceMs: 10_000 }, options).catch(unlessInterrupted);
    const version = answer && parseToolVersion(`${answer.stdout.toString('latin1')}${answer.stderr}`);
    if (version !== undefined) found[tool] = version;
  }
  return found;
}

/** The last record of a log: where it lies, and what is said of it. */
async function wholeLog(name: LogName, options: SourceOptions): Promise<void> {
  const log = await readDaemonLog({ limit: 1, follow: false, stats: name === 'stats' }, options, () => undefined);
  for await (const records of log.batches()) void records;
}

function unlessInterrupted(error: unknown): undefined {
  if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
  return undefined;
}
