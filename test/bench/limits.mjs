import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ownerIsAlive } from '../lab/owner.ts';

const MAX = '/proc/sys/net/netfilter/nf_conntrack_max';
const BUCKETS = '/sys/module/nf_conntrack/parameters/hashsize';

/** What the two were before, for the next run if this one is killed; gone after a restart, as our values are. */
const BEFORE = '/run/ctsync-bench-limits.json';

/**
 * Raises the limits of the whole machine where they are too low for so many flows, until the process ends or
 * {@link restoreLimits} is called.
 * @param {string} owner id of the lab that needs them
 * @throws while another benchmark is running
 */
export function raiseLimits(owner, flows) {
  const earlier = noted();
  if (earlier !== undefined && ownerIsAlive(earlier.owner)) throw new Error('another benchmark is running');
  restoreLimits();
  const values = { [MAX]: read(MAX), [BUCKETS]: read(BUCKETS) };
  writeFileSync(BEFORE, JSON.stringify({ owner, values }), { mode: 0o600, flag: 'wx' });
  process.on('exit', restoreLimits);
  if (values[MAX] < flows * 1.1) write(MAX, Math.ceil(flows * 1.1));
  // A bucket for each flow: a crowded table would make conntrack slow, and us look good.
  if (values[BUCKETS] < flows) write(BUCKETS, flows);
}

export function restoreLimits() {
  process.off('exit', restoreLimits);
  for (const [path, value] of Object.entries(noted()?.values ?? {})) if (read(path) !== value) write(path, value);
  rmSync(BEFORE, { force: true });
}

function noted() {
  return existsSync(BEFORE) ? JSON.parse(readFileSync(BEFORE, 'utf8')) : undefined;
}

function read(path) {
  return Number(readFileSync(path, 'utf8'));
}

function write(path, value) {
  writeFileSync(path, String(value));
}
