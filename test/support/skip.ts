/** Skips the suite of a `before` hook, saying why; does nothing where there is no reason to. */
export function skipFor(context: Mocha.Context, reason: string | undefined): void {
  if (reason === undefined) return;
  process.stderr.write(`skipped: ${reason}\n`);
  context.skip();
}
