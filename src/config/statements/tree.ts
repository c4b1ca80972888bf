import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import { valuesOf } from './fields.js';
import { SERVICE } from './find.js';
import { quoted } from './words.js';

const INDENT = '    ';

/** The statements as a tree, as VyOS shows a configuration; empty where none is set. */
export function treeOf(configuration: SyncConfiguration): string {
  const blocks = [
    ...OPTIONS.map((option) => [option.words.join(' '), ofOption(configuration, option)] as const),
    ['interface', (configuration.interface ?? []).flatMap(ofLink)] as const,
  ];
  const lines = blocks.sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, block]) => block);
  if (lines.length === 0) return '';
  return nested([...SERVICE], lines)
    .map((line) => `${line}\n`)
    .join('');
}

function ofLink(link: LinkStatements): string[] {
  const lines = LINK_OPTIONS.flatMap((option) => ofOption(link, option));
  return lines.length > 0 ? nested([`interface ${link.name}`], lines) : [`interface ${link.name} { }`];
}

function ofOption(fields: object, option: Option): string[] {
  const values = valuesOf(fields, option);
  if (values.length === 0) return [];
  const last = option.words.at(-1) ?? '';
  const lines = values.map((value) => (value === true ? last : `${last} ${bareIfPlain(String(value))}`));
  return nested(option.words.slice(0, -1), lines);
}

function nested(heads: readonly string[], lines: readonly string[]): string[] {
  return heads.reduceRight((inner, head) => [`${head} {`, ...inner.map((line) => INDENT + line), '}'], [...lines]);
}

function bareIfPlain(value: string): string {
  return value.includes(' ') ? quoted(value) : value;
}
