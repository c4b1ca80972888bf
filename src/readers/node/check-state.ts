import { CHECK_SERVICES, type CheckName } from '../../model/check.js';
import type { SignedSample } from '../../model/daemon-sign.js';
import type { NodeSample } from '../../model/node-observation.js';
import { crc32 } from '../../sources/checksum.js';

const SCHEMA = 'ctsync/check-state/3';

/** What stands in a state file: what each check has left, on its own. */
export interface CheckState {
  schema: typeof SCHEMA;
  /** Samples are compared by the clock that runs since then. */
  boot_id: string;
  checks: Partial<Record<CheckName, Written>>;
}

/** What a check has left, and the checksum that tells whether it is still what was written. */
export interface Written {
  crc32: number;
  /** A signed sample. Counters beyond 2^53 are texts with a mark before them. */
  kept: unknown;
}

/** A state file's text as what it is; undefined where it is damaged, or no state file. Its samples may still be damaged. */
export function stateIn(text: string): CheckState | undefined {
  const state = parsed(text) as Partial<CheckState> | null | undefined;
  const { schema, boot_id: boot, checks } = state ?? {};
  if (schema !== SCHEMA || typeof boot !== 'string' || !isObject(checks)) return undefined;
  return { schema, boot_id: boot, checks };
}

/** What a check has left, as it was written; undefined where it was changed since. */
export function keptOf(written: unknown, check: CheckName): SignedSample | undefined {
  if (!isObject(written)) return undefined;
  const { crc32: checksum, kept } = written as Partial<Written>;
  if (!isObject(kept)) return undefined;
  const text = JSON.stringify(kept);
  return checksum === checksumOf(check, text) ? (JSON.parse(text, revived) as SignedSample) : undefined;
}

/** A state with a check's new sample, beside those of other checks that are not damaged. */
export function samplesOf(
  others: CheckState['checks'],
  boot: string,
  check: CheckName,
  kept: SignedSample,
): CheckState {
  const checks: CheckState['checks'] = {};
  for (const name of Object.keys(CHECK_SERVICES) as CheckName[]) {
    const other = others[name];
    if (keptOf(other, name) !== undefined) checks[name] = other!;
  }
  // Through text and back: what is left out of the one must not be in the other.
  const text = JSON.stringify(kept, marked);
  checks[check] = { crc32: checksumOf(check, text), kept: JSON.parse(text) };
  return { schema: SCHEMA, boot_id: boot, checks };
}

/** As much as has to be true for a sample to be looked into. */
export function isSample(sample: unknown): sample is NodeSample {
  if (!isObject(sample)) return false;
  const { at, pages } = sample as Partial<NodeSample>;
  return typeof at === 'number' && isObject(pages);
}

/** A sample of one check is none of another, so the name counts. */
function checksumOf(check: CheckName, text: string): number {
  return crc32(`${check}\n${text}`);
}

const MARK = 'bigint:';
const MARKED = /^bigint:(\d{1,20})$/;

function marked(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${MARK}${value}` : value;
}

function revived(_: string, value: unknown): unknown {
  const [, digits] = typeof value === 'string' ? (MARKED.exec(value) ?? []) : [];
  return digits === undefined ? value : BigInt(digits);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
