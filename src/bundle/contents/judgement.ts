import type { Evidence, Finding, Severity } from '../../model/health.js';
import type { NodeContents } from './node-contents.js';

/** What `findings.json` says of a node, as far as it is what it should be: whoever had the bundle may have altered it. */
export interface Judgement {
  verdict: string;
  findings: Finding[];
  /** How many findings were no such thing, and are left out. */
  left_out: number;
  /** Of each sync group that has a role, by its name. */
  roles: ReadonlyMap<string, string>;
  /** The last recorded transition: `MASTER at 2026-…`; absent where there is none. */
  transition?: string;
  /** The process of conntrackd; absent where it was not known. */
  pid?: number;
}

type Unknown = Readonly<Record<string, unknown>>;

/**
 * How a node was judged when it was collected; undefined where the document is not there or not what it should be.
 *
 * @throws Failure INTERRUPTED
 */
export async function judgementOf(contents: NodeContents): Promise<Judgement | undefined> {
  const found = await contents.text('findings.json', 'utf8');
  const { health, status } = recordOf(parsed(found?.text ?? ''));
  const { verdict, findings } = recordOf(health);
  if (typeof verdict !== 'string' || verdict === '' || !Array.isArray(findings)) return undefined;
  const { roles, last_transition: last, daemon } = recordOf(status);
  const transition = transitionOf(recordOf(last));
  const { pid } = recordOf(daemon);
  const whole = findings.filter(isFinding);
  return {
    verdict,
    findings: whole,
    left_out: findings.length - whole.length,
    roles: new Map(Array.isArray(roles) ? roles.flatMap(roleOf) : []),
    ...(transition === undefined ? {} : { transition }),
    ...(typeof pid === 'number' ? { pid } : {}),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function recordOf(value: unknown): Unknown {
  return typeof value === 'object' && value !== null ? (value as Unknown) : {};
}

function roleOf(value: unknown): [string, string][] {
  const { sync_group: group, role } = recordOf(value);
  return typeof group === 'string' && typeof role === 'string' ? [[group, role]] : [];
}

function transitionOf({ state, at, at_text: words }: Unknown): string | undefined {
  const time = [at, words].find((each) => typeof each === 'string');
  if (typeof state !== 'string') return undefined;
  return time === undefined ? state : `${state} at ${String(time)}`;
}

const SEVERITIES: readonly unknown[] = ['critical', 'warning', 'unknown', 'information'] satisfies Severity[];

function isFinding(value: unknown): value is Finding {
  const { code, name, severity, subject, message, evidence, next } = recordOf(value);
  return (
    [code, name, message, next].every(isText) &&
    SEVERITIES.includes(severity) &&
    (subject === undefined || isText(subject)) &&
    Array.isArray(evidence) &&
    evidence.every(isEvidence)
  );
}

function isEvidence(value: unknown): value is Evidence {
  const { what, value: read, before, from } = recordOf(value);
  return (
    [what, from].every(isText) &&
    (isText(read) || typeof read === 'boolean' || isCounter(read)) &&
    (before === undefined || isCounter(before))
  );
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isCounter(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0;
}

/** That findings were left out, as a sentence; undefined where none were. */
export function leftOut({ left_out: count }: Judgement, node: string): string | undefined {
  if (count === 0) return undefined;
  return `${node}/findings.json has ${count === 1 ? '1 finding that is' : `${count} findings that are`} not what findings should be: left out.`;
}
