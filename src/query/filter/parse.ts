import type { Filter } from './ast.js';
import { build } from './build.js';
import { check } from './check.js';
import { parse as parseExpression, SyntaxError } from './grammar.generated.js';
import { Mistake, reading } from './mistake.js';
import { syntaxMistake } from './syntax-mistake.js';

/** Nobody nests deeper by hand, and whatever walks a filter may call itself for each level. */
const DEEPEST = 100;

/**
 * A filter expression, `tcp and src net 10.0.0.0/8 and not state established`, as docs/filter.md describes the language.
 *
 * @throws Failure `USAGE` with the place of a mistake, what would be right there, and the nearest word
 */
export function parseFilter(text: string): Filter {
  return reading('--filter', () => {
    const filter = understood(text);
    check(filter);
    return filter;
  });
}

function understood(text: string): Filter {
  if (text.trim() === '')
    throw new Mistake('the expression is empty', 'Write a condition, such as "tcp and port 443".');
  try {
    const filter = parseExpression(text, { build });
    if (depth(filter) <= DEEPEST) return filter;
  } catch (error) {
    if (error instanceof SyntaxError) throw syntaxMistake(text, error);
    // The parser calls itself for each parenthesis, too.
    if (!(error instanceof RangeError)) throw error;
  }
  throw new Mistake('the expression is nested too deeply', `Use at most ${DEEPEST} levels of parentheses.`);
}

function depth(filter: Filter): number {
  switch (filter.kind) {
    case 'not':
      return 1 + depth(filter.filter);
    case 'and':
    case 'or':
      return 1 + filter.filters.reduce((deepest, inner) => Math.max(deepest, depth(inner)), 0);
    default:
      return 0;
  }
}
