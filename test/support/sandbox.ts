import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { labUnavailable } from '../lab/available.js';
import { childEnvironment, ended, launch, must, run } from '../lab/run.js';
import type { Outcome, RunOptions } from '../lab/run.js';
import { missingTools } from './missing-tools.js';
import { NEUTRAL } from './ctsync.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A user without any rights, who exists in sandboxes only. */
export const OPERATOR = { name: 'operator', id: '4711' };

/** How a command is run in a sandbox. */
export interface SandboxOptions extends RunOptions {
  /** As the operator instead of root. */
  as?: 'operator';
  /** Shell lines that are run before it, as root. What they mount is there for this command only. */
  first?: string;
  /** In a network namespace of this command's own, without links, rules or flows. */
  alone?: boolean;
  /** A command that runs it: `setpriv …`, `strace …`. */
  under?: readonly string[];
}

/** Why sandboxes can't be made on this machine, as one sentence; absent where they can. */
export function sandboxUnavailable(): string | undefined {
  return (
    labUnavailable() ?? missingTools('sandboxes need', ['sudo', 'strace', 'iptables', 'setpriv', 'unshare', 'nsenter'])
  );
}

/**
 * Namespaces of its own for networks, mounts and processes, with the built release in them. What happens in it does not
 * reach the machine, and all of it ends with it; it ends with this process at the latest.
 */
export class Sandbox {
  private readonly anchor: ChildProcess;
  private readonly pid: string;

  private constructor(anchor: ChildProcess, pid: string) {
    this.anchor = anchor;
    this.pid = pid;
  }

  /**
   * Makes a sandbox: /mnt and /run are empty but for /mnt/ctsync and /mnt/node, /etc/sudoers allows nobody anything.
   *
   * @param setUp shell lines that are run in it, as root
   * @param netns the name of a network namespace that is there already, instead of a new one
   */
  static async start(setUp = '', netns?: string): Promise<Sandbox> {
    // bash takes in orphans, as the first process of a system has to. It ends when our end of its stdin is closed.
    const script = `set -e\n${OUTER_PID}\n${BASE}\n${setUp}\necho "$pid"\nread -r _`;
    const network = netns === undefined ? ['unshare', '--net'] : ['ip', 'netns', 'exec', netns, 'unshare'];
    const anchor = launch([...network, '--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', script], {
      env: childEnvironment({ ...NEUTRAL, ROOT, NODE: process.execPath }),
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    for await (const line of createInterface({ input: anchor.stdout! })) {
      if (/^\d+$/.test(line)) return new Sandbox(anchor, line);
    }
    throw new Error('the sandbox did not come up');
  }

  async stop(): Promise<void> {
    this.anchor.stdin?.end();
    await ended(this.anchor);
  }

  /** The command line that runs a program in the sandbox. */
  enter(argv: readonly string[], { as, first = '', alone = false, under = [] }: SandboxOptions = {}): string[] {
    const user = as === undefined ? [] : ['setpriv', '--reuid', OPERATOR.id, '--regid', OPERATOR.id, '--clear-groups'];
    const namespaces = ['--mount', ...(alone ? ['--net'] : [])];
    const into = ['nsenter', '--target', this.pid, '--net', '--mount', '--pid'];
    // The mounts of a new mount namespace are private: those that `first` makes are gone with the command.
    const script = `${first}\nexec "$@"`;
    return [...into, 'unshare', ...namespaces, 'bash', '-ec', script, 'bash', ...user, ...under, ...argv];
  }

  /** The command line that runs the built release in the sandbox. */
  commandLine(args: readonly string[], options: SandboxOptions = {}): string[] {
    return this.enter(['/mnt/node', '/mnt/ctsync/bin/run.js', ...args], options);
  }

  /** Runs the built release in the sandbox. */
  ctsync(args: readonly string[], options: SandboxOptions = {}): Promise<Outcome> {
    return run(this.commandLine(args, options), { ...options, env: { ...NEUTRAL, ...options.env } });
  }

  /** The processes of a program in the sandbox, by the numbers that the sandbox knows them by. */
  async processes(program: string): Promise<string[]> {
    const files = await this.sh(`grep -lsx '${program}' /proc/[0-9]*/comm || true`);
    return [...files.matchAll(/^\/proc\/(\d+)\//gm)].map(([, pid]) => pid!);
  }

  /** Runs shell lines in the sandbox, as root; they have to succeed. */
  sh(script: string): Promise<string> {
    return must(this.enter(['bash', '-ec', script]), { env: NEUTRAL });
  }
}

/** Shell lines for `first` after which tools are not installed; they stand in one folder. */
export function without(tool: string, ...others: string[]): string {
  return `
folder=$(dirname "$(readlink -f "$(command -v ${tool})")")
mkdir -p /mnt/without
mount --bind "$folder" /mnt/without
mount -t tmpfs -o mode=755 tmpfs "$folder"
"$(PATH=/mnt/without:$PATH command -v ln)" -s /mnt/without/* "$folder"
${[tool, ...others].map((name) => `rm "$folder/${name}"`).join('\n')}`;
}

// /proc is still that of the machine here, so this is the number by which the machine knows the process.
const OUTER_PID = 'read -r pid _ < /proc/self/stat';

/** The product is copied: an ordinary user may not be able to enter the folder that the checkout stands in. */
const BASE = `
mount -t proc proc /proc
mount -t tmpfs -o mode=755 tmpfs /mnt
mount -t tmpfs -o mode=755 tmpfs /run
mkdir /mnt/ctsync
cp -r "$ROOT/bin" "$ROOT/dist" "$ROOT/libexec" "$ROOT/package.json" "$ROOT/oclif.manifest.json" /mnt/ctsync
chmod -R a+rX /mnt/ctsync
touch /mnt/node
mount --bind "$NODE" /mnt/node
cp /etc/passwd /mnt/passwd
echo '${OPERATOR.name}:*:${OPERATOR.id}:${OPERATOR.id}::/nonexistent:/bin/sh' >> /mnt/passwd
mount --bind /mnt/passwd /etc/passwd
( umask 0226; echo 'Defaults !mail_no_user, !syslog' > /mnt/sudoers )
mount --bind /mnt/sudoers /etc/sudoers
ip link set lo up`;
