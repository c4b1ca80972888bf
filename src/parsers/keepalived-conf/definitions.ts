import { Failure } from '../../model/failure.js';

const DEFINITION = /^\$([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s;
const REFERENCE = /\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*)(?=\s|$))/g;
// Characters that are read again because a parameter was replaced in them.
const MOST_WORK = 20_000_000;
const FIXED_WORK = 100;

/** The parameters of a configuration, `$NAME=VALUE`, and those that keepalived defines by itself. */
export class Definitions {
  readonly #values = new Map<string, string>();
  #work = 0;

  constructor(configId: string | undefined) {
    this.#values.set('_HASH', '#').set('_BANG', '!');
    if (configId !== undefined) this.#values.set('_INSTANCE', configId);
  }

  /** Whether the line is a definition; it goes on in the next line, which `next` gives, where it ends with `\`. */
  define(text: string, next: () => string | undefined): boolean {
    const [, name, first] = DEFINITION.exec(text) ?? [];
    if (name === undefined || first === undefined) return false;
    const lines: string[] = [];
    let line: string | undefined = first.trim();
    for (; line?.endsWith('\\'); line = nextWithText(next)) lines.push(line.slice(0, -1));
    const value = [...lines, line ?? ''].filter((each) => each.trim() !== '');
    this.#values.set(name, value.join('\n'));
    return true;
  }

  /**
   * The text with its parameters replaced, or undefined where it has none. A value of many lines is put in as it is: each
   * of its lines is a line of its own, to be expanded when its turn comes.
   *
   * @throws Failure `CONFIG_INVALID` where parameters contain one another without end
   */
  expand(text: string, file: string): string | undefined {
    this.#values.set('_PWD', folderOf(file));
    let expanded = text;
    let from = 0;
    for (;;) {
      const reference = this.#nextReference(expanded, from);
      if (reference === undefined) return expanded === text ? undefined : expanded;
      const { start, end, value } = reference;
      expanded = expanded.slice(0, start) + value + expanded.slice(end);
      this.#countWork(expanded.length + FIXED_WORK, file);
      if (value.includes('\n')) return expanded;
      from = start;
    }
  }

  #nextReference(text: string, from: number): { start: number; end: number; value: string } | undefined {
    REFERENCE.lastIndex = from;
    for (let match = REFERENCE.exec(text); match !== null; match = REFERENCE.exec(text)) {
      const value = this.#values.get(match[1] ?? (match[2] as string));
      if (value !== undefined) return { start: match.index, end: REFERENCE.lastIndex, value };
    }
    return undefined;
  }

  #countWork(work: number, file: string): void {
    this.#work += work;
    if (this.#work <= MOST_WORK) return;
    throw new Failure('CONFIG_INVALID', `The parameters of ${file} contain one another without end.`, {
      next: 'Look at the lines that begin with $.',
    });
  }
}

/** The next line that is not blank, without the blanks around it. */
function nextWithText(next: () => string | undefined): string | undefined {
  let line = next()?.trim();
  while (line === '') line = next()?.trim();
  return line;
}

function folderOf(file: string): string {
  const slash = file.lastIndexOf('/');
  return slash < 0 ? '.' : file.slice(0, slash) || '/';
}
