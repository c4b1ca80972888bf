import { Failure } from '../model/failure.js';
import type { ProcessStatus } from '../model/process.js';
import { type Complaint, complaintOf } from '../parsers/tool-messages.js';
import type { SourceOptions } from '../sources/options.js';
import type { FileText, Place } from '../sources/place.js';
import type { ToolCommand } from '../sources/tool.js';
import { controlSocket } from './control-socket.js';
import { daemonProcesses, socketOwner } from './daemon-process.js';
import type { Refusal } from './privileged.js';
import { howToAllow, toolFailure } from './tool-failure.js';

/** True where the same question as root could be answered: the socket or the configuration is closed to us only. */
export async function rootMightReach(refusal: Refusal, options: SourceOptions): Promise<boolean> {
  switch (complaintOf(refusal.stderr)?.kind) {
    case 'cannot-connect': {
      const { path } = await controlSocket(options);
      return path !== undefined && (await socketState(path, options.place)) === 'no-permission';
    }
    case 'config-unreadable':
      return isClosed(await options.place.readFile(options.query.daemonConfig));
    default:
      return false;
  }
}

/** conntrackd's client has one message for four causes: looks at the socket, the process and our rights, and says which. */
export async function daemonFailure(refusal: Refusal, options: SourceOptions): Promise<Failure> {
  const complaint = complaintOf(refusal.stderr);
  const file = options.query.daemonConfig;
  switch (complaint?.kind) {
    case 'cannot-connect':
      return unreachable(rootHint(refusal.command, options), options, complaint);
    case 'config-unreadable':
      return unreadableConfig(rootHint(refusal.command, options), options, complaint);
    case 'config-invalid':
      return new Failure('CONFIG_INVALID', `${file} has a mistake in it.`, {
        toolSays: complaint.text,
        next: `Correct ${/ in line /.test(complaint.text) ? 'that line' : 'it'}; the daemon that runs still has the configuration that it was started with.`,
      });
    default:
      return toolFailure(refusal.command, refusal, options);
  }
}

/** The deadline has passed: says what the process does meanwhile that should have answered. */
export async function daemonSilent(timeout: Failure, options: SourceOptions): Promise<Failure> {
  const process = await askedProcess(options);
  if (process?.state !== 'T' && process?.state !== 't') return timeout;
  return new Failure(
    'TIMEOUT',
    `${timeout.message.replace(/\.$/, '')}: conntrackd, process ${process.pid}, is stopped.`,
    {
      next: `Continue it with kill -CONT ${process.pid}, or restart it.`,
      cause: timeout,
    },
  );
}

/** The process behind the control socket; for who can't look into it, the only conntrackd that there is. */
async function askedProcess(options: SourceOptions): Promise<ProcessStatus | undefined> {
  const { path } = await controlSocket(options);
  const owner = path === undefined ? undefined : await socketOwner(path, options.place);
  if (owner !== 'unseen' && path !== undefined) return owner;
  const [only, ...others] = await daemonProcesses(options.place);
  return others.length === 0 ? only : undefined;
}

async function unreachable(hint: string, options: SourceOptions, complaint: Complaint): Promise<Failure> {
  const { place, query } = options;
  const file = query.daemonConfig;
  const { path, unknown } = await controlSocket(options);
  const fail = (message: string, next: string): Failure =>
    new Failure('DAEMON_UNREACHABLE', message, { toolSays: complaint.text, next });
  if (path === undefined) {
    return fail(
      `conntrackd can not be reached: ${unknown ?? `${file} names no control socket (General { UNIX { Path … } })`}.`,
      unknown === undefined
        ? 'Name the configuration that the daemon runs with: --daemon-config FILE.'
        : 'Run ctsync as root, who can see which control socket it names and whether anybody listens there.',
    );
  }
  switch (await socketState(path, place)) {
    case 'unseen':
      return fail(
        `conntrackd could not be reached when ${place.name ?? 'it'} was made.`,
        `Which of the causes it was, the host alone tells: its control socket is ${path}.`,
      );
    case 'no-permission':
      return closedSocket(hint, path, complaint, place);
    case 'not-a-socket':
      return fail(`conntrackd can not be reached: ${path} is not a socket.`, `Correct the UNIX Path in ${file}.`);
    case 'absent':
      return fail(`conntrackd is not running: its control socket ${path} does not exist.`, await howToStart(place));
    case 'present':
      return fail(
        `conntrackd is not running: nobody listens on its control socket ${path}, which is left from a daemon that died.`,
        'Start it again; if it then says that its lock file exists, remove that file first.',
      );
  }
}

/** A daemon that runs but was started with another configuration listens elsewhere. */
async function howToStart(place: Place): Promise<string> {
  const [running] = await daemonProcesses(place);
  return running === undefined
    ? 'Start it (systemctl start conntrackd), or name its configuration with --daemon-config FILE.'
    : `A conntrackd runs as process ${running.pid}, but not with this configuration: name its own with --daemon-config FILE.`;
}

function closedSocket(next: string, path: string, complaint: Complaint, { userName }: Place): Failure {
  return new Failure('PERMISSION_DENIED', `conntrackd's control socket ${path} is closed to ${userName}.`, {
    toolSays: complaint.text,
    next,
  });
}

async function unreadableConfig(hint: string, { place, query }: SourceOptions, complaint: Complaint): Promise<Failure> {
  const file = query.daemonConfig;
  const read = await place.readFile(file);
  const reason = 'unreadable' in read ? read.unreadable.reason : 'can not be opened by conntrackd';
  if (isClosed(read)) {
    return new Failure('PERMISSION_DENIED', `conntrackd's configuration ${file} ${reason}.`, {
      toolSays: complaint.text,
      next: hint,
    });
  }
  return new Failure('CONFIG_UNREADABLE', `conntrackd's configuration ${file} ${reason}.`, {
    toolSays: complaint.text,
    next: 'Name the file that the daemon runs with: --daemon-config FILE, or CTSYNC_DAEMON_CONFIG.',
  });
}

function rootHint(command: ToolCommand, options: SourceOptions): string {
  return options.place.isRoot
    ? 'Root is refused here: look at the mount and at the security policy of the machine.'
    : howToAllow(command, options);
}

/** What stands at a path as far as a client of a socket is concerned. */
async function socketState(
  path: string,
  place: Place,
): Promise<'absent' | 'not-a-socket' | 'no-permission' | 'present' | 'unseen'> {
  const found = await place.look(path).catch(unseen);
  if (found === undefined) return 'unseen';
  if ('code' in found) return found.code === 'EACCES' ? 'no-permission' : 'absent';
  if (found.kind !== 'socket') return 'not-a-socket';
  return found.usable ? 'present' : 'no-permission';
}

/** In a record that does not say what stood at a path. */
function unseen(error: unknown): undefined {
  if (!(error instanceof Failure) || error.code !== 'NOT_IN_BUNDLE') throw error;
}

function isClosed(read: FileText): boolean {
  return 'unreadable' in read && ['EACCES', 'EPERM'].includes(read.unreadable.code);
}
