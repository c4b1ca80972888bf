import type { ActionPlan, ActionReport, ActionStep, FlowsAtStake, NodeRole, StepOutcome } from '../model/action.js';
import type { Counter } from '../model/number.js';
import { escapeControl } from './escape.js';

import { hanging } from './hanging.js';
import { grouped } from './scaled.js';

/** What an operator is told before being asked: the node, its role, what is at stake, and each step. */
export function renderActionPlan(plan: ActionPlan, columns: number | undefined): string {
  const { action, host, notes } = plan;
  return page([
    action,
    `Node     : ${host}, ${roleText(plan)}`,
    ...stakeAndSteps(plan, columns),
    ...noted(notes, columns),
  ]);
}

/** What an action has done, or would do, and how each step is known to have come out. */
export function renderAction(report: ActionReport, host: string, columns: number | undefined): string {
  const { action, outcome, left, notes } = report;
  const end = {
    done: 'Done.',
    partly: 'Not all of it is known to be done.',
    failed: 'Not done.',
    'dry-run': 'Nothing was touched.',
  }[outcome];
  const now = left === undefined ? [] : folded(`Now      : ${flowsText(left)}`, columns);
  return page([
    action,
    `Node     : ${host}, ${roleText(report)}`,
    ...stakeAndSteps(report, columns),
    ...now,
    ...noted(notes, columns),
    end,
  ]);
}

function stakeAndSteps({ at_stake: stake, steps }: Pick<ActionPlan, 'at_stake' | 'steps'>, columns?: number): string[] {
  return [
    ...folded(`At stake : ${flowsText(stake)}`, columns),
    ...steps.flatMap((step, index) =>
      folded(`${index === 0 ? 'Steps    :' : INDENT.slice(1)} ${stepText(step)}`, columns),
    ),
  ];
}

const INDENT = ' '.repeat('Steps    : '.length);

function folded(text: string, columns: number | undefined): string[] {
  return hanging(text, columns, INDENT);
}

function noted(notes: readonly string[], columns: number | undefined): string[] {
  return notes.flatMap((note) => folded(`Note     : ${note}`, columns));
}

function stepText({ step, command, outcome, evidence, seconds }: ActionStep): string {
  const what = `${step} (${command})`;
  if (outcome === 'planned') return what;
  const took = seconds === undefined ? '' : ` in ${seconds} s`;
  return `${what}: ${BECAME[outcome]}${took}${evidence === undefined ? '' : `, ${evidence}`}`;
}

/** The steps in one line, where there is no room for more. */
export function stepsLine(steps: readonly ActionStep[]): string {
  const current = steps.find(({ outcome }) => outcome === 'planned');
  const became = (step: ActionStep): string => (step === current ? 'under way' : BECAME[step.outcome]);
  return steps.map((step) => `${step.command}: ${became(step)}`).join('; ');
}

const BECAME: Readonly<Record<StepOutcome, string>> = {
  done: 'done',
  failed: 'failed',
  unverified: 'not known',
  timeout: 'no answer',
  not_done: 'not done',
  planned: 'not begun',
};

const ROLES: Readonly<Record<NodeRole, string>> = {
  master: 'master',
  backup: 'backup',
  mixed: 'not master of every group',
  unknown: 'role not known',
};

function roleText({
  role,
  sync_groups: groups = [],
  role_unknown: why,
}: Pick<ActionPlan, 'role' | 'sync_groups' | 'role_unknown'>): string {
  if (why !== undefined) return `${ROLES[role]}: ${why}`;
  if (role === 'mixed')
    return `${ROLES[role]} (${groups.map((group) => `${group.role} of ${group.sync_group}`).join(', ')})`;
  return groups.length === 0
    ? ROLES[role]
    : `${ROLES[role]} of ${groups.map(({ sync_group: name }) => name).join(', ')}`;
}

/** `104 flows in the external cache`; what is not kept is left out. */
function flowsText({ kernel, expectations, internal, external }: FlowsAtStake): string {
  const texts = [
    ...counted(kernel, 'flow', ' in the kernel'),
    ...counted(expectations, 'expectation', ''),
    ...counted(internal, 'flow', ' in the internal cache'),
    ...counted(external, 'flow', ' in the external cache'),
  ];
  return texts.length === 0 ? 'no cache that could be counted' : texts.join(', ');
}

function counted(count: Counter | undefined, what: string, where: string): string[] {
  return count === undefined ? [] : [`${grouped(count)} ${what}${Number(count) === 1 ? '' : 's'}${where}`];
}

function page(lines: readonly string[]): string {
  return lines.map((line) => `${escapeControl(line)}\n`).join('');
}
