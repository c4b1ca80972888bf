import type { Change, FactComparison } from '../../model/bundle-comparison.js';
import { Failure } from '../../model/failure.js';
import { rulesetLines } from '../../parsers/ruleset-text.js';
import { parseSettings } from '../../parsers/settings.js';
import { type Both, bothTexts, Facts } from './both.js';
import { differentLines, differentValues } from './differences.js';
import { conntrackdStatements, keepalivedStatements } from './statements.js';

const CONFIGURATIONS: readonly (readonly [name: string, statements: (text: string) => string[]])[] = [
  ['config/conntrackd.conf', conntrackdStatements],
  ['config/keepalived.conf', keepalivedStatements],
  ['config/keepalived-2.conf', keepalivedStatements],
];

const SETTINGS = ['kernel/sysctl.txt', 'kernel/module.txt', 'kernel/buffers.txt'] as const;
/** Figures among the settings: they move by themselves. */
const FIGURES: ReadonlySet<string> = new Set(['net.netfilter.nf_conntrack_count']);

/** The statements of conntrackd.conf and keepalived.conf. */
export async function comparedConfigurations(both: Both): Promise<FactComparison> {
  const facts = new Facts('configuration');
  if (both.incomparable !== undefined) facts.lack(both.incomparable);
  else {
    for (const [name, statements] of CONFIGURATIONS) {
      const texts = await bothTexts(name, both, facts, { encoding: 'utf8' });
      if (texts) facts.add(differentStatements(name, texts[0].text, texts[1].text, statements));
    }
    for (const name of filesBeside(both)) {
      const texts = await bothTexts(name, both, facts, { encoding: 'utf8' });
      if (texts) facts.add(differentStatements(name, texts[0].text, texts[1].text, plainLines));
    }
  }
  return facts.comparison;
}

/** What the configurations refer to, such as files that they include and scripts that they call. */
function filesBeside({ a, b }: Both): string[] {
  const names = [a, b].flatMap(({ node }) => node.items.map(({ name }) => name));
  return [...new Set(names)].filter((name) => name.startsWith('files/') && !name.startsWith('files/proc/')).sort();
}

/** The kernel's sysctls and the parameters of its module. */
export async function comparedSettings(both: Both): Promise<FactComparison> {
  const facts = new Facts('settings');
  for (const name of SETTINGS) {
    const texts = await bothTexts(name, both, facts, { partly: true });
    if (texts === undefined) continue;
    const [a, b] = texts.map(({ text }) => parseSettings(text)) as [Settings, Settings];
    if (a.unreadable + b.unreadable > 0) facts.lack(`${name} has lines that are no settings: they were not compared.`);
    const changes = differentValues(a.values, b.values).filter(({ of }) => !FIGURES.has(of));
    const isWhole = texts.every(({ whole }) => whole) && a.unreadable + b.unreadable === 0;
    // What is missing in one may be missing because the text is not whole.
    facts.add(
      isWhole ? changes : changes.filter(({ a: before, b: after }) => before !== undefined && after !== undefined),
    );
  }
  return facts.comparison;
}

/** The lines of the firewall's rules, without what moves in them by itself. */
export async function comparedFirewall(both: Both): Promise<FactComparison> {
  const facts = new Facts('firewall');
  if (both.incomparable !== undefined) facts.lack(both.incomparable);
  else {
    const texts = await bothTexts('firewall/nft.txt', both, facts, { encoding: 'utf8' });
    if (texts) facts.add(differentRules(rulesetLines(texts[0].text), rulesetLines(texts[1].text)));
  }
  return facts.comparison;
}

/** The same rules in another order are another firewall. */
function differentRules(a: readonly string[], b: readonly string[]): Change[] {
  const changes = differentLines('nft', a, b);
  const i = a.findIndex((line, at) => line !== b[at]);
  return changes.length > 0 || i === -1 ? changes : [{ of: 'nft, order of its lines', a: a[i]!, b: b[i]! }];
}

type Settings = ReturnType<typeof parseSettings>;

/** Where a file can't be understood, its lines are compared as they are. */
function differentStatements(name: string, a: string, b: string, statements: (text: string) => string[]): Change[] {
  if (a === b) return [];
  const of = name.replace('config/', '');
  const [first, second] = [understood(a, statements), understood(b, statements)];
  if (first === undefined || second === undefined) return differentLines(of, plainLines(a), plainLines(b));
  const changes = differentLines(of, first, second);
  if (changes.length > 0) return changes;
  const bytes = (text: string): string => `${Buffer.byteLength(text)} bytes`;
  return [{ of: `${of}, comments, spaces or order`, a: bytes(a), b: bytes(b) }];
}

function understood(text: string, statements: (text: string) => string[]): string[] | undefined {
  try {
    return statements(text);
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

function plainLines(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
