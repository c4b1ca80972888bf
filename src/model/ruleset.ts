/** Whether a ruleset makes the kernel track connections. */
export interface ConntrackUse {
  uses: boolean;
  /** The first thing in the ruleset that does, in words; absent where nothing does. */
  evidence?: string;
}
