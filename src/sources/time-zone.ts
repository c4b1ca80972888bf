/** IANA name of the zone of this process: what date(1) would print. */
export function ownTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}
