/** What time it is by this host's clock, which may be set at any moment. */
export function now(): Date {
  return new Date();
}

/** Milliseconds since the machine was started, of a clock that only goes forward: all processes have the same. */
export function sinceBoot(): number {
  return Number(process.hrtime.bigint() / 1_000_000n);
}
