import { Failure } from '../../model/failure.js';
import { LINK, LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import type { Value } from '../schema/values.js';
import { quoted } from './words.js';

/** The words that every statement begins with, as VyOS has them. */
export const SERVICE = ['service', 'conntrack-sync'] as const;

/** The option that words begin with, and what stands behind it; undefined where there is none. */
export function findOption<O extends Option>(
  options: readonly O[],
  words: readonly string[],
): { option: O; rest: readonly string[] } | undefined {
  const option = options.find((each) => each.words.every((word, index) => words[index] === word));
  return option && { option, rest: words.slice(option.words.length) };
}

/**
 * The value that a text is for an option.
 *
 * @throws Failure USAGE
 */
export function readValue({ words, value }: Option, text: string): Value {
  const read = value?.read(text);
  if (read !== undefined) return read;
  const next = value === undefined ? `Leave ${quoted(text)} out.` : 'Add --help to see all statements.';
  throw new Failure('USAGE', `${quoted(text)} is no ${words.join(' ')}: it takes ${value?.takes ?? 'no value'}.`, {
    next,
  });
}

/** The failure of words that no statement has. */
export function unknownStatement(words: readonly string[], behind?: string): Failure {
  const link = behind !== undefined;
  const where = link ? `${SERVICE.join(' ')} interface ${behind}` : SERVICE.join(' ');
  const known = [...new Set((link ? LINK_OPTIONS : [...OPTIONS, LINK]).map((option) => option.words[0]))];
  return new Failure('USAGE', `There is no statement ${quoted(words.join(' '))} of ${where}.`, {
    next: `These there are: ${known.sort().join(', ')}.`,
  });
}
