import type { FailureCode } from '../../model/failure.js';
import type { Severity } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { risen } from './change.js';
import { type Judged, type Rule, unjudged } from './rule.js';

const START = 'Start it: systemctl start conntrackd.';

/** conntrackd itself: does it run, does it answer, with the configuration that one sees? */
export const DAEMON_RULES: readonly Rule[] = [
  failing('CTS-101', 'daemon-down', 'critical', ['DAEMON_UNREACHABLE'], START),
  failing(
    'CTS-102',
    'daemon-hung',
    'critical',
    ['TIMEOUT'],
    'Look whether it is stopped or blocked: ps -C conntrackd.',
  ),
  failing('CTS-103', 'no-permission', 'unknown', ['PERMISSION_DENIED'], 'Run ctsync as root.'),
  failing(
    'CTS-104',
    'config-unreadable',
    'unknown',
    ['CONFIG_UNREADABLE', 'CONFIG_INVALID'],
    'Name the configuration that the daemon runs with: --daemon-config FILE.',
  ),
  failing(
    'CTS-105',
    'daemon-unreadable',
    'unknown',
    'any other',
    'Run conntrackd -s by hand and look at what it says.',
  ),
  { code: 'CTS-106', name: 'config-changed', severity: 'warning', judge: configChanged },
  { code: 'CTS-107', name: 'child-failed', severity: 'warning', byPages: true, judge: childFailed },
  { code: 'CTS-108', name: 'other-conntrackd', severity: 'warning', judge: otherPrograms },
];

/** Reasons that have a rule of their own. */
const NAMED: readonly FailureCode[] = [
  ...(['DAEMON_UNREACHABLE', 'TIMEOUT', 'PERMISSION_DENIED'] as const),
  ...(['CONFIG_UNREADABLE', 'CONFIG_INVALID'] as const),
];

/** A rule that says why the daemon gives no pages. */
function failing(
  code: string,
  name: string,
  severity: Severity,
  codes: readonly FailureCode[] | 'any other',
  next: string,
): Rule {
  const judge = ({ daemonFailure }: NodeObservation): Judged[] => {
    if (daemonFailure === undefined) return [];
    const { code: why } = daemonFailure;
    if (codes === 'any other' ? NAMED.includes(why) : !codes.includes(why)) return [];
    const { message, tool_says: said, next: advice } = daemonFailure;
    const evidence = [{ what: "the tool's words", value: said ?? 'none', from: 'conntrackd -s runtime' }];
    return [{ message: named(message, why, said), evidence, next: advice ?? next }];
  };
  return { code, name, severity, judge };
}

/** A plugin shows the sentence and the advice alone: the line that is to be corrected has to be in one of them. */
function named(message: string, code: FailureCode, said: string | undefined): string {
  return code === 'CONFIG_INVALID' && said !== undefined ? `${message.replace(/\.$/, '')}: ${said}.` : message;
}

/** The start of a process is told up to two seconds too early (two times are cut to whole ones), and clocks are corrected. */
const CLOCK_MS = 3000;

function configChanged(node: NodeObservation): readonly Judged[] {
  const { confChanged, runningSince, confFile, daemonFailure } = node;
  if (daemonFailure) return [];
  if (confChanged === undefined) return unjudged(node, 'confChanged');
  if (runningSince === undefined) return unjudged(node, 'runningSince');
  if (!isChangedSinceStart(node)) return [];
  return [
    {
      message: `${confFile} was changed after conntrackd was started, so it may not be what the daemon runs with.`,
      evidence: [
        { what: 'last change of the file', value: confChanged.toISOString(), from: confFile },
        { what: 'start of conntrackd', value: runningSince.toISOString(), from: '/proc' },
      ],
      next: 'Restart conntrackd when a failover is not to be feared, then have it ask the peer for its flows: conntrackd -n.',
    },
  ];
}

/** Whether the configuration may not be the one that the daemon runs with; false where that can't be told. */
export function isChangedSinceStart({
  confChanged,
  runningSince,
}: Pick<NodeObservation, 'confChanged' | 'runningSince'>): boolean {
  if (confChanged === undefined || runningSince === undefined) return false;
  return confChanged.getTime() > runningSince.getTime() + CLOCK_MS;
}

const CHILD_COUNTERS = ['child_process_failed', 'child_process_segfault', 'child_process_termsig'] as const;

function childFailed(node: NodeObservation): readonly Judged[] {
  const { before, now } = node;
  const runtime = now.pages.runtime?.runtime;
  if (runtime === undefined) return unjudged(node, 'runtime');
  const earlier = before?.pages.runtime?.runtime;
  // A child that a signal ends counts as failed, too.
  const evidence = CHILD_COUNTERS.filter((name) => risen(earlier?.[name], runtime[name]) > 0n).map((name) => ({
    what: name.replaceAll('_', ' '),
    value: runtime[name]!,
    before: earlier![name]!,
    from: 'conntrackd -s runtime',
  }));
  if (evidence.length === 0) return [];
  return [
    {
      message: 'A child of conntrackd has failed: dumps and commits that it was to do are cut short.',
      evidence,
      next: 'Look for "has aborted" in the log of conntrackd, and at the memory of the machine.',
    },
  ];
}

function otherPrograms(node: NodeObservation): readonly Judged[] {
  const { strangers } = node;
  if (strangers === undefined) return unjudged(node, 'strangers');
  return strangers.map((path) => ({
    subject: path,
    message: `${path} is called conntrackd and is not the one of conntrack-tools.`,
    evidence: [{ what: 'the program', value: path, from: 'the search path' }],
    next: 'Remove it, or put the folder of the right one before it in PATH.',
  }));
}
