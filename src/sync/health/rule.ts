import type { Evidence, Finding, NotChecked, Severity } from '../../model/health.js';
import type { NodeObservation } from '../../model/node-observation.js';

/** What a rule says of a node: what it found, or why it could not look. */
export type Judged = Found | Unjudged;

/** A finding before it has its code. */
export interface Found {
  /** Where it differs from that of the rule. */
  severity?: Severity;
  subject?: string;
  message: string;
  evidence: Evidence[];
  next: string;
}

/** Why a rule could not be judged, half a sentence. */
export interface Unjudged {
  unknown: string;
}

/** One thing that can be wrong with a node. */
export interface Rule {
  code: string;
  name: string;
  severity: Severity;
  /** It is judged by the pages of the daemon: without an answer of it there is nothing to judge. */
  byPages?: true;
  /** Nothing where all is well. */
  judge: (node: NodeObservation) => readonly Judged[];
}

/** Rules that are judged by the daemon's pages, all of them. */
export function byPages(rules: readonly Rule[]): readonly Rule[] {
  return rules.map((rule) => ({ ...rule, byPages: true }));
}

const SILENT: readonly Unjudged[] = [{ unknown: 'conntrackd does not tell' }];

/** What a rule says, under its code. */
export function apply(rule: Rule, node: NodeObservation): { findings: Finding[]; notChecked: NotChecked[] } {
  const { code, name, severity: usual } = rule;
  const findings: Finding[] = [];
  const notChecked: NotChecked[] = [];
  const verdicts = rule.byPages && node.daemonFailure ? SILENT : rule.judge(node);
  for (const judged of verdicts) {
    if ('unknown' in judged) {
      notChecked.push({ code, name, reason: judged.unknown });
      continue;
    }
    const { severity = usual, subject, ...found } = judged;
    findings.push({ code, name, severity, ...(subject === undefined ? {} : { subject }), ...found });
  }
  return { findings, notChecked };
}

/** A rule that can't be judged without what is absent. */
export function unjudged(node: NodeObservation, field: string): Unjudged[] {
  return [{ unknown: node.unread[field] ?? 'what it is judged by is not known' }];
}
