import { Failure } from '../../model/failure.js';
import type { KeepalivedStatement, KeepalivedWarning } from '../../model/keepalived-conf.js';
import type { Line } from './lines.js';
import { splitWords } from './words.js';

const DEEPEST_BLOCK = 64;

/** Builds the tree of statements from the lines of a configuration. A statement ends with its line, or at a brace. */
export class TreeBuilder {
  readonly statements: KeepalivedStatement[] = [];
  readonly warnings: KeepalivedWarning[] = [];
  readonly #open: KeepalivedStatement[] = [];
  /** The statement that a brace would open: the last one, as long as nothing but blank lines follows it. */
  #last: KeepalivedStatement | undefined;

  /** @throws Failure `CONFIG_INVALID` where blocks stand too deep in one another */
  add(line: Line): void {
    const { words, unterminated } = splitWords(line.text);
    if (unterminated) this.#warn(line, 'a quote has no end');
    let current: KeepalivedStatement | undefined;
    for (const { text, brace } of words) {
      if (brace) {
        if (text === '{') this.#openBlock(line);
        else this.#closeBlock(line);
        current = undefined;
      } else if (current === undefined) {
        current = this.#begin(line, text);
      } else {
        current.values.push(text);
      }
    }
  }

  /** Ends the configuration. */
  end(): void {
    for (const { keyword, file, line } of this.#open) {
      this.warnings.push({ file, line, message: `the block of ${keyword || '{'} is never closed` });
    }
  }

  #begin({ file, line }: Line, keyword: string): KeepalivedStatement {
    const statement: KeepalivedStatement = { keyword, values: [], file, line };
    (this.#open.at(-1)?.block ?? this.statements).push(statement);
    this.#last = statement;
    return statement;
  }

  #openBlock(line: Line): void {
    if (this.#open.length === DEEPEST_BLOCK) {
      throw new Failure(
        'CONFIG_INVALID',
        `More than ${DEEPEST_BLOCK} blocks are open in line ${line.line} of ${line.file}.`,
        {
          next: 'Look for a missing }.',
        },
      );
    }
    if (this.#last === undefined) this.#warn(line, 'a { stands where no block can begin');
    const statement = this.#last ?? this.#begin(line, '');
    statement.block = [];
    this.#open.push(statement);
    this.#last = undefined;
  }

  #closeBlock(line: Line): void {
    if (this.#open.pop() === undefined) this.#warn(line, 'a } closes no block');
    this.#last = undefined;
  }

  #warn({ file, line }: Line, message: string): void {
    this.warnings.push({ file, line, message });
  }
}
