import type { CompletionFlag, CompletionPlace } from '../model/completion.js';

/**
 * The script that a shell is given: a function that knows all places, and the program that asks it.
 *
 * @param program the text of libexec/ctsync-completion.bash
 */
export function renderCompletionScript(places: readonly CompletionPlace[], program: string): string {
  return `${program}
# Sets next, and flags where a command ends; fails where there is no such place.
_ctsync_place() {
  next=''
  case $1 in
${places.map(caseOf).join('\n')}
    *) return 1 ;;
  esac
}
`;
}

function caseOf({ behind, next, flags }: CompletionPlace): string {
  const known = flags === undefined ? '' : ` flags='${flags.map(flagText).join(' ')}'`;
  return `    '${behind}') next='${next.join(' ')}'${known} ;;`;
}

function flagText({ name, values }: CompletionFlag): string {
  return values === undefined ? name : `${name}=${values.join('|')}`;
}
