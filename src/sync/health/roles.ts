import type { FaultyHook } from '../../model/keepalived-conf.js';
import type { NodeObservation } from '../../model/node-observation.js';
import { PATIENCE_MS, withoutRecord } from './failover.js';
import { type Judged, type Rule, unjudged } from './rule.js';

/** What the node does in the pair, and what it should do. */
export const ROLE_RULES: readonly Rule[] = [
  { code: 'CTS-701', name: 'role-contradicts-record', severity: 'warning', judge: contradiction },
  { code: 'CTS-702', name: 'group-without-hook', severity: 'warning', judge: withoutHook },
  { code: 'CTS-703', name: 'addresses-in-part', severity: 'warning', judge: inPart },
];

/**
 * The record is of one group, the last one that changed, and does not say of which: it contradicts the roles only if it fits
 * none of them.
 */
function contradiction(node: NodeObservation): readonly Judged[] {
  const { roles, transition, mechanism, readAt } = node;
  if (transition === undefined) return withoutRecord(node);
  if (roles === undefined) return unjudged(node, 'roles');
  const recorded = transition.state === 'MASTER' ? 'master' : 'backup';
  if (roles.length === 0 || mechanism?.sync_groups.length === 0) return [];
  if (roles.some(({ role }) => role === recorded || role === 'partial')) return [];
  const age = transition.at === undefined ? Infinity : (readAt?.getTime() ?? Infinity) - Date.parse(transition.at);
  if (age < PATIENCE_MS) return [{ unknown: 'the transition was only a moment ago' }];
  const groups = roles.map(({ sync_group: group }) => group);
  return [
    {
      subject: groups.join(', '),
      message: `This node is ${roles[0]!.role} of ${inWords(groups)}, but the last recorded transition says ${transition.state}.`,
      evidence: [
        {
          what: 'virtual addresses held',
          value: roles.flatMap(({ held }) => held).join(', ') || 'none',
          from: 'ip -j addr',
        },
        {
          what: 'last transition',
          value: `${transition.state} at ${transition.at ?? transition.at_text ?? '?'}`,
          from: 'failover-state',
        },
      ],
      next: 'Look whether keepalived runs and calls the hook: what a transition asks of conntrackd may not have been done.',
    },
  ];
}

function inWords(names: readonly string[]): string {
  const [last] = names.slice(-1);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${last}` : `${last}`;
}

function withoutHook(node: NodeObservation): readonly Judged[] {
  const { mechanism } = node;
  if (mechanism === undefined) return unjudged(node, 'mechanism');
  const none = mechanism.without_hook.map((group) => ({
    subject: group,
    message: `The sync group ${group} has no notify script that tells conntrackd of a transition: after a failover the flows are not committed.`,
    evidence: [
      { what: 'sync groups with a hook', value: mechanism.sync_groups.join(', ') || 'none', from: 'keepalived.conf' },
    ],
    next: hookLines(group),
  }));
  return [...none, ...(mechanism.faulty_hooks ?? []).map(faulty)];
}

function faulty({ sync_group: group, missing, wrong }: FaultyHook): Judged {
  const lines = (events: readonly string[]): string => events.map((event) => `notify_${event}`).join(', ');
  const lacks = missing.length > 0 ? `the hook lacks ${lines(missing)}` : '';
  const calls = wrong.length > 0 ? `${lines(wrong)} calls it with other words than its state and the group` : '';
  return {
    subject: group,
    message: `Of the sync group ${group}, ${[lacks, calls].filter((part) => part !== '').join(', and ')}: conntrackd is told of some transitions only.`,
    evidence: [
      ...(missing.length > 0 ? [{ what: 'without the hook', value: lines(missing), from: 'keepalived.conf' }] : []),
      ...(wrong.length > 0 ? [{ what: 'called wrongly', value: lines(wrong), from: 'keepalived.conf' }] : []),
    ],
    next: hookLines(group),
  };
}

function hookLines(group: string): string {
  return `Give ${group} the lines that "ctsync show configuration hook" prints, and reload keepalived.`;
}

function inPart(node: NodeObservation): readonly Judged[] {
  if (node.roles === undefined) return unjudged(node, 'roles');
  return node.roles
    .filter(({ role }) => role === 'partial')
    .map(({ sync_group: group, held, missing }) => ({
      subject: group,
      message: `This node holds some of the virtual addresses of ${group} and not the others.`,
      evidence: [
        { what: 'held', value: held.join(', '), from: 'ip -j addr' },
        { what: 'not held', value: missing.join(', '), from: 'ip -j addr' },
      ],
      next: 'Look at the log of keepalived; an address may have been added or removed by hand.',
    }));
}
