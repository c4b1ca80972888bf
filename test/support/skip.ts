/** Skips the suite of a `before` hook, saying why; does nothing where there is no reason to. */
export function skipFor(context: Mocha.Context, reason: string | undefined): void {
  if (reason === undefined) return;
  process.stderr.write(`skipped: ${reason}\n`);
  context.skip();
}

/** Why a test can't be made by this user; undefined for root. @param why such as `the hook is run by` */
export function needsRoot(why: string): string | undefined {
  return process.getuid?.() === 0 ? undefined : `${why} root`;
}
