/**
 * What stands in a ruleset that moves by itself: counters, what is used of a quota, when an element expires, when a rule was
 * last met (nft(8); `last never` becomes `last used 5s`).
 */
const MOVING: readonly (readonly [RegExp, string])[] = [
  [/\bpackets \d+ bytes \d+/g, 'packets N bytes N'],
  [/\bused \d+ \w*bytes/g, 'used N'],
  [/ expires \w+/g, ''],
  [/\blast (?:never|used \w+)/g, 'last'],
];

/**
 * The lines of a ruleset as `nft list ruleset` prints it, each behind the blocks that it stands in, without what moves by
 * itself: `table inet lab, chain input: ct state invalid drop`.
 */
export function rulesetLines(text: string): string[] {
  const open: string[] = [];
  const lines: string[] = [];
  for (const line of text.split('\n').map(settled)) {
    if (line === '') continue;
    if (line === '}') open.pop();
    else if (line.endsWith('{')) {
      open.push(line.slice(0, -1).trim());
      lines.push(open.join(', '));
    } else lines.push(open.length === 0 ? line : `${open.join(', ')}: ${line}`);
  }
  return lines;
}

function settled(line: string): string {
  return MOVING.reduce((rest, [moving, instead]) => rest.replace(moving, instead), line.trim());
}
