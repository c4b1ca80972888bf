import type { CompletionPlace } from '../../model/completion.js';
import { LINK, LINK_OPTIONS, type Option, OPTIONS } from '../schema/options.js';
import { SERVICE } from './find.js';

/**
 * Where a statement to be set may go on, from the one table: words, the values that are few, the default of others. Behind `delete`, only those
 * that are set.
 */
export function statementPlaces(): CompletionPlace[] {
  const head = `set ${SERVICE.join(' ')}`;
  const link = `${head} ${LINK.words.join(' ')} *`;
  return [
    { behind: `delete ${SERVICE.join(' ')}`, next: ['@statements'] },
    ...[...OPTIONS, LINK].flatMap((option) => placesOf(head, option)),
    ...LINK_OPTIONS.flatMap((option) => placesOf(link, option)),
  ];
}

function placesOf(head: string, { words, value, default: usual }: Option): CompletionPlace[] {
  const steps = words.map((word, index) => ({ behind: [head, ...words.slice(0, index)].join(' '), next: [word] }));
  const behind = [head, ...words].join(' ');
  if (value === undefined) return [...steps, { behind, next: [] }];
  const usually = usual === undefined ? [] : [String(usual)];
  const next = value.words ?? (value.here === undefined ? usually : [`@${value.here}`]);
  return [...steps, { behind, next }, { behind: `${behind} *`, next: [] }];
}
