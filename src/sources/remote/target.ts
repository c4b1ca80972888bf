import { Failure } from '../../model/failure.js';

/** A host as the operator names it. */
export interface Target {
  /** As it was written. */
  name: string;
  user?: string;
  host: string;
  port?: string;
}

// A name, an address, or an alias of the user's ssh configuration; nothing that ssh or a shell could take for something else.
const TARGET =
  /^(?:(?<user>[\w.][\w.@+-]*)@)?(?:\[(?<bracketed>[\da-fA-F:.]+(?:%[\w.-]+)?)\]|(?<host>[\w.][\w.%-]*)|(?<ipv6>[\da-fA-F]*:[\da-fA-F]*:[\da-fA-F:.]*(?:%[\w.-]+)?))(?::(?<port>\d{1,5}))?$/;

/**
 * Reads `[USER@]HOST[:PORT]`. An IPv6 address with a port stands in brackets.
 *
 * @throws Failure USAGE
 */
export function targetOf(text: string): Target {
  const { user, bracketed, host, ipv6, port } = TARGET.exec(text)?.groups ?? {};
  const named = bracketed ?? host ?? ipv6;
  if (named === undefined || (port !== undefined && !(Number(port) >= 1 && Number(port) <= 65535))) {
    throw new Failure('USAGE', `--host takes [USER@]HOST[:PORT], not ${JSON.stringify(text)}.`, {
      next: 'Such as fw1, admin@fw1.example.com:2222 or [2001:db8::1]:22; a name of your ssh configuration is one, too.',
    });
  }
  return {
    name: text,
    host: named,
    ...(user === undefined ? {} : { user }),
    ...(port === undefined ? {} : { port }),
  };
}
