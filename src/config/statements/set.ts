import { Failure } from '../../model/failure.js';
import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { LINK, LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import { valuesOf, withValues } from './fields.js';
import { findOption, readValue, SERVICE, unknownStatement } from './find.js';

/**
 * The configuration with one more statement. What can have one value only has the new one then.
 *
 * @param words behind `service conntrack-sync`, without quotes
 * @throws Failure USAGE where there is no such statement, or it takes no such value
 */
export function withStatement(configuration: SyncConfiguration, words: readonly string[]): SyncConfiguration {
  const [first, name, ...behind] = words;
  if (first === LINK.words[0]) return withLink(configuration, name, behind);
  return withOption(configuration, OPTIONS, words, () => unknownStatement(words));
}

function withLink(configuration: SyncConfiguration, name: string | undefined, words: readonly string[]) {
  if (name === undefined) throw lacksValue(LINK);
  const read = String(readValue(LINK, name));
  const links = configuration.interface ?? [];
  const link: LinkStatements = links.find((each) => each.name === read) ?? { name: read };
  const changed =
    words.length === 0 ? link : withOption(link, LINK_OPTIONS, words, () => unknownStatement(words, read));
  const others = links.map((each) => (each.name === read ? changed : each));
  return { ...configuration, interface: links.includes(link) ? others : [...others, changed] };
}

function withOption<F extends object>(
  fields: F,
  options: readonly Option[],
  words: readonly string[],
  unknown: () => Failure,
): F {
  const found = findOption(options, words);
  if (found === undefined) throw unknown();
  const { option, rest } = found;
  const [value, ...more] = rest;
  if (option.value === undefined) {
    if (value !== undefined) throw readValueOfFlag(option, rest);
    return withValues(fields, option, [true]);
  }
  if (value === undefined) throw lacksValue(option);
  if (more.length > 0) throw tooMuch(option, more);
  if (!option.many) return withValues(fields, option, [readValue(option, value)]);
  const read = listed(option, value).map((each) => readValue(option, each));
  return withValues(fields, option, [...valuesOf(fields, option), ...read]);
}

/** Several words at once, with commas between them, as older documentation of VyOS has its protocols. */
function listed({ value }: Option, text: string): string[] {
  return value?.words === undefined ? [text] : text.split(',');
}

function readValueOfFlag({ words }: Option, rest: readonly string[]): Failure {
  return new Failure('USAGE', `${words.join(' ')} takes no value, and "${rest.join(' ')}" stands behind it.`, {
    next: 'Leave it out; "ctsync delete" takes the statement back.',
  });
}

function lacksValue({ words, value }: Option): Failure {
  return new Failure('USAGE', `${words.join(' ')} lacks its value: it takes ${value?.takes ?? 'none'}.`, {
    next: `Give it: "ctsync set ${SERVICE.join(' ')} ${words.join(' ')} ${value?.name ?? ''}".`,
  });
}

function tooMuch({ words }: Option, more: readonly string[]): Failure {
  return new Failure('USAGE', `${words.join(' ')} takes one value, and "${more.join(' ')}" stands behind it.`, {
    next: 'Put each statement on a line of its own, and a value with blanks into quotes.',
  });
}
