import type { IncludedFile, KeepalivedConf, KeepalivedWarning, UnreadInclude } from '../../model/keepalived-conf.js';
import { Failure } from '../../model/failure.js';
import { Definitions } from './definitions.js';

/** What the parser has to be told, since it reads no files and knows no host. */
export interface KeepalivedSurroundings {
  /**
   * The files that the pattern of an `include` line names, in the order of the file system's glob; a relative pattern is
   * relative to the folder of `fromFile`; those that can't be read among them. Empty where there are none.
   */
  readIncluded?: (pattern: string, fromFile: string) => (IncludedFile | UnreadInclude)[];
  /**
   * keepalived's configuration id: the first part of the host's name, unless keepalived runs with `-i`. Without it, lines
   * that begin with `@` are left out.
   */
  configId?: string;
}

/** A line that is left when comments, conditions, definitions and includes are done. */
export interface Line {
  text: string;
  file: string;
  line: number;
}

// keepalived itself ends in an endless loop where files include one another.
const DEEPEST_INCLUDE = 32;
const MOST_LINES = 1_000_000;

const QUOTE_OR_COMMENT = /["#!]/g;
const QUOTE_OR_ESCAPE = /["\\]/g;
const INCLUDE = /^include[rmwba]?\s+(.*)$/s;
const CONDITION = /^@(\^?)(\S*)\s*(.*)$/s;
const EXPANSION = /^~(?:SEQx?|LST)\s*\(/;

/** Goes through a configuration and the files that it includes, line by line, as keepalived does. */
export class LineReader {
  readonly warnings: KeepalivedWarning[] = [];
  readonly unread: KeepalivedConf['unread'] = [];
  readonly #surroundings: KeepalivedSurroundings;
  readonly #definitions: Definitions;
  #count = 0;

  constructor(surroundings: KeepalivedSurroundings) {
    this.#surroundings = surroundings;
    this.#definitions = new Definitions(surroundings.configId);
  }

  *read(text: string, file: string, including: readonly string[] = []): Generator<Line> {
    const waiting = text.split(/\r?\n/).map((each, index) => ({ text: stripComment(each), file, line: index + 1 }));
    waiting.reverse();
    for (let line = waiting.pop(); line !== undefined; line = waiting.pop()) {
      this.#countLine(line);
      const kept = this.#keptBy(line, line.text.trim());
      if (kept === undefined || kept === '') continue;
      const definition = this.#definitions.define(kept, () => waiting.pop()?.text);
      if (definition) continue;
      const expanded = this.#definitions.expand(kept, file);
      if (expanded !== undefined) {
        for (const each of expanded.split('\n').toReversed()) waiting.push({ ...line, text: each });
        continue;
      }
      const pattern = INCLUDE.exec(kept)?.[1];
      if (pattern !== undefined) yield* this.#include(pattern, line, [...including, file]);
      else if (EXPANSION.test(kept)) this.#warn(line, '~SEQ and ~LST are not expanded: the line is left out');
      else yield { ...line, text: kept };
    }
  }

  /** What a line says here: nothing where it is for another host. */
  #keptBy(line: Line, text: string): string | undefined {
    const [, not, id, rest] = CONDITION.exec(text) ?? [];
    if (rest === undefined) return text;
    if (this.#surroundings.configId === undefined) {
      this.#warn(line, `whether @${not}${id} holds depends on the host: the line is left out`);
      return undefined;
    }
    return (id === this.#surroundings.configId) === (not === '') ? this.#keptBy(line, rest) : undefined;
  }

  *#include(pattern: string, line: Line, including: readonly string[]): Generator<Line> {
    const files = this.#surroundings.readIncluded?.(pattern, line.file) ?? [];
    if (files.length === 0) this.#warn(line, `no file to include: ${pattern}`);
    for (const found of files) {
      const { file } = found;
      if ('why' in found) this.#leaveOut(found, line);
      else if (including.includes(file)) this.#warn(line, `${file} includes itself: it is left out here`);
      else if (including.length > DEEPEST_INCLUDE) this.#warn(line, `${file} is included too deep: it is left out`);
      else yield* this.read(found.text, file, including);
    }
  }

  #leaveOut(found: UnreadInclude, line: Line): void {
    const { file, reason, why } = found;
    if (why === 'skipped') this.#warn(line, `${file} ${reason}: keepalived leaves it out, too`);
    if (why === 'not captured') this.#warn(line, `${file} ${reason}: what it says is missing here`);
    if (why !== 'skipped') this.unread.push({ ...found, from: line.file, line: line.line });
  }

  #warn({ file, line }: Line, message: string): void {
    this.warnings.push({ file, line, message });
  }

  #countLine({ file, line }: Line): void {
    this.#count += 1;
    if (this.#count <= MOST_LINES) return;
    throw new Failure(
      'CONFIG_INVALID',
      `The keepalived configuration has more than ${MOST_LINES} lines at line ${line} of ${file}.`,
      {
        next: 'Look for files that are included many times.',
      },
    );
  }
}

/** A comment begins with # or ! anywhere but between double quotes. */
function stripComment(text: string): string {
  let at = find(QUOTE_OR_COMMENT, text, 0);
  while (text[at] === '"') at = find(QUOTE_OR_COMMENT, text, endOfQuote(text, at + 1));
  return text.slice(0, at);
}

/** Where the text goes on behind the quote that has begun before `from`. */
function endOfQuote(text: string, from: number): number {
  let at = find(QUOTE_OR_ESCAPE, text, from);
  while (text[at] === '\\') at = find(QUOTE_OR_ESCAPE, text, at + 2);
  return at + 1;
}

function find(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}
