const BLOCKS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
const FULL = '█';
const EIGHTHS = 8;

/**
 * A part of a whole as a bar of at most `width` characters, to the eighth of a character with blocks, else in `#`. What is
 * not nothing has at least the smallest mark.
 */
export function bar(part: number, width: number, blocks: boolean): string {
  if (part <= 0) return '';
  if (!blocks) return '#'.repeat(Math.max(Math.round(part * width), 1));
  const eighths = Math.max(Math.round(part * width * EIGHTHS), 1);
  return FULL.repeat(Math.floor(eighths / EIGHTHS)) + BLOCKS[eighths % EIGHTHS]!;
}
