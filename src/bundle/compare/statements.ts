import type { KeepalivedStatement } from '../../model/keepalived-conf.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { parseKeepalivedConf } from '../../parsers/keepalived-conf.js';

/**
 * The statements of a conntrackd.conf, a line each: `sync.mode ftfw`. What stands there several times, such as a link, is one
 * line with all that it has.
 *
 * @throws Failure CONFIG_INVALID
 */
export function conntrackdStatements(text: string): string[] {
  const { warnings: _, ...conf } = parseConntrackdConf(text, 'conntrackd.conf');
  return statementsOf(conf, '');
}

/** Lines that say nothing by themselves: what they name is another file, or holds on one host only. */
const OF_ELSEWHERE = /^\s*(?:include[rmwba]?\s|@)/;

/**
 * The statements of a keepalived.conf, each behind the blocks that it stands in: `vrrp_instance A, priority 100`. Behind them
 * its lines that include a file, or are for one host, as they are written.
 *
 * @throws Failure CONFIG_INVALID
 */
export function keepalivedStatements(text: string): string[] {
  const { statements } = parseKeepalivedConf(text, 'keepalived.conf');
  const ofElsewhere = text.split('\n').filter((line) => OF_ELSEWHERE.test(line));
  return [
    ...statements.flatMap((statement) => inBlocks(statement, '')),
    ...ofElsewhere.map((line) => line.trim().replace(/\s+/g, ' ')),
  ];
}

function inBlocks({ keyword, values, block }: KeepalivedStatement, outside: string): string[] {
  const words = outside + [keyword, ...values].filter((word) => word !== '').join(' ');
  return [words, ...(block ?? []).flatMap((inner) => inBlocks(inner, `${words}, `))];
}

function statementsOf(value: unknown, path: string): string[] {
  if (Array.isArray(value)) return value.map((each: unknown) => `${path} ${inOneLine(each)}`);
  if (typeof value !== 'object' || value === null) return [`${path} ${String(value)}`];
  return Object.entries(value).flatMap(([key, inner]) => statementsOf(inner, path === '' ? key : `${path}.${key}`));
}

function inOneLine(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => (typeof inner === 'object' ? `${key}=${JSON.stringify(inner)}` : `${key}=${String(inner)}`))
    .join(' ');
}
