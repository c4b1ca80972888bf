import type { Evidence, Finding, Health, NotChecked } from '../model/health.js';

/** A line of a page, whose value may go on in lines of its own. */
export type HealthLine = readonly [name: string, value: readonly string[]];

/** The verdict on a node: one line, or with every finding and what was not checked. */
export function healthLines(health: Health, verbose: boolean): HealthLine[] {
  const { findings, not_checked: unchecked } = health;
  if (!verbose) return [['verdict', [verdictInShort(health)]]];
  return [
    ['verdict', [verdictInFull(health)]],
    ...findings.map((finding): HealthLine => [finding.severity, findingLines(finding)]),
    ...byReason(unchecked).map((line): HealthLine => ['not checked', [line]]),
  ];
}

/** `OK`, or the worst finding and how many more there are. */
function verdictInShort({ verdict, findings, not_checked: unchecked }: Health): string {
  const bad = findings.filter(({ severity }) => severity !== 'information');
  const [worst, ...others] = bad;
  if (worst === undefined) {
    const rules = unchecked.length === 0 ? '' : ` [${counted(unchecked.length, 'rule')} not checked: --verbose]`;
    return `${verdict.toUpperCase()}${rules}`;
  }
  const more = others.length === 0 ? '--verbose has the evidence' : `and ${others.length} more: --verbose`;
  return `${verdict.toUpperCase()}: ${worst.message} [${worst.code}, ${more}]`;
}

function verdictInFull({ verdict, findings, sampled_seconds: seconds }: Health): string {
  const sampled = seconds === undefined ? 'one sample' : `two samples, ${seconds.toFixed(1)} s apart`;
  return `${verdict.toUpperCase()} [${counted(findings.length, 'finding')}; ${sampled}]`;
}

function findingLines({ code, name, message, evidence, next }: Finding): string[] {
  return [`${code} ${name}: ${message}`, ...evidence.map(evidenceLine), `Next: ${next}`];
}

function evidenceLine({ what, value, before, from }: Evidence): string {
  const was = before === undefined ? '' : `, before ${before}`;
  return `${what}: ${value}${was} [${from}]`;
}

/** Rules that could not be judged for the same reason share a line. */
function byReason(unchecked: readonly NotChecked[]): string[] {
  const reasons = new Set(unchecked.map(({ reason }) => reason));
  return [...reasons].map((reason) => {
    const rules = unchecked.filter((rule) => rule.reason === reason);
    return `${rules.map(({ code, name }) => `${code} ${name}`).join(', ')} [${reason}]`;
  });
}

function counted(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`;
}
