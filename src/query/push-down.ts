import type { Family } from '../model/flow.js';
import { allOf, conjuncts, type Filter } from './filter/ast.js';
import { simplify } from './filter/simplify.js';
import { PUSHES, type Pushed } from './pushes.js';
import { reasonToKeep } from './reason-to-keep.js';

/** A condition that is left to ctsync, and why, as a part of a sentence. */
export interface Kept {
  filter: Filter;
  because: string;
}

/** How the work is shared for the table of one family. */
export interface PushDown {
  family: Family;
  /** No flow of the family can match: there is nothing to ask for. */
  never: boolean;
  /** For `kernelTable()`, in the order that conntrack 1.4.7 needs; empty where all flows have to be read. */
  args: readonly string[];
  pushed: readonly Pushed[];
  kept: readonly Kept[];
  /**
   * What conntrack does not see to: `kept`, joined. The whole filter gives the same answer and is safer: what is pushed
   * never loses a flow that matches, but an old conntrack may print more than it was asked for (formats.md §1).
   */
  residual: Filter | undefined;
}

/**
 * Which conditions of a filter conntrack can see to without a change in the answer. Only those that have to match anyway
 * are looked at, and each argument is given once: of two values for one, 1.4.7 makes something else or nothing. What is
 * not among the {@link PUSHES} answers wrongly, or could not be tested on a live kernel.
 *
 * @param filter undefined where all flows are wanted
 */
export function pushDown(filter: Filter | undefined, family: Family): PushDown {
  const simple = filter === undefined || simplify(filter, family);
  if (typeof simple === 'boolean') {
    return { family, never: !simple, args: [], pushed: [], kept: [], residual: undefined };
  }
  const conditions = conjuncts(simple);
  const pushed = PUSHES.flatMap((push) => push(conditions) ?? []);
  const done = new Set(pushed.flatMap(({ filter }) => conjuncts(filter)));
  const kept = conditions.filter((condition) => !done.has(condition) || isHidden(condition)).map(reasonedFor(done));
  return {
    family,
    never: false,
    args: pushed.flatMap(({ args }) => args),
    pushed,
    kept,
    residual: kept.length === 0 ? undefined : allOf(kept.map(({ filter }) => filter)),
  };
}

/** An offloaded flow may be assured for the kernel, but conntrack does not say so (formats.md §2). */
function isHidden(condition: Filter): boolean {
  return condition.kind === 'status' && condition.status === 'assured';
}

function reasonedFor(done: ReadonlySet<Filter>): (filter: Filter) => Kept {
  return (filter) => ({
    filter,
    because: done.has(filter) ? 'conntrack does not show it of offloaded flows' : reasonToKeep(filter),
  });
}
