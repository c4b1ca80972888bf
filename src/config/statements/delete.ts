import { Failure } from '../../model/failure.js';
import type { SyncConfiguration } from '../../model/sync-configuration.js';
import { LINK, LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import { valuesOf, withValues } from './fields.js';
import { findOption, readValue, SERVICE, unknownStatement } from './find.js';

/**
 * The configuration without a statement, or without all statements that begin with these words: `interface eth0` takes its
 * port and its peer along, and no words at all everything.
 *
 * @param words behind `service conntrack-sync`, without quotes
 * @throws Failure USAGE where there is no such statement, NOT_CONFIGURED where none of them is set
 */
export function withoutStatement(configuration: SyncConfiguration, words: readonly string[]): SyncConfiguration {
  const [first, name, ...behind] = words;
  const rest =
    first === LINK.words[0] && name !== undefined
      ? withoutLink(configuration, name, behind)
      : withoutOptions(configuration, words);
  if (rest === undefined) {
    throw new Failure('NOT_CONFIGURED', `Nothing to delete: ${[...SERVICE, ...words].join(' ')} is not set.`, {
      next: 'See what is set: "ctsync show configuration --candidate --commands".',
    });
  }
  return rest;
}

function withoutOptions(configuration: SyncConfiguration, words: readonly string[]): SyncConfiguration | undefined {
  const all = [...OPTIONS, LINK];
  const under = all.filter((option) => words.every((word, index) => option.words[index] === word));
  if (under.length > 0) return withoutAll(configuration, under);
  return withoutValue(configuration, OPTIONS, words, () => unknownStatement(words));
}

function withoutLink(
  configuration: SyncConfiguration,
  name: string,
  words: readonly string[],
): SyncConfiguration | undefined {
  const links = configuration.interface ?? [];
  const link = links.find((each) => each.name === name);
  if (link === undefined) {
    readValue(LINK, name);
    return undefined;
  }
  const unknown = () => unknownStatement(words, name);
  const left = words.length === 0 ? [] : withoutWords(link, words, unknown);
  if (left === undefined) return undefined;
  const others = links.flatMap((each) => (each === link ? left : each));
  return withValues(configuration, LINK, others as never[]);
}

function withoutWords<F extends object>(link: F, words: readonly string[], unknown: () => Failure): F | undefined {
  const whole = LINK_OPTIONS.filter((option) => option.words.join(' ') === words.join(' '));
  return whole.length > 0 ? withoutAll(link, whole) : withoutValue(link, LINK_OPTIONS, words, unknown);
}

function withoutAll<F extends object>(fields: F, options: readonly Option[]): F | undefined {
  const set = options.filter((option) => valuesOf(fields, option).length > 0);
  if (set.length === 0) return undefined;
  return set.reduce((left, option) => withValues(left, option, []), fields);
}

function withoutValue<F extends object>(
  fields: F,
  options: readonly Option[],
  words: readonly string[],
  unknown: () => Failure,
): F | undefined {
  const found = findOption(options, words);
  if (found === undefined || found.rest.length !== 1) throw unknown();
  const { option, rest } = found;
  const value = readValue(option, rest[0] ?? '');
  const values = valuesOf(fields, option);
  return values.includes(value)
    ? withValues(
        fields,
        option,
        values.filter((each) => each !== value),
      )
    : undefined;
}
