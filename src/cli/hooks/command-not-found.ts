import type { Hook } from '@oclif/core/hooks';
import { closest } from 'fastest-levenshtein';
import { Failure } from '../../model/failure.js';

/** Further away than this a command is no longer a likely slip of the fingers. */
const FARTHEST = 0.5;

/** Names the command as it was typed and the nearest one that exists; oclif's own message has colons and no hint. */
const commandNotFound: Hook.CommandNotFound = function ({ id, argv, config }) {
  const words = argv ?? [];
  const flag = words.findIndex((word) => word.startsWith('-'));
  // Behind a flag stands its value.
  const typed = [...id.split(':'), ...words.slice(0, flag < 0 ? undefined : flag)].join(' ');
  const known = config.commandIDs.map((command) => command.replaceAll(':', ' '));
  // Another verb does another thing: what begins with the same words comes first.
  const most = Math.max(...known.map((command) => sharedWords(typed, command)));
  const nearest = closest(
    typed,
    known.filter((command) => sharedWords(typed, command) === most),
  );
  const near = similarity(typed, nearest);
  if (id.startsWith('-')) {
    const next = `Flags stand behind the command, such as "${config.bin} show conntrack table --json".`;
    return Promise.reject(new Failure('USAGE', `There is no command before ${id.split(':')[0]}.`, { next }));
  }
  return Promise.reject(
    new Failure('USAGE', `There is no command "${typed}".`, {
      next: near ? `Did you mean "${config.bin} ${nearest}"?` : `See what there is with "${config.bin} --help".`,
    }),
  );
};

export default commandNotFound;

/** How many words both begin with. */
function sharedWords(a: string, b: string): number {
  const words = b.split(' ');
  const differing = a.split(' ').findIndex((word, at) => word !== words[at]);
  return differing < 0 ? words.length : differing;
}

function similarity(a: string, b: string): boolean {
  let same = 0;
  for (const word of b.split(' ')) if (a.includes(word)) same += word.length;
  return same / b.length > FARTHEST;
}
