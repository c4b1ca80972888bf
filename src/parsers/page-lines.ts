/**
 * A line and its end. The title of a link's block is one line even where it holds line ends: it ends at its colon, at
 * most 60 characters behind `device=` (the name has 15, `) server=disconnected client=disconnected` 40).
 */
const LINE = /(?=[^])(?:(?:multicast|UDP|TCP) traffic (?:\(active )?device=[^]{0,60}?:[^\S\n]*|[^\n]*)(?:\n|$)/g;

/**
 * The lines of a conntrackd page without their line ends. The bytes that the daemon prints instead of the name of a
 * deleted interface may be line ends, too (formats.md §14).
 */
export function linesOfPage(text: string): string[] {
  return Array.from(text.matchAll(LINE), ([line]) => (line.endsWith('\n') ? line.slice(0, -1) : line));
}

/** True if nothing is printed in the line; such a line ends a block. */
export function isBlank(line: string): boolean {
  return line.trim() === '';
}
