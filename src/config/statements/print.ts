import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import { valuesOf } from './fields.js';
import { SERVICE } from './find.js';
import { quoted } from './words.js';

/** The words of every statement behind `service conntrack-sync`, as VyOS shows them: in a fixed order, values in quotes. */
export function statementsOf(configuration: SyncConfiguration): string[] {
  const own = OPTIONS.map((option) => [option.words.join(' '), ofOption(configuration, option)] as const);
  const links = ['interface', (configuration.interface ?? []).flatMap(ofLink)] as const;
  return [...own, links].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, statements]) => statements);
}

/** As {@link statementsOf}, as lines to be typed. */
export function commandsOf(configuration: SyncConfiguration): string[] {
  return statementsOf(configuration).map((statement) => asCommand('set', statement));
}

/** A statement as a line to be typed, without the name of the program. */
export function asCommand(verb: 'set' | 'delete', statement: string): string {
  return [verb, ...SERVICE, ...(statement === '' ? [] : [statement])].join(' ');
}

/** The statements of a link, or its name where it has none. */
export function ofLink(link: LinkStatements): string[] {
  const statements = LINK_OPTIONS.flatMap((option) => ofOption(link, option));
  return statements.length > 0
    ? statements.map((statement) => `interface ${link.name} ${statement}`)
    : [`interface ${link.name}`];
}

/** The statements of an option, one for each of its values. */
export function ofOption(fields: object, option: Pick<Option, 'key' | 'words'>): string[] {
  const words = option.words.join(' ');
  return valuesOf(fields, option).map((value) => (value === true ? words : `${words} ${quoted(String(value))}`));
}
