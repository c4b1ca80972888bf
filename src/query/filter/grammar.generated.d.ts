import type { Filter } from './ast.js';
import type { build } from './build.js';

/** One thing that the grammar would have taken at the place of a {@link SyntaxError}. */
interface Expectation {
  type: 'literal' | 'class' | 'any' | 'end' | 'other' | 'not';
  /** The name of a rule, as in `host`. */
  description?: string;
  /** The characters of a literal, as in `)`. */
  text?: string;
}

/** Where the text can't be read on. */
export declare class SyntaxError extends globalThis.SyntaxError {
  expected: Expectation[] | null;
  location: { start: { offset: number } };
}

/** @throws SyntaxError, and whatever `build` throws */
export declare function parse(text: string, options: { build: typeof build }): Filter;
