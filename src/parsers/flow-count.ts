import type { FlowCount } from '../model/flow-count.js';
import { counterOf, type Counter } from '../model/number.js';

/** The sysctls that tell how full the table is, by the ends of their names: `net.netfilter.nf_conntrack_count`. */
export const COUNT_SYSCTLS = ['count', 'max', 'buckets', 'expect_max'] as const;
export type CountSysctl = (typeof COUNT_SYSCTLS)[number];
export type CountSysctls = Partial<Record<CountSysctl, Counter>>;

const NUMBER = /^(\d{1,19})\n?$/;
/** A line of `sysctl net.netfilter`, and one of `grep . /proc/sys/net/netfilter/*`. */
const SETTING =
  /^(?:net\.netfilter\.|\/proc\/sys\/net\/netfilter\/)nf_conntrack_(count|max|buckets|expect_max)(?: ?= ?|:)(\d{1,19})$/gm;

/** The number in a file of sysctl's, or that of `conntrack -C`; undefined where the text is none. */
export function parseSysctl(text: string): Counter | undefined {
  const [, digits] = NUMBER.exec(text) ?? [];
  return digits === undefined ? undefined : counterOf(digits);
}

/** A captured count: the number of `conntrack -C`, or lines of sysctls. Empty where the text has none of them. */
export function parseCapturedCount(text: string): CountSysctls {
  // Line ends of another system, too, and none at all.
  const count = parseSysctl(text.trimEnd());
  if (count !== undefined) return { count };
  return Object.fromEntries(Array.from(text.matchAll(SETTING), ([, name, digits]) => [name!, counterOf(digits!)]));
}

/**
 * The sysctls as a model.
 *
 * @param expectations how many there are, where that is known
 */
export function flowCount(flows: Counter, sysctls: CountSysctls, expectations?: Counter): FlowCount {
  const { max: limit, buckets, expect_max: expectLimit } = sysctls;
  return {
    flows,
    ...(limit === undefined ? {} : { limit }),
    // The kernel takes a limit of 0 for none.
    ...(limit === undefined || limit === 0 ? {} : { used: Number(flows) / Number(limit) }),
    ...(buckets === undefined ? {} : { buckets }),
    ...(expectLimit === undefined
      ? {}
      : { expected: { ...(expectations === undefined ? {} : { expectations }), limit: expectLimit } }),
  };
}
