import type { FactComparison } from '../../model/bundle-comparison.js';
import type { Finding } from '../../model/health.js';
import type { Judgement } from '../contents/judgement.js';
import { Facts } from './both.js';
import { differentValues } from './differences.js';

const LACKING = 'findings.json can not be used in one of the bundles: what the nodes were judged by was not compared.';

/** The verdict on the node, the role that it had in each sync group, and its last transition. */
export function comparedStates(a: Judgement | undefined, b: Judgement | undefined): FactComparison {
  const facts = new Facts('state');
  if (a && b) facts.add(differentValues(stateOf(a), stateOf(b)));
  else facts.lack(LACKING);
  return facts.comparison;
}

/** The findings that came or went, by their code and what they are about: figures in their sentences move by themselves. */
export function comparedFindings(a: Judgement | undefined, b: Judgement | undefined): FactComparison {
  const facts = new Facts('findings');
  if (a && b) {
    for (const [bundle, { left_out: count }] of [
      ['A', a],
      ['B', b],
    ] as const) {
      if (count > 0) facts.lack(`findings.json in ${bundle} has what is no finding: it was not compared.`);
    }
    const [first, second] = [findingsOf(a), findingsOf(b)];
    facts.add(differentValues(first, second).filter(({ of }) => first.has(of) !== second.has(of)));
  } else facts.lack(LACKING);
  return facts.comparison;
}

function stateOf({ verdict, roles, transition }: Judgement): ReadonlyMap<string, string> {
  const state = new Map([['verdict', verdict.toUpperCase()]]);
  for (const [group, role] of roles) state.set(`role in ${group}`, role);
  if (transition !== undefined) state.set('last transition', transition);
  return state;
}

function findingsOf({ findings }: Judgement): ReadonlyMap<string, string> {
  return new Map(findings.map((finding) => [nameOf(finding), `${finding.severity}: ${finding.message}`]));
}

function nameOf({ code, subject }: Finding): string {
  return typeof subject === 'string' ? `${code} ${subject}` : code;
}
