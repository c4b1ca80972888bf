import type { IncludedFile, UnreadInclude } from '../../model/keepalived-conf.js';
import { Failure } from '../../model/failure.js';
import { faultyHooks, parseKeepalivedConf } from '../../parsers/keepalived-conf.js';
import type { Place } from '../../sources/place.js';
import type { HostMaterial, Material } from './material.js';

type Includes = (IncludedFile | UnreadInclude)[];

/**
 * What a keepalived.conf refers to on its host: the files that it includes, and the scripts that it calls. They are read before
 * it is understood, since its parser waits for nothing: it is parsed until it asks for none that is not there yet.
 */
export async function surroundingsOf(
  keepalived: Material,
  place: Place,
): Promise<Pick<HostMaterial, 'surroundings' | 'readScript'>> {
  const includes = new Memory<[string, string], Includes>((pattern, file) => place.included(pattern, file));
  const scripts = new Memory<[string], string | undefined>((path) => textAt(path, place));
  const found = {
    surroundings: {
      readIncluded: (pattern: string, file: string) => includes.get(pattern, file) ?? [],
      configId: place.hostName.split('.')[0] ?? '',
    },
    readScript: (path: string) => scripts.get(path),
  };
  if ('missing' in keepalived) return found;
  do {
    await Promise.all([includes.fetch(), scripts.fetch()]);
    look(keepalived, found);
  } while (includes.lacking || scripts.lacking);
  return found;
}

function look(
  { text, file }: { text: string; file: string },
  found: Pick<HostMaterial, 'surroundings' | 'readScript'>,
) {
  try {
    faultyHooks(parseKeepalivedConf(text, file, found.surroundings), found.readScript);
  } catch (error) {
    // Whoever shows it says so.
    if (!(error instanceof Failure)) throw error;
  }
}

async function textAt(path: string, place: Place): Promise<string | undefined> {
  const read = await place.readFile(path);
  return 'text' in read ? read.text : undefined;
}

/** Answers that are fetched once; what is asked for before is noted. */
class Memory<Key extends string[], Answer> {
  private readonly known = new Map<string, Answer>();
  private readonly asked = new Map<string, Key>();
  private readonly ask: (...key: Key) => Promise<Answer>;

  constructor(ask: (...key: Key) => Promise<Answer>) {
    this.ask = ask;
  }

  get(...key: Key): Answer | undefined {
    const name = key.join('\0');
    if (!this.known.has(name)) this.asked.set(name, key);
    return this.known.get(name);
  }

  get lacking(): boolean {
    return this.asked.size > 0;
  }

  async fetch(): Promise<void> {
    await Promise.all(
      [...this.asked].map(async ([name, key]) => {
        this.known.set(name, await this.ask(...key));
        this.asked.delete(name);
      }),
    );
  }
}
