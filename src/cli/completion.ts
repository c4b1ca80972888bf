import type { Command } from '@oclif/core/command';
import type { CompletionFlag, CompletionPlace } from '../model/completion.js';

/** Of a value that names a file, as help calls it. */
const FILES = /FILE|FOLDER|PATH|BUNDLE/;

/** Where commands may go on, from oclif's manifest of them; what several have in common stands there several times. */
export function commandPlaces(commands: readonly Command.Loadable[]): CompletionPlace[] {
  return commands
    .filter(({ hidden }) => !hidden)
    .flatMap((command) => {
      const words = command.id.split(':');
      const steps = words.map((word, index) => ({ behind: words.slice(0, index).join(' '), next: [word] }));
      return [...steps, ...placesOf(command, words.join(' '))];
    });
}

/** The end of a command, and what may stand behind each of its arguments. */
function placesOf({ args, flags }: Command.Loadable, behind: string): CompletionPlace[] {
  const values = Object.values(args).map(
    ({ options, name }) => options ?? [name === 'group' ? '@sync-groups' : '@files'],
  );
  const known = [...Object.values(flags).flatMap(flagOf), { name: '--help' }];
  const [first = [], ...others] = values;
  const later = values.length > 0 ? [...others, []] : [];
  return [
    { behind, next: first, flags: known },
    ...later.map((next, index) => ({ behind: `${behind}${' *'.repeat(index + 1)}`, next })),
  ];
}

function flagOf(flag: Command.Loadable['flags'][string]): CompletionFlag[] {
  if (flag.hidden) return [];
  const name = `--${flag.name}`;
  if (flag.type === 'boolean') return [{ name }];
  const isFile = FILES.test(String(flag.helpValue ?? ''));
  return [{ name, values: flag.options ?? (isFile ? ['@files'] : []) }];
}
