import type { TrackingCounters } from '../../model/conntrack-statistics.js';
import type { Severity } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { risen } from './change.js';
import { type Judged, type Rule, unjudged } from './rule.js';

const COUNT = '/proc/sys/net/netfilter/nf_conntrack_count';
const MAX = '/proc/sys/net/netfilter/nf_conntrack_max';
const COUNTERS = 'conntrack -S';

/** The kernel's own table. */
export const KERNEL_RULES: readonly Rule[] = [
  { code: 'CTS-501', name: 'table-full', severity: 'warning', judge: tableFull },
  { code: 'CTS-502', name: 'insert-failed', severity: 'warning', judge: (node) => counterRises(node, 'insert_failed') },
  { code: 'CTS-503', name: 'dropped', severity: 'critical', judge: dropped },
  { code: 'CTS-504', name: 'early-drop', severity: 'critical', judge: (node) => counterRises(node, 'early_drop') },
];

/** In per cent of what the table takes, the worst first. */
const LEVELS: readonly (readonly [percent: number, severity: Severity, message: string])[] = [
  [95, 'critical', 'is as good as full: new connections fail as soon as it is'],
  [90, 'warning', 'is nearly full'],
  [80, 'warning', 'fills up'],
];

function tableFull(node: NodeObservation): readonly Judged[] {
  const { now, limit } = node;
  if (now.flows === undefined || limit === undefined) return unjudged(node, 'flows');
  if (limit === 0) return [];
  const percent = (now.flows / limit) * 100;
  const level = LEVELS.find(([least]) => percent > least);
  if (level === undefined) return [];
  const [, severity, message] = level;
  return [
    {
      severity,
      message: `The kernel's table ${message}: ${percent.toFixed(0)} % of its limit.`,
      evidence: [
        { what: 'flows', value: now.flows, from: COUNT },
        { what: 'limit', value: limit, from: MAX },
      ],
      next: 'See who has the most (ctsync show conntrack top), or raise the limit (sysctl net.netfilter.nf_conntrack_max) and the hash size with it.',
    },
  ];
}

type Bad = 'insert_failed' | 'drop' | 'early_drop';

const WORDS: Readonly<Record<Bad, readonly [message: string, next: string]>> = {
  insert_failed: [
    'New flows could not be put into the table, mostly because packets of the same flow raced each other.',
    'Nothing, where it is few; where connections hang, look for the same packet taking two ways, and for clashing NAT ports.',
  ],
  drop: [
    'The kernel has dropped packets because their flow could not be put into its table.',
    'See whether the table is full (ctsync show conntrack count), and the kernel log for "table full".',
  ],
  early_drop: [
    'The kernel throws out flows to make room in a full table.',
    'Raise the limit (sysctl net.netfilter.nf_conntrack_max), or see who has the most flows (ctsync show conntrack top).',
  ],
};

function counterRises(node: NodeObservation, name: Bad): readonly Judged[] {
  const { before, now } = node;
  const value = valueOf(now.tracking, name);
  if (now.tracking === undefined) return unjudged(node, 'tracking');
  if (before?.tracking === undefined) return unjudged(node, 'before');
  const was = valueOf(before.tracking, name);
  if (value === undefined || was === undefined || risen(was, value) === 0n) return [];
  const [message, next] = WORDS[name];
  return [{ message, evidence: [{ what: name, value, before: was, from: COUNTERS }], next }];
}

/** A flow that clashes with another one is counted as failed and as dropped: only what is dropped beyond that is news. */
function dropped(node: NodeObservation): readonly Judged[] {
  const { before, now } = node;
  const rise = (name: 'drop' | 'insert_failed' | 'chaintoolong'): bigint =>
    risen(before?.tracking?.[name], now.tracking?.[name]);
  // A chain that is too long counts as failed, and not as dropped.
  const clashes = rise('insert_failed') - rise('chaintoolong');
  const drops = rise('drop');
  return drops > 0n && drops <= clashes ? [] : counterRises(node, 'drop');
}

function valueOf(counters: TrackingCounters | undefined, name: Bad) {
  return counters?.[name];
}
