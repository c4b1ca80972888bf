import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** What the real keepalived understood, as its own dump shows it. */
export interface Understood {
  groups: { name: string; members: string[]; scripts: Record<string, string[]> }[];
  instances: { name: string; router_id: number; priority: number; virtual: string[]; excluded: string[] }[];
  /** What it complained about. */
  complaints: string[];
}

/** Whether keepalived 2.2 can be run here in a network of its own, which takes root. */
export function canRunKeepalived(): boolean {
  const { stderr } = spawnSync('keepalived', ['-v'], { encoding: 'latin1' });
  return typeof stderr === 'string' && stderr.includes('v2.2.') && spawnSync('unshare', ['-n', 'true']).status === 0;
}

const NETWORK = `
  ip link set lo up
  ip link add ka0 type veth peer name ka1
  ip link set ka0 up
  ip link set ka1 up
  ip addr add 10.91.255.1/24 dev ka0
  ip addr add 10.91.254.1/24 dev ka1
  exec keepalived --dont-fork --log-console --dump-conf --vrrp --config-id r1 "$@"
`;

/** Runs keepalived in a network namespace of its own until it has shown what it understood. */
export async function understand(file: string): Promise<Understood> {
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-keepalived-'));
  const pidFiles = ['-p', join(folder, 'p'), '-r', join(folder, 'r'), '-c', join(folder, 'c')];
  const child = spawn('unshare', ['-n', 'sh', '-ec', NETWORK, 'sh', '-f', file, ...pidFiles], {
    cwd: dirname(file),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 15_000,
  });
  try {
    // Apart: a complaint must not land in the middle of the dump.
    const said = { stdout: '', stderr: '' };
    const ended = new Promise<void>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', () => resolve());
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].on('data', (chunk: Buffer) => {
          said[stream] += chunk.toString('latin1');
          if (said[stream].includes('------< Interfaces >------')) child.kill('SIGTERM');
        });
      }
    });
    await ended;
    return readDump(`${said.stdout}\n${said.stderr}`);
  } finally {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}

const STAMP = /^\w{3} \w{3} +\d+ [\d:]+ \d{4}: /;

function readDump(said: string): Understood {
  const understood: Understood = { groups: [], instances: [], complaints: [] };
  let list: string[] | undefined;
  for (const line of said.split('\n').map((each) => each.replace(STAMP, ''))) {
    if (/Line \d+\)|missing|Extra|parsed invalid/.test(line)) understood.complaints.push(line);
    const instance = /^ VRRP Instance = (.*)$/.exec(line)?.[1];
    const group = /^ VRRP Sync Group = (.*), \w+$/.exec(line)?.[1];
    const script = /^ {3}(\w+) state transition script = (.*), uid/.exec(line);
    const current = understood.instances.at(-1);
    if (instance !== undefined) {
      understood.instances.push({ name: instance, router_id: 0, priority: 0, virtual: [], excluded: [] });
    } else if (group !== undefined) {
      understood.groups.push({ name: group, members: [], scripts: {} });
    } else if (script?.[1] !== undefined && understood.groups.length > 0) {
      (understood.groups.at(-1) as Understood['groups'][number]).scripts[script[1]] = (script[2] ?? '').split(/ (?=')/);
    } else if (current !== undefined && /^ {3}Virtual Router ID = /.test(line)) {
      current.router_id = Number(line.split('= ')[1]);
    } else if (current !== undefined && /^ {3}Priority = /.test(line)) {
      current.priority = Number(line.split('= ')[1]);
    }
    if (/^ {5}\S/.test(line)) list?.push(line.trim().split(/ (?:dev|brd) /)[0] ?? '');
    else if (/^ {3}Virtual IP \(/.test(line)) list = current?.virtual;
    else if (/^ {3}Virtual IP Excluded/.test(line)) list = current?.excluded;
    else if (/^ {3}VRRP member instances/.test(line)) list = understood.groups.at(-1)?.members;
    // keepalived's processes log into each other's lines: what is not indented is no part of the dump.
    else if (line.startsWith(' ')) list = undefined;
  }
  return understood;
}
