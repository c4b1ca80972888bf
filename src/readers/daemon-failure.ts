import { Failure } from '../model/failure.js';
import type { ProcessStatus } from '../model/process.js';
import { type Complaint, complaintOf } from '../parsers/tool-messages.js';
import { readSmallFile, socketState } from '../sources/files.js';
import type { SourceOptions } from '../sources/options.js';
import { isRoot, userName } from '../sources/privilege.js';
import type { ToolCommand } from '../sources/tool.js';
import { controlSocket } from './control-socket.js';
import { daemonProcesses, socketOwner } from './daemon-process.js';
import type { Refusal } from './privileged.js';
import { howToAllow, toolFailure } from './tool-failure.js';

/** True where the same question as root could be answered: the socket or the configuration is closed to us only. */
export async function rootMightReach(refusal: Refusal, options: SourceOptions): Promise<boolean> {
  const file = options.query.daemonConfig;
  switch (complaintOf(refusal.stderr)?.kind) {
    case 'cannot-connect': {
      const { path } = controlSocket(file);
      return path !== undefined && (await socketState(path)) === 'no-permission';
    }
    case 'config-unreadable':
      return isClosed(readSmallFile(file));
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
      return unreachable(rootHint(refusal.command, options), file, complaint);
    case 'config-unreadable':
      return unreadableConfig(rootHint(refusal.command, options), file, complaint);
    case 'config-invalid':
      return new Failure('CONFIG_INVALID', `${file} has a mistake in it.`, {
        toolSays: complaint.text,
        next: `Correct ${/ in line /.test(complaint.text) ? 'that line' : 'it'}; the daemon that runs still has the configuration that it was started with.`,
      });
    default:
      return toolFailure(refusal.command, refusal, options.asked);
  }
}

/** The deadline has passed: says what the process does meanwhile that should have answered. */
export async function daemonSilent(timeout: Failure, options: SourceOptions): Promise<Failure> {
  const process = await askedProcess(options.query.daemonConfig);
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
async function askedProcess(file: string): Promise<ProcessStatus | undefined> {
  const { path } = controlSocket(file);
  const owner = path === undefined ? undefined : await socketOwner(path);
  if (owner !== 'unseen' && path !== undefined) return owner;
  const [only, ...others] = await daemonProcesses();
  return others.length === 0 ? only : undefined;
}

async function unreachable(hint: string, file: string, complaint: Complaint): Promise<Failure> {
  const { path, unknown } = controlSocket(file);
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
  switch (await socketState(path)) {
    case 'no-permission':
      return closedSocket(hint, path, complaint);
    case 'not-a-socket':
      return fail(`conntrackd can not be reached: ${path} is not a socket.`, `Correct the UNIX Path in ${file}.`);
    case 'absent':
      return fail(`conntrackd is not running: its control socket ${path} does not exist.`, await howToStart());
    case 'present':
      return fail(
        `conntrackd is not running: nobody listens on its control socket ${path}, which is left from a daemon that died.`,
        'Start it again; if it then says that its lock file exists, remove that file first.',
      );
  }
}

/** A daemon that runs but was started with another configuration listens elsewhere. */
async function howToStart(): Promise<string> {
  const [running] = await daemonProcesses();
  return running === undefined
    ? 'Start it (systemctl start conntrackd), or name its configuration with --daemon-config FILE.'
    : `A conntrackd runs as process ${running.pid}, but not with this configuration: name its own with --daemon-config FILE.`;
}

function closedSocket(next: string, path: string, complaint: Complaint): Failure {
  return new Failure('PERMISSION_DENIED', `conntrackd's control socket ${path} is closed to ${userName()}.`, {
    toolSays: complaint.text,
    next,
  });
}

function unreadableConfig(hint: string, file: string, complaint: Complaint): Failure {
  const read = readSmallFile(file);
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

function rootHint(command: ToolCommand, { asked }: SourceOptions): string {
  return isRoot()
    ? 'Root is refused here: look at the mount and at the security policy of the machine.'
    : howToAllow(command, asked);
}

function isClosed(read: ReturnType<typeof readSmallFile>): boolean {
  return 'unreadable' in read && ['EACCES', 'EPERM'].includes(read.unreadable.code);
}
