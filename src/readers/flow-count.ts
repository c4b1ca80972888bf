import type { TrackingUse } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import type { FlowCount } from '../model/flow-count.js';
import type { Counter } from '../model/number.js';
import {
  COUNT_SYSCTLS,
  type CountSysctl,
  type CountSysctls,
  flowCount,
  parseCapturedCount,
  parseSysctl,
} from '../parsers/flow-count.js';
import { recognise } from '../parsers/recognise.js';
import { readCapture } from '../sources/capture.js';
import type { SourceOptions } from '../sources/options.js';
import type { Place } from '../sources/place.js';
import { NOT_LOADED, trackingLoaded } from './tracking-loaded.js';

/** How full the table is, and what is to be said with it. */
export interface FlowCountReading {
  count: FlowCount;
  complete: true;
  notes: string[];
  /** Only where connection tracking is not loaded. */
  tracking?: TrackingUse;
}

const EXPECTATIONS = '/proc/net/nf_conntrack_expect';

/**
 * How full the kernel's flow table is, live or from a capture. Of the sysctls, not of `conntrack -C`: everybody may read
 * them, they tell the limits too, and conntrack prints the same number from them to who has no rights, with an error beside
 * it (formats.md §7).
 *
 * @throws Failure PERMISSION_DENIED or BAD_ANSWER where the kernel's own files can't be read
 */
export async function readFlowCount(options: SourceOptions): Promise<FlowCountReading> {
  if (options.from !== undefined) return capturedCount(options.from, options);
  if (!(await trackingLoaded(options.place))) {
    return { count: { flows: 0 }, complete: true, tracking: 'not_loaded', notes: [NOT_LOADED] };
  }
  const { place } = options;
  const [flows, limits, expectations] = await Promise.all([
    readFlows(place),
    readLimits(place),
    countExpectations(place),
  ]);
  if (expectations !== undefined || !place.recorded) {
    return { count: flowCount(flows, limits, expectations), complete: true, notes: [] };
  }
  // Of a limit without a count it is said who may count; in a record nobody may.
  const { expect_max: _, ...known } = limits;
  const notes = [`${place.name} does not say how many expectations there are.`];
  return { count: flowCount(flows, known), complete: true, notes };
}

async function readFlows(place: Place): Promise<Counter> {
  const file = fileOf('count');
  const read = await place.readFile(file);
  if ('unreadable' in read) {
    const { code, reason } = read.unreadable;
    throw new Failure(/^E(ACCES|PERM)$/.test(code) ? 'PERMISSION_DENIED' : 'BAD_ANSWER', `${file} ${reason}.`, {
      next: 'Everybody may read it, unless something hides it from this process: a container, a sandbox of its service.',
    });
  }
  const flows = parseSysctl(read.text);
  if (flows === undefined) throw new Failure('BAD_ANSWER', `${file} holds no number.`);
  return flows;
}

/** A limit that can't be read is absent: the count stands without it. */
async function readLimits(place: Place): Promise<CountSysctls> {
  const limits: CountSysctls = {};
  for (const name of COUNT_SYSCTLS) {
    const read = await place.readFile(fileOf(name));
    const value = 'text' in read ? parseSysctl(read.text) : undefined;
    if (value !== undefined) limits[name] = value;
  }
  return limits;
}

/** A line each, of both families. Only root may read them, and not every kernel has the file. */
async function countExpectations(place: Place): Promise<Counter | undefined> {
  const read = await place.readFile(EXPECTATIONS, 'latin1');
  return 'text' in read ? read.text.split('\n').length - 1 : undefined;
}

function fileOf(name: CountSysctl): string {
  return `/proc/sys/net/netfilter/nf_conntrack_${name}`;
}

async function capturedCount(path: string, options: SourceOptions): Promise<FlowCountReading> {
  const { name, text } = await readCapture(path, options.abort);
  const { count, ...limits } = parseCapturedCount(text);
  if (count !== undefined) return { count: flowCount(count, limits), complete: true, notes: [] };
  const looksLike = recognise(text);
  const found = looksLike === undefined ? 'holds no count of flows' : `looks like ${looksLike}`;
  throw new Failure('BAD_CAPTURE', `${name} ${text === '' ? 'is empty' : found}.`, {
    next: 'This command reads the output of conntrack -C, or of sysctl net.netfilter.',
  });
}
