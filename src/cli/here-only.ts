import { Failure } from '../model/failure.js';

/** The flags by which other commands ask elsewhere. */
const ELSEWHERE = /^--(?:host|netns|from|node)(?==|$)/;

/**
 * What changes a node is for the one that it is typed on.
 *
 * @param what the command, as the beginning of a sentence: `An action`
 * @throws Failure USAGE
 */
export function refuseElsewhere(argv: readonly string[], what: string): void {
  const [flag] = argv.flatMap((word) => ELSEWHERE.exec(word) ?? []);
  if (flag === undefined) return;
  throw new Failure('USAGE', `${what} is for the node that it is typed on: it takes no ${flag}.`, {
    next: 'Run it there. In a network namespace: "ip netns exec NAME ctsync …".',
  });
}
