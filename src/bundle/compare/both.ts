import type { Change, FactComparison, FactPart } from '../../model/bundle-comparison.js';
import { isAbsent } from '../../model/bundle.js';
import type { ItemText, NodeContents } from '../contents/node-contents.js';

/** One node in both bundles. */
export interface Both {
  a: NodeContents;
  b: NodeContents;
  /** Why addresses and names of both can't be compared, as a sentence; undefined where they can. */
  incomparable: string | undefined;
  abort: AbortSignal;
}

/** More changes of one kind are told by their number only. */
const MOST_LISTED = 1000;

/** Gathers the changes of one part, and why some of them may be missing. */
export class Facts {
  private readonly changes: Change[] = [];
  private readonly lacks = new Set<string>();
  private readonly part: FactPart;

  constructor(part: FactPart) {
    this.part = part;
  }

  add(changes: readonly Change[]): void {
    for (const change of changes) this.changes.push(change);
  }

  lack(sentence: string): void {
    this.lacks.add(sentence);
  }

  get comparison(): FactComparison {
    const more = this.changes.length - MOST_LISTED;
    return {
      part: this.part,
      changes: this.changes.slice(0, MOST_LISTED),
      ...(more > 0 && { more }),
      ...(this.lacks.size > 0 && { lacks: [...this.lacks] }),
    };
  }
}

/** How the texts of an item are wanted. */
interface WantedTexts {
  encoding?: 'latin1' | 'utf8';
  /** Whether a text that is not whole is of use, too. */
  partly?: boolean;
}

/**
 * The texts of an item in both bundles, where both can be compared. Otherwise it is told why not: what one host has and the
 * other has not is a change itself.
 *
 * @throws what is no Failure, and INTERRUPTED
 */
export async function bothTexts(
  name: string,
  { a, b }: Pick<Both, 'a' | 'b'>,
  facts: Facts,
  { encoding = 'latin1', partly = false }: WantedTexts = {},
): Promise<[a: ItemText, b: ItemText] | undefined> {
  const [first, second] = [await a.text(name, encoding), await b.text(name, encoding)];
  const [isWhole, isWholeToo] = [first?.whole === true, second?.whole === true];
  if (first && second && isWhole && isWholeToo) return [first, second];
  const [isAway, isAwayToo] = [isNotThere(name, a), isNotThere(name, b)];
  if (isAway && isAwayToo) return undefined;
  if (isAway && isWholeToo) facts.add([{ of: name, b: 'there' }]);
  else if (isAwayToo && isWhole) facts.add([{ of: name, a: 'there' }]);
  else {
    const where = isWhole || isAway ? 'B' : isWholeToo || isAwayToo ? 'A' : 'either bundle';
    if (partly && first && second) {
      facts.lack(`${name} is not whole in ${where}: only what both have was compared.`);
      return [first, second];
    }
    facts.lack(`${name} is not whole in ${where}, or was altered: it was not compared.`);
  }
  return undefined;
}

/** Whether the host has no such thing, as the manifest says. */
function isNotThere(name: string, { node }: NodeContents): boolean {
  const item = node.items.find((each) => each.name === name);
  return item === undefined || (isAbsent(item) && item.bytes === 0);
}
