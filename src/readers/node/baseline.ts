import { Failure } from '../../model/failure.js';
import type { NodeSample } from '../../model/node-observation.js';
import { sinceBoot } from '../../sources/clock.js';
import { readSmallFile } from '../../sources/files.js';
import { readProc } from '../../sources/processes.js';
import { READABLE_FOR_US, replaceFile } from '../../sources/replaced-file.js';

/** A sample that an earlier run has left, or why there is none. */
export interface Baseline {
  sample?: NodeSample;
  /** Half a sentence. */
  missing?: string;
}

const SCHEMA = 'ctsync/check-state/1';

/** What stands in the file. Counters beyond 2^53 are texts with a mark before them. */
interface State {
  schema: string;
  /** Samples are compared by the clock that runs since then. */
  boot_id: string;
  sample: NodeSample;
}

/** What an earlier run has left in a file; a file that is damaged, or from before a restart of the machine, is as good as none. */
export async function readBaseline(path: string): Promise<Baseline> {
  const read = readSmallFile(path);
  if ('unreadable' in read) {
    if (read.unreadable.code === 'ENOENT') return { missing: 'this is the first run, so there is no baseline yet' };
    throw new Failure('OUTPUT_FAILED', `The state file ${path} ${read.unreadable.reason}.`, {
      next: 'Name a file of your own: --state-file FILE.',
    });
  }
  const state = stateIn(read.text);
  if (state === undefined) return { missing: `the baseline in ${path} is damaged and begins anew` };
  if (state.boot_id !== (await bootId())) return { missing: 'the machine was restarted since the last run' };
  return state.sample.at <= sinceBoot()
    ? { sample: state.sample }
    : { missing: 'the baseline is from another machine' };
}

/**
 * Leaves a sample for the next run.
 *
 * @throws Failure OUTPUT_FAILED; what was there is then as it was
 */
export async function saveBaseline(path: string, sample: NodeSample): Promise<void> {
  const state: State = { schema: SCHEMA, boot_id: await bootId(), sample };
  replaceFile(path, {
    text: `${JSON.stringify(state, (_, value: unknown) => (typeof value === 'bigint' ? `${MARK}${value}` : value))}\n`,
    mode: READABLE_FOR_US,
    what: 'The baseline was',
    instead: 'Name a file of your own: --state-file FILE.',
  });
}

const MARK = 'bigint:';
const MARKED = /^bigint:(\d{1,20})$/;

function stateIn(text: string): State | undefined {
  try {
    const value: unknown = JSON.parse(text, (_, field: unknown) => {
      const [, digits] = typeof field === 'string' ? (MARKED.exec(field) ?? []) : [];
      return digits === undefined ? field : BigInt(digits);
    });
    return isState(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** As much as has to be true for rules to look into it: what it holds beyond that was written by us. */
function isState(value: unknown): value is State {
  const state = value as Partial<State> | null;
  return (
    state?.schema === SCHEMA &&
    typeof state.boot_id === 'string' &&
    typeof state.sample?.at === 'number' &&
    typeof state.sample.pages === 'object'
  );
}

async function bootId(): Promise<string> {
  return ((await readProc('sys/kernel/random/boot_id')) ?? '').trim();
}
