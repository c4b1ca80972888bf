import { posix } from 'node:path';
import type { IncludedFile, UnreadInclude } from '../../model/keepalived-conf.js';
import { Failure } from '../../model/failure.js';
import { CLOCK } from '../clock.js';
import { reasonOf, type Unreadable } from '../files.js';
import { askTool } from '../process.js';
import type { FileText, PathFacts, Place } from '../place.js';
import type { ToolCommand } from '../tool.js';
import { type Answer, Probe } from './probe.js';
import type { Ssh } from './ssh.js';

/** As for a page of conntrackd. */
const SILENCE_MS = 10_000;
const LARGEST_FILE = 16 * 1024 * 1024;
/** All that is run on a machine. */
const TOOLS = [
  ...['conntrack', 'conntrackd', 'ip', 'nft', 'journalctl', 'cat', 'tail'],
  ...['iptables-save', 'iptables-legacy-save', 'ip6tables-save', 'ip6tables-legacy-save'],
];

/** Who we are there, and what there is; a line each, one for every tool. */
const INTRODUCTION =
  'id -u; id -un 2>/dev/null || id -u; cat /proc/sys/kernel/hostname /proc/sys/kernel/osrelease; for t in "$@"; do command -v "$t" || echo; done';

/** What the machine says about itself when we come. */
interface Introduction {
  isRoot: boolean;
  userName: string;
  hostName: string;
  kernelRelease: string;
  tools: ReadonlyMap<string, string>;
}

/** Another machine, by way of ssh. It needs no ctsync, only conntrack-tools and what every Unix has. */
export class RemotePlace implements Place {
  readonly name: string;
  /** Times that pass are our own: to ask for others would take longer than what is measured. */
  readonly clock = CLOCK;
  readonly hostName: string;
  readonly kernelRelease: string;
  readonly isRoot: boolean;
  readonly userName: string;
  private readonly tools: ReadonlyMap<string, string>;
  private readonly ssh: Ssh;
  private readonly probe: Probe;

  private constructor(ssh: Ssh, probe: Probe, told: Introduction) {
    this.ssh = ssh;
    this.probe = probe;
    this.name = ssh.name;
    this.hostName = told.hostName;
    this.kernelRelease = told.kernelRelease;
    this.isRoot = told.isRoot;
    this.userName = told.userName;
    this.tools = told.tools;
  }

  /** @throws Failure HOST_UNREACHABLE, TIMEOUT, INTERRUPTED, BAD_ANSWER */
  static async open(ssh: Ssh, silenceMs: number | undefined, abort: AbortSignal): Promise<RemotePlace> {
    const deadline = silenceMs ?? SILENCE_MS;
    const args = ['-c', INTRODUCTION, 'ctsync', ...TOOLS];
    const { stdout } = await askTool(
      { tool: 'sh', args, called: 'the first question', silenceMs: deadline, via: ssh },
      abort,
    );
    const told = introductionIn(stdout.toString('utf8'));
    if (told === undefined) {
      throw new Failure('BAD_ANSWER', `${ssh.name} does not say who it is.`, {
        next: `Look what "ssh ${ssh.name} id -u" prints: nothing may be printed at a login without a terminal.`,
      });
    }
    return new RemotePlace(ssh, new Probe(ssh, deadline, abort), told);
  }

  command(command: ToolCommand): ToolCommand {
    return { ...command, via: this.ssh };
  }

  findTool(name: string): string | undefined {
    return this.tools.get(name);
  }

  async findPrograms(name: string): Promise<string[]> {
    return [...new Set(linesOf(await this.probe.ask('programs', name)))];
  }

  async readFile(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<FileText> {
    const { head, body } = await this.probe.ask('file', path);
    if (head !== 'text') return { unreadable: unreadableBy(head) };
    if (body.length > LARGEST_FILE) {
      return { unreadable: { code: 'EFBIG', reason: `is larger than ${LARGEST_FILE} bytes` } };
    }
    return { text: body.toString(encoding) };
  }

  async look(path: string): Promise<PathFacts | Unreadable> {
    const { head, body } = await this.probe.ask('look', path);
    const [kind = '', use] = head.split(' ');
    if (!isKind(kind)) return unreadableBy('ENOENT');
    return {
      kind,
      written: new Date(Number(body.toString('latin1')) * 1000),
      readable: use !== 'no',
      usable: use === 'yes',
    };
  }

  /** @param text without a colon */
  async holds(path: string, text: string): Promise<boolean | undefined> {
    const { head } = await this.probe.ask('holds', `${text}:${path}`);
    return head === 'EACCES' ? undefined : head === 'yes';
  }

  async resolved(path: string): Promise<string> {
    return linesOf(await this.probe.ask('real', path))[0] ?? path;
  }

  async namesIn(folder: string): Promise<string[] | undefined> {
    return linesUnlessClosed(await this.probe.ask('list', folder));
  }

  async targetsIn(folder: string): Promise<string[] | undefined> {
    return linesUnlessClosed(await this.probe.ask('links', folder));
  }

  async targetOf(path: string): Promise<string | undefined> {
    return linesOf(await this.probe.ask('link', path))[0];
  }

  async included(pattern: string, fromFile: string): Promise<(IncludedFile | UnreadInclude)[]> {
    const files = linesOf(await this.probe.ask('glob', posix.resolve(posix.dirname(fromFile), pattern)));
    return Promise.all(
      files.sort().map(async (file) => {
        const read = await this.readFile(file);
        if ('text' in read) return { file, text: read.text };
        const { code, reason } = read.unreadable;
        return { file, reason, why: code === 'EACCES' ? ('unreadable' as const) : ('skipped' as const) };
      }),
    );
  }

  async processStats(name: string): Promise<{ pid: number; stat: string }[]> {
    const stats = linesOf(await this.probe.ask('processes', name));
    return stats.flatMap((stat) => {
      const pid = Number.parseInt(stat, 10);
      return Number.isNaN(pid) ? [] : [{ pid, stat }];
    });
  }
}

function introductionIn(text: string): Introduction | undefined {
  const [uid = '', userName = '', hostName = '', kernelRelease = '', ...paths] = text.split('\n');
  if (!/^\d+$/.test(uid) || kernelRelease === '' || paths.length < TOOLS.length) return undefined;
  const found = TOOLS.flatMap((tool, i): [string, string][] => (paths[i] ? [[tool, paths[i]]] : []));
  return { isRoot: uid === '0', userName, hostName, kernelRelease, tools: new Map(found) };
}

function linesOf({ body }: Answer): string[] {
  return body
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function linesUnlessClosed(answer: Answer): string[] | undefined {
  return answer.head === 'EACCES' ? undefined : linesOf(answer);
}

function unreadableBy(code: string): Unreadable {
  return { code, reason: reasonOf(code) };
}

function isKind(kind: string): kind is PathFacts['kind'] {
  return ['file', 'folder', 'socket', 'other'].includes(kind);
}
