import { Failure } from '../../model/failure.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { Lexer } from '../../parsers/conntrackd-conf/lexer.js';
import type { ValueType } from './values.js';

/** The blocks of conntrackd.conf that may have statements without one of ours: what a block of that kind looks like around one. */
const AROUND = {
  file: (text: string) => text,
  filter: (text: string) => `General {\nFilter {\n${text}\n}\n}`,
  general: (text: string) => `General {\n${text}\n}`,
  mode: (text: string) => `Sync {\nMode FTFW {\n${text}\n}\n}`,
  multicast: (text: string) => `Sync {\nMulticast {\n${text}\n}\n}`,
  options: (text: string) => `Sync {\nOptions {\n${text}\n}\n}`,
  sync: (text: string) => `Sync {\n${text}\n}`,
  udp: (text: string) => `Sync {\nUDP {\n${text}\n}\n}`,
} as const;

/** A block that may have such statements. */
export type PassThroughSection = keyof typeof AROUND;

/**
 * A statement of conntrackd.conf on one line, which conntrackd's grammar has to know in one of these blocks: nothing else may
 * get into the file that the daemon is started with. Several stay in the order in which they were set: that of links counts.
 */
export function passThrough(takes: string, ...sections: PassThroughSection[]): ValueType {
  return {
    name: "'STATEMENT'",
    takes,
    read: (text) => (isOneLine(text) && sections.some((section) => isStatementOf(section, text)) ? text : undefined),
  };
}

/** The keyword of a statement of conntrackd.conf: a later one takes the place of an earlier one. */
export function keywordOf(text: string): string {
  return new Lexer(text).next().text;
}

function isOneLine(text: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(text) && !text.endsWith(' ') && !(text.includes("'") && text.includes('"'));
}

function isStatementOf(section: PassThroughSection, text: string): boolean {
  if (!isBalanced(text)) return false;
  try {
    parseConntrackdConf(`${AROUND[section](text)}\n`, section);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}

/** Whether no brace of it closes a block that it has not opened: what follows would stand elsewhere. */
function isBalanced(text: string): boolean {
  const lexer = new Lexer(`${text}\n`);
  let depth = 0;
  for (let token = lexer.next(); token.kind !== 'end'; token = lexer.next()) {
    if (token.kind === 'char' && token.text === '{') depth += 1;
    if (token.kind === 'char' && token.text === '}') depth -= 1;
    if (depth < 0) return false;
  }
  return depth === 0 && !lexer.hasRest;
}
