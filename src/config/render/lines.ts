import { keywordOf } from '../schema/pass-through.js';

/** A statement of conntrackd.conf, with what it comes from. */
export interface ConfLine {
  text: string;
  /** One of our statements, or why it is there. */
  note: string;
}

/** `HEAD { … }`. */
export interface ConfBlock {
  head: string;
  lines: ConfNode[];
}

export type ConfNode = ConfLine | ConfBlock;

const INDENT = '    ';
/** Where the notes stand, as long as there is room before them. */
const NOTE_COLUMN = 40;

/** Blocks as they stand in the file, a statement on each line, with what it comes from behind it. */
export function textOf(nodes: readonly ConfNode[], indent = ''): string {
  return nodes
    .map((node) => {
      if ('text' in node) return `${`${indent}${node.text} `.padEnd(NOTE_COLUMN)}# ${node.note}\n`;
      return `${indent}${node.head} {\n${textOf(node.lines, indent + INDENT)}${indent}}\n`;
    })
    .join('');
}

/** A block, or nothing where it would be empty. */
export function blockUnlessEmpty(head: string, lines: ConfNode[]): ConfBlock[] {
  return lines.length === 0 ? [] : [{ head, lines }];
}

/** There may be several of these, and one does not take the place of another. */
const REPEATED = ['Multicast', 'UDP', 'TCP', 'Helper'];

/** Whether one of the passed statements takes the place of a line or block of ours. */
export function isReplaced(node: ConfNode, passed: readonly string[]): boolean {
  const keyword = keywordOf('text' in node ? node.text : node.head);
  return !REPEATED.includes(keyword) && passed.some((text) => keywordOf(text) === keyword);
}

/** The lines of a block with those that are passed through, which take the place of ours. */
export function withPassed(lines: readonly ConfNode[], passed: readonly string[] = [], words: string): ConfNode[] {
  const ours = lines.filter((line) => !isReplaced(line, passed));
  return [...ours, ...passed.map((text) => ({ text, note: words }))];
}
