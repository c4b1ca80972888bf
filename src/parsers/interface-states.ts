import type { InterfaceState } from '../model/interface-state.js';
import { Failure } from '../model/failure.js';

/**
 * The interfaces in what `ip -j addr` or `ip -j link` prints, in its order.
 *
 * @throws Failure `BAD_ANSWER` where the text is no such JSON
 */
export function parseInterfaceStates(text: string): InterfaceState[] {
  const links = parsed(text);
  if (!Array.isArray(links)) throw badAnswer('a list of interfaces is expected');
  // ip prints {} for what a filter leaves out.
  return links.filter((link) => !isEmpty(link)).map(stateOf);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badAnswer('it is no JSON', cause);
  }
}

function isEmpty(link: unknown): boolean {
  return typeof link === 'object' && link !== null && Object.keys(link).length === 0;
}

function stateOf(link: unknown): InterfaceState {
  const { ifname: name, flags, operstate } = (link ?? {}) as Record<string, unknown>;
  if (typeof name !== 'string' || name === '') throw badAnswer('an interface has no name');
  if (!Array.isArray(flags) || typeof operstate !== 'string' || operstate === '') {
    throw badAnswer(`the state of ${name} is missing`);
  }
  return { name, up: flags.includes('UP'), operstate };
}

function badAnswer(what: string, cause?: unknown): Failure {
  return new Failure('BAD_ANSWER', `The answer of \`ip -j addr\` can't be understood: ${what}.`, {
    next: 'Run `ip -j addr` by hand; ctsync needs an iproute2 that prints JSON (4.14 or newer).',
    cause,
  });
}
