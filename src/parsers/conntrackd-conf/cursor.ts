import type { ConfWarning } from '../../model/conntrackd-conf.js';
import { Lexer } from './lexer.js';
import type { Token, TokenKind } from './lexer.js';

/** The place at which conntrackd stops with an error, and why. */
export class Mistake extends Error {
  override readonly name = 'Mistake';

  constructor(
    /** The symbol as written; empty at the end of the file. */
    readonly symbol: string,
    readonly line: number,
    /** Half a sentence. */
    readonly reason: string,
  ) {
    super(reason);
  }
}

/** What a statement does with its value. */
export type Statements<Target> = Record<string, (cursor: Cursor, target: Target, keyword: Token) => void>;

/** Reads the tokens of one configuration in order and keeps the warnings. */
export class Cursor {
  readonly warnings: ConfWarning[] = [];
  readonly #lexer: Lexer;
  #ahead: Token | undefined;

  constructor(text: string) {
    this.#lexer = new Lexer(text);
  }

  peek(): Token {
    return (this.#ahead ??= this.#lexer.next());
  }

  next(): Token {
    const token = this.peek();
    this.#ahead = undefined;
    return token;
  }

  /** Whether the file goes on after the byte at which conntrackd stops reading it. */
  get hasRest(): boolean {
    return this.#lexer.hasRest;
  }

  warn(line: number, message: string): void {
    this.warnings.push({ line, message });
  }

  warnAboutFile(message: string): void {
    this.warnings.push({ message });
  }

  /** The next token if it is of that kind; `wanted` says in words what has to stand here. */
  expect(kind: TokenKind, wanted: string): Token {
    const token = this.next();
    if (token.kind !== kind) throw unexpected(token, `${wanted} has to stand here`);
    return token;
  }

  /** The next token if it is one of these keywords or braces. */
  expectOne<Word extends string>(words: readonly Word[]): Word {
    const token = this.next();
    const word = words.find((each) => isSymbol(token, each));
    if (word === undefined) throw unexpected(token, `${words.join(' or ')} has to stand here`);
    return word;
  }

  /** Takes the keyword or brace if it comes next. */
  takes(word: string): boolean {
    if (!isSymbol(this.peek(), word)) return false;
    this.next();
    return true;
  }

  /** `{ statement… }`. */
  block<Target>(name: string, target: Target, statements: Statements<Target>): void {
    this.expectOne(['{']);
    this.statements(name, target, statements);
  }

  /** The statements of a block whose brace is already open, and its closing brace. */
  statements<Target>(name: string, target: Target, statements: Statements<Target>): void {
    while (!this.takes('}')) this.#statement(name, target, statements);
  }

  /** The statements of the whole file; returns the token that ends it. */
  sections<Target>(target: Target, statements: Statements<Target>): Token {
    while (this.peek().kind !== 'end') this.#statement('a configuration', target, statements);
    return this.next();
  }

  #statement<Target>(name: string, target: Target, statements: Statements<Target>): void {
    const token = this.next();
    const read = token.kind === 'keyword' && Object.hasOwn(statements, token.text) && statements[token.text];
    if (!read) throw unexpected(token, unknownIn(name, token));
    read(this, target, token);
  }
}

function isSymbol(token: Token, word: string): boolean {
  return (token.kind === 'keyword' || token.kind === 'char') && token.text === word;
}

function unknownIn(name: string, token: Token): string {
  if (token.kind === 'word') return `conntrackd 1.4.7 does not know it in ${name}`;
  return `it does not belong in ${name}`;
}

/** The mistake of a token that can't stand where it stands. */
export function unexpected(token: Token, reason: string): Mistake {
  const why = token.kind === 'end' && token.text === '' ? 'the file ends too early, a } is missing' : reason;
  return new Mistake(token.text, token.line, why);
}
