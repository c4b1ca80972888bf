import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the real conntrackd says about a configuration. */
export interface Verdict {
  accepted: boolean;
  /** Where it stops with a syntax error. */
  syntax?: { line: number; symbol: string };
  /** Its error where it stops for another reason. */
  error?: string;
  warnings: string[];
}

/** Whether the conntrackd of this machine is the one whose grammar is written down. */
export function hasConntrackd147(): boolean {
  const { stdout } = spawnSync('conntrackd', ['-v'], { encoding: 'latin1' });
  return typeof stdout === 'string' && stdout.includes('v1.4.7');
}

// One shell for many files: to start conntrackd from here costs several times what its answer does.
const ASK_FOR_EACH = 'for file in *.conf; do conntrackd -C "$file" -s 2> "$file.says" > /dev/null; done';

/**
 * Asks the real conntrackd about each text, as a client: it reads the file and finds no daemon, since the control socket
 * is not there.
 */
export function judge(texts: readonly string[]): Verdict[] {
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-conf-'));
  const file = (index: number): string => join(folder, `${index}.conf`);
  try {
    texts.forEach((text, index) => writeFileSync(file(index), text));
    const { error } = spawnSync('sh', ['-c', ASK_FOR_EACH], { cwd: folder, timeout: 100_000 });
    if (error !== undefined) throw error;
    return texts.map((_, index) => verdictOf(readFileSync(`${file(index)}.says`, 'latin1')));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function verdictOf(stderr: string): Verdict {
  const warnings: string[] = [];
  // A symbol may hold line breaks of its own: a message ends where the next one begins.
  const messages = stderr.split(/^\[[^\]\n]*\] \(pid=\d+\) /m).slice(1);
  for (const message of messages.map((each) => each.replace(/\n$/, ''))) {
    const syntax = /^\[ERROR\] parsing config file in line \((\d+)\), symbol '(.*)': [a-z ]+$/s.exec(message);
    if (syntax) return { accepted: false, syntax: { line: Number(syntax[1]), symbol: syntax[2] ?? '' }, warnings };
    const error = /^\[ERROR\] (.*)$/s.exec(message)?.[1];
    if (error?.startsWith("can't connect")) return { accepted: true, warnings };
    if (error !== undefined) return { accepted: false, error, warnings };
    warnings.push(message.replace(/^\[warning\] /, ''));
  }
  // A daemon that runs on this machine with the same control socket answers the request.
  return { accepted: true, warnings };
}
