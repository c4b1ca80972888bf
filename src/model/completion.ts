/**
 * What may be typed next at one place of a command line. A value that only this machine knows has a name with `@`:
 * `@interfaces`, `@sync-groups`, `@statements` (those that are set), `@files`.
 */
export interface CompletionPlace {
  /** The words before, with `*` for a value: `set service conntrack-sync interface *`. Empty at the beginning. */
  behind: string;
  /** Words, and names of values. */
  next: readonly string[];
  /** The flags of a command; absent where none ends. */
  flags?: readonly CompletionFlag[];
}

/** A flag with what it takes. */
export interface CompletionFlag {
  /** With its dashes: `--format`. */
  name: string;
  /** As {@link CompletionPlace.next}; absent where it takes no value. */
  values?: readonly string[];
}

/** Each place once, with all that may stand there, in the order of the alphabet. */
export function mergedPlaces(places: readonly CompletionPlace[]): CompletionPlace[] {
  const found = new Map<string, CompletionPlace>();
  for (const place of places) {
    const { next, flags = place.flags } = found.get(place.behind) ?? { next: [] };
    const words = [...new Set([...next, ...place.next])].sort();
    found.set(place.behind, { behind: place.behind, next: words, ...(flags === undefined ? {} : { flags }) });
  }
  return [...found.values()];
}
