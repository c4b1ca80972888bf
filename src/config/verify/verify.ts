import type { ConfigurationFinding } from '../../model/configuration.js';
import { Failure } from '../../model/failure.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { renderConntrackdConf } from '../render/conntrackd-conf.js';
import { isReplaced } from '../render/lines.js';
import { ignoreFindings, listenFindings } from './addresses.js';
import { failoverFindings } from './failover.js';
import { linkFindings } from './links.js';
import type { Made, VerifySurroundings } from './material.js';
import { sizeFindings } from './sizes.js';

/** All that is wrong with a configuration on this node, errors first, each with the statement that causes it. */
export function verify(configuration: SyncConfiguration, around: VerifySurroundings): ConfigurationFinding[] {
  const { made, findings } = grammarOf(configuration, around);
  const all = [
    ...linkFindings(configuration, around, made),
    ...listenFindings(configuration, around),
    ...failoverFindings(configuration, around),
    ...expectationFindings(configuration),
    ...replacedFindings(configuration),
    ...ignoreFindings(configuration, around),
    ...sizeFindings(around, made),
  ];
  // What breaks the grammar has its own sentence where a rule knows why.
  const unexplained = all.some(({ severity }) => severity === 'error') ? [] : findings;
  const found = [...all, ...unexplained];
  return [...found.filter((each) => each.severity === 'error'), ...found.filter((each) => each.severity === 'warning')];
}

function grammarOf(
  configuration: SyncConfiguration,
  around: VerifySurroundings,
): { made: Made; findings: ConfigurationFinding[] } {
  try {
    return { made: parseConntrackdConf(renderConntrackdConf(configuration, around), 'conntrackd.conf'), findings: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return {
      made: undefined,
      findings: [{ severity: 'error', message: `conntrackd would refuse it: ${error.message}` }],
    };
  }
}

/** The helper inside conntrackd without which the expectations of a protocol never arise. */
const NEEDED: Readonly<Record<string, string>> = { nfs: 'rpc', sqlnet: 'tns' };

function expectationFindings({ expect_sync: protocols = [], helper = [] }: SyncConfiguration): ConfigurationFinding[] {
  const alone: ConfigurationFinding[] =
    protocols.includes('all') && protocols.length > 1
      ? [
          {
            severity: 'error',
            message: `expect-sync all covers ${protocols.filter((each) => each !== 'all').join(', ')}: it stands alone.`,
            statement: "expect-sync 'all'",
          },
        ]
      : [];
  const lacking = protocols.filter((protocol) => {
    const needed = NEEDED[protocol];
    return needed !== undefined && !helper.includes(needed);
  });
  return [
    ...alone,
    ...lacking.map((protocol): ConfigurationFinding => ({
      severity: 'warning',
      message: `The kernel has no helper for ${protocol} of its own: without one there are no expectations to synchronise.`,
      statement: `expect-sync '${protocol}'`,
      lines: [`set service conntrack-sync helper '${NEEDED[protocol]}'`],
    })),
  ];
}

/** Statements that have no effect, because something that is passed through stands in the place of their line. */
function replacedFindings(configuration: SyncConfiguration): ConfigurationFinding[] {
  const { pass_through_general: general = [], pass_through_filter: filter = [] } = configuration;
  const {
    pass_through_mode: mode = [],
    pass_through_sync: sync = [],
    pass_through_options: options = [],
  } = configuration;
  const places = [
    ['accept_protocol', 'accept-protocol', ['Filter'], general],
    ['ignore_address', 'ignore-address', ['Filter'], general],
    ['accept_protocol', 'accept-protocol', ['Protocol'], filter],
    ['ignore_address', 'ignore-address', ['Address'], filter],
    ['event_listen_queue_size', 'event-listen-queue-size', ['NetlinkBufferSizeMaxGrowth'], general],
    ['disable_syslog', 'disable-syslog', ['Syslog'], general],
    ['purge_timeout', 'purge-timeout', ['PurgeTimeout'], mode],
    ['disable_external_cache', 'disable-external-cache', ['DisableExternalCache'], mode],
    ['startup_resync', 'startup-resync', ['StartupResync'], mode],
    ['purge_timeout', 'purge-timeout', ['Mode'], sync],
    ['disable_external_cache', 'disable-external-cache', ['Mode'], sync],
    ['startup_resync', 'startup-resync', ['Mode'], sync],
    ['expect_sync', 'expect-sync', ['ExpectationSync'], options],
    ['expect_sync', 'expect-sync', ['Options'], sync],
  ] as const;
  return places.flatMap(([key, words, [keyword], passed]): ConfigurationFinding[] => {
    if (configuration[key] === undefined || !isReplaced({ text: keyword, note: '' }, passed)) return [];
    const message = `${words} has no effect: a pass-through statement has ${keyword} in its place.`;
    return [{ severity: 'warning', message, statement: words }];
  });
}
