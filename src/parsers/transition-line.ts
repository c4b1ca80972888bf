import type {
  CacheFlows,
  StepResult,
  Transition,
  TransitionCommit,
  TransitionState,
  TransitionStep,
  TransitionStepName,
} from '../model/transition.js';
import { instantOfRfc3339 } from './daemon-log/log-time.js';

const SCHEMA = 'ctsync/transition/1';
const STATES: ReadonlySet<unknown> = new Set<TransitionState>(['MASTER', 'BACKUP', 'FAULT', 'STOP']);
const RESULTS: ReadonlySet<unknown> = new Set<Transition['result']>(['done', 'failed', 'superseded', 'killed']);
const STEPS: ReadonlySet<unknown> = new Set<TransitionStepName>([
  ...([
    'probe',
    'start',
    'commit',
    'wait',
    'flush',
    'kernel_resync',
    'bulk_update',
    'purge',
    'resync_request',
  ] as const),
]);
const STEP_RESULTS: ReadonlySet<unknown> = new Set<StepResult>(['ok', 'failed', 'timeout', 'skipped', 'not_asked']);

/** More than any group and twenty steps need. */
const LONGEST_LINE = 64 * 1024;

/**
 * One line of the record that the failover hook writes (transitions.ndjson). Undefined where it is none: half a line, another
 * schema, or a field of another kind than the hook writes. A field that a newer hook may add is left out.
 */
export function parseTransitionLine(line: string): Transition | undefined {
  if (line.length > LONGEST_LINE) return undefined;
  try {
    const fields: unknown = JSON.parse(line);
    return isObject(fields) && fields['schema'] === SCHEMA ? transitionOf(fields) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof WrongField) return undefined;
    throw error;
  }
}

type Fields = Record<string, unknown>;

class WrongField extends Error {}

function transitionOf(fields: Fields): Transition {
  const { at, host, group, from, to, result, seconds, waited_seconds: waited, delayed, steps, commits } = fields;
  const before = fields['caches_before'];
  const after = fields['caches_after'];
  return {
    at: instantOfRfc3339(text(at)) ?? wrong(),
    host: text(host),
    group: text(group),
    ...(from === undefined ? {} : { from: oneOf<TransitionState>(STATES, from) }),
    to: oneOf<TransitionState>(STATES, to),
    result: oneOf<NonNullable<Transition['result']>>(RESULTS, result),
    ...(seconds === undefined ? {} : { seconds: duration(seconds) }),
    ...(waited === undefined ? {} : { waited_seconds: duration(waited) }),
    ...(delayed === true ? { delayed } : {}),
    steps: list(steps).map(stepOf),
    ...(before === undefined ? {} : { caches_before: cachesOf(before) }),
    ...(after === undefined ? {} : { caches_after: cachesOf(after) }),
    ...(commits === undefined ? {} : { commits: list(commits).map(commitOf) }),
  };
}

function stepOf(value: unknown): TransitionStep {
  const { step, request, result, seconds, reason } = isObject(value) ? value : wrong();
  return {
    step: oneOf<TransitionStepName>(STEPS, step),
    ...(request === undefined ? {} : { request: text(request) }),
    result: oneOf<StepResult>(STEP_RESULTS, result),
    seconds: duration(seconds),
    ...(reason === undefined ? {} : { reason: text(reason) }),
  };
}

function cachesOf(value: unknown): CacheFlows {
  const { internal, external } = isObject(value) ? value : wrong();
  return {
    ...(internal === undefined ? {} : { internal: count(internal) }),
    ...(external === undefined ? {} : { external: count(external) }),
  };
}

function commitOf(value: unknown): TransitionCommit {
  const { table, committed, failed, seconds } = isObject(value) ? value : wrong();
  return {
    table: oneOf<TransitionCommit['table']>(TABLES, table),
    committed: count(committed),
    failed: count(failed),
    seconds: duration(seconds),
  };
}

const TABLES: ReadonlySet<unknown> = new Set<TransitionCommit['table']>(['flows', 'expectations']);

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : wrong();
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : wrong();
}

function oneOf<T extends string>(known: ReadonlySet<unknown>, value: unknown): T {
  return known.has(value) ? (value as T) : wrong();
}

/** conntrackd counts flows with 32 bits. */
function count(value: unknown): number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 0xffff_ffff ? Number(value) : wrong();
}

function duration(value: unknown): number {
  return typeof value === 'number' && value >= 0 ? value : wrong();
}

function wrong(): never {
  throw new WrongField();
}
