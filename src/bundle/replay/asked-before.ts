import type { BundleItem, BundleNode } from '../../model/bundle.js';
import type { ToolCommand } from '../../sources/tool.js';

/**
 * The item that answers a command: by its very words, and of two readings the one of that sample. What is asked of the
 * journal is looked through by who reads it, so that all that was kept of it answers every question about the same program.
 */
export function itemFor({ tool, args }: ToolCommand, { items }: BundleNode, sample: 1 | 2): BundleItem | undefined {
  const words = [tool, ...args];
  const answers = items.filter(({ argv }) => argv !== undefined && (isSame(argv, words) || isSameJournal(argv, words)));
  return ofSample(answers, sample);
}

/** The item that is the file at a path. */
export function fileAt(path: string, { items }: BundleNode, sample: 1 | 2): BundleItem | undefined {
  return ofSample(
    items.filter((item) => item.kind === 'file' && item.path === path),
    sample,
  );
}

/** The item that is a log, or as much of it as was kept. */
export function logAt(path: string, { items }: BundleNode): BundleItem | undefined {
  return items.find(({ argv }) => (argv?.[0] === 'tail' || argv?.[0] === 'grep') && argv.at(-1) === path);
}

function ofSample(items: readonly BundleItem[], sample: 1 | 2): BundleItem | undefined {
  return items.find((item) => item.sample === undefined || item.sample === sample) ?? items[0];
}

function isSame(argv: readonly string[], words: readonly string[]): boolean {
  return argv.length === words.length && argv.every((word, i) => word === words[i]);
}

function isSameJournal(argv: readonly string[], words: readonly string[]): boolean {
  if (argv[0] !== 'journalctl' || words[0] !== 'journalctl') return false;
  return ['-t', '-o'].every((option) => {
    const at = words.indexOf(option);
    return at > 0 && argv[argv.indexOf(option) + 1] === words[at + 1];
  });
}
