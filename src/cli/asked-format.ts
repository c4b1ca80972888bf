/**
 * Whether a command line asks for a format by `--format`. Errors are documents, too, so this is asked before the flags are
 * parsed.
 */
export function isAskedFor(argv: readonly string[], format: string): boolean {
  return argv.some((word, i) => word === `--format=${format}` || (word === format && argv[i - 1] === '--format'));
}
