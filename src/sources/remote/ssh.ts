import { constants } from 'node:os';
import { Failure } from '../../model/failure.js';
import { ENDLESS_MS } from '../queries.js';
import type { Carrier, ToolCommand, ToolOutcome } from '../tool.js';
import type { Target } from './target.js';
import { remoteLine } from './words.js';

/** What ssh ends with where it is ssh itself that has failed (ssh(1)). */
const OWN_EXIT = 255;
const NOT_FOUND = 127;
const NOT_RUN = 126;
/** Of a connection that is shared, only whoever made it has words for its end. */
const SILENT = 'the connection was closed';
/** What a shell adds to the number of a signal. */
const SIGNALLED = 128;

/** Never a question, never longer than that to connect, and an end where nothing comes back any more. */
const OPTIONS = [
  'BatchMode=yes',
  'ConnectTimeout=10',
  'ServerAliveInterval=5',
  'ServerAliveCountMax=3',
  'LogLevel=ERROR',
  // What a user's configuration has for a login, and would be in the way here.
  'RemoteCommand=none',
  'RequestTTY=no',
  'ClearAllForwardings=yes',
  'ForwardAgent=no',
  'ForwardX11=no',
];

/** ssh to a host: the user's own configuration, keys and known hosts hold. */
export class Ssh implements Carrier {
  readonly target: Target;
  /** Words that stand before each command there. */
  private readonly before: readonly string[];
  /** The socket of a connection that is shared. */
  private shared: string | undefined;

  constructor(target: Target, before: readonly string[] = []) {
    this.target = target;
    this.before = before;
  }

  get name(): string {
    return this.target.name;
  }

  /** From now on all goes over the connection that has this socket. */
  share(socket: string): void {
    this.shared = socket;
  }

  carried(words: readonly string[]): [string, ...string[]] {
    const shared = this.shared === undefined ? [] : ['ControlMaster=no', `ControlPath=${this.shared}`];
    return ['ssh', ...this.options(shared), '--', this.target.host, remoteLine([...this.before, ...words])];
  }

  /**
   * A connection that others share, for as long as it runs. What runs there ends with its stdin, and so with us, however we
   * end: without it a connection to a firewall would outlive a kill -9.
   */
  master(socket: string): ToolCommand {
    // Before the others: ssh takes the first that it is told. That the far side has closed it is no error to ssh.
    const options = [
      '-o',
      'LogLevel=INFO',
      ...this.options(['ControlMaster=yes', 'ControlPersist=no', `ControlPath=${socket}`]),
    ];
    return { tool: 'ssh', args: [...options, '--', this.target.host, 'cat'], silenceMs: ENDLESS_MS, holdsStdin: true };
  }

  /** Asks ssh what the user's configuration says of this host, without a connection. */
  configuration(): ToolCommand {
    return { tool: 'ssh', args: ['-G', ...this.options([]), '--', this.target.host], silenceMs: 10_000 };
  }

  arrived({ exitCode, signal, spawnError, stderr }: ToolOutcome): ToolOutcome {
    if (spawnError !== undefined) throw this.missing(spawnError);
    if (exitCode === OWN_EXIT) throw this.unreachable(stderr);
    if (exitCode === NOT_FOUND) return { stderr, spawnError: 'ENOENT' };
    if (exitCode === NOT_RUN) return { stderr, spawnError: 'EACCES' };
    const killedBy = exitCode === undefined ? undefined : signalOf(exitCode);
    if (killedBy !== undefined) return { stderr, signal: killedBy };
    return { stderr, ...(exitCode === undefined ? {} : { exitCode }), ...(signal === undefined ? {} : { signal }) };
  }

  /** The way to the host has failed, by ssh's own words. */
  unreachable(stderr: string): Failure {
    const says = lastLine(stderr) || SILENT;
    return new Failure('HOST_UNREACHABLE', `${this.name} can not be reached with ssh${reasonOf(says)}.`, {
      toolSays: says,
      next: nextFor(says, this.target),
    });
  }

  private missing(code: string): Failure {
    return new Failure('TOOL_MISSING', `ssh could not be started (${code}).`, {
      next: 'Install it with the package openssh-client (Debian and Ubuntu: apt install openssh-client).',
    });
  }

  private options(more: readonly string[]): string[] {
    const { user, port } = this.target;
    return [
      ...[...OPTIONS, ...more].flatMap((option) => ['-o', option]),
      ...(port === undefined ? [] : ['-p', port]),
      ...(user === undefined ? [] : ['-l', user]),
    ];
  }
}

function signalOf(exitCode: number): string | undefined {
  const found = Object.entries(constants.signals).find(([, number]) => number === exitCode - SIGNALLED);
  return found?.[0];
}

function lastLine(stderr: string): string {
  return stderr.trim().split(/\r?\n/).at(-1) ?? '';
}

/** What ssh says, why it is so, and what can be done. */
const TROUBLES: readonly [says: RegExp, reason: string, next: (target: Target) => string][] = [
  [/could not resolve/i, 'its name is not known', () => 'Look at the name, and at the Host lines of ~/.ssh/config.'],
  [
    /permission denied/i,
    'it refuses our keys',
    ({ name }) => `Try "ssh ${name}" by hand; ctsync never asks for a password.`,
  ],
  [
    /host key verification failed|REMOTE HOST IDENTIFICATION/i,
    'its host key is not the one that is known',
    ({ name }) => `Connect once by hand, "ssh ${name}", and compare the key.`,
  ],
  [/connection refused/i, 'nobody listens there', () => 'Look whether sshd runs there, and on which port.'],
  [
    /timed out|no route to host|network is unreachable/i,
    'it does not answer',
    () => 'Look whether the host is up, and whether a firewall is between.',
  ],
];

function reasonOf(says: string): string {
  const [, reason] = TROUBLES.find(([pattern]) => pattern.test(says)) ?? [];
  return reason === undefined ? '' : `: ${reason}`;
}

function nextFor(says: string, target: Target): string {
  const [, , next] = TROUBLES.find(([pattern]) => pattern.test(says)) ?? [];
  return next?.(target) ?? `Try "ssh ${target.name}" by hand.`;
}
