import type { FlowStream } from './flow-stream.js';

/** How flows are going to be read. */
export interface Reading {
  /** Nothing is shown before all of them have been read, so they need not come as soon as they are found. */
  whole?: boolean;
  /** Nothing is asked of a flow that its line has behind its counters, so its mark and what follows need not be read. */
  upToCounters?: boolean;
}

/** A question about flows, ready to be asked. */
export interface FlowQuestion {
  /** All flows that match, as they come. */
  matching(reading?: Reading): Promise<FlowStream>;
  /** Those to be shown, in their order. */
  arranged(): Promise<FlowStream>;
  /** Who filters what. */
  explanation(): FlowExplanation;
}

/** Who filters what, and which commands are run for it. */
export interface FlowExplanation {
  /** For an operator. */
  lines: string[];
  commands: ExplainedCommand[];
}

/** One command and how the work on the filter is shared between it and ctsync. */
export interface ExplainedCommand {
  /** Absent where no flow of the family can match: nothing is asked then. */
  command?: string[];
  /** Absent where both are asked for at once. */
  family?: 'ipv4' | 'ipv6';
  /** What conntrack filters, each with the arguments that make it do so. */
  pushed: { filter: string; args: string[]; by: 'kernel' | 'conntrack' }[];
  /** What ctsync filters itself, and why. */
  kept: { filter: string; because: string }[];
}
