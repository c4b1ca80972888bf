import type { Counter } from './number.js';

/** How many expectations there are and may be (formats.md §5). */
export interface ExpectationCount {
  /** Expectations of both families; absent where this user may not count them. */
  expectations?: Counter;
  /** `nf_conntrack_expect_max`: a helper's new expectation is refused beyond it. */
  limit: Counter;
}

/** How full the kernel's flow table is, as its sysctls tell without a look at a single flow (formats.md §6, §7). */
export interface FlowCount {
  /**
   * Flows of both families in this network namespace. Flows that have expired are among them until the kernel removes
   * them: a listing shows fewer.
   */
  flows: Counter;
  /** `nf_conntrack_max`; 0 means that there is no limit. */
  limit?: Counter;
  /** Share of the limit that is used, 0 to 1 (above it where the limit was lowered); absent where there is no limit. */
  used?: number;
  /** `nf_conntrack_buckets`, the size of the hash table, which all namespaces of the machine share. */
  buckets?: Counter;
  /** Absent where the kernel does not tell the limit. */
  expected?: ExpectationCount;
}
