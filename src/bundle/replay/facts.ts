import type { HostFacts, HostQuestion } from '../../model/host-facts.js';

/** Answers of a host that are read from a bundle. Whoever had it may have altered them: what has another shape is none. */
export class Facts {
  private readonly answers = new Map<string, { answer?: unknown }>();
  readonly isRoot: boolean;
  readonly user: string;

  /** @param text that of the document; undefined where there is none */
  constructor(text: string | undefined) {
    const { is_root: isRoot, user, facts } = documentIn(text);
    this.isRoot = isRoot !== false;
    this.user = typeof user === 'string' ? user : 'root';
    for (const fact of Array.isArray(facts) ? facts : []) {
      if (isObject(fact) && isTexts(fact['of'])) this.answers.set(keyOf(fact['question'], fact['of']), fact);
    }
  }

  /** Whether it was asked at all, whatever it answered. */
  has(question: HostQuestion, ...of: string[]): boolean {
    return this.answers.has(keyOf(question, of));
  }

  text(question: HostQuestion, ...of: string[]): string | undefined {
    const answer = this.answer(question, of);
    return typeof answer === 'string' ? answer : undefined;
  }

  texts(question: HostQuestion, ...of: string[]): string[] | undefined {
    const answer = this.answer(question, of);
    return isTexts(answer) ? answer : undefined;
  }

  yesOrNo(question: HostQuestion, ...of: string[]): boolean | undefined {
    const answer = this.answer(question, of);
    return typeof answer === 'boolean' ? answer : undefined;
  }

  object(question: HostQuestion, ...of: string[]): Record<string, unknown> | undefined {
    const answer = this.answer(question, of);
    return isObject(answer) ? answer : undefined;
  }

  objects(question: HostQuestion, ...of: string[]): Record<string, unknown>[] | undefined {
    const answer = this.answer(question, of);
    return Array.isArray(answer) ? answer.filter(isObject) : undefined;
  }

  private answer(question: HostQuestion, of: readonly string[]): unknown {
    return this.answers.get(keyOf(question, of))?.answer;
  }
}

function documentIn(text: string | undefined): Partial<Record<keyof HostFacts, unknown>> {
  try {
    const document: unknown = JSON.parse(text ?? '{}');
    return isObject(document) ? document : {};
  } catch {
    return {};
  }
}

function keyOf(question: unknown, of: readonly string[]): string {
  return JSON.stringify([question, ...of]);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
