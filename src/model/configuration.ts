/** Something about a configuration that keeps it from being committed, or that an operator should know before. */
export interface ConfigurationFinding {
  /** `error`: it is not committed with it. */
  severity: 'error' | 'warning';
  /** One sentence. */
  message: string;
  /** The statement that causes it, behind `service conntrack-sync`; absent where it is one that is missing. */
  statement?: string;
  /** Lines to be typed, which would put it right. */
  lines?: string[];
}

/** What a commit has done, or would do. */
export interface CommitReport {
  /** `dry-run`: nothing was touched. */
  outcome: 'committed' | 'unchanged' | 'dry-run';
  /** Path of the daemon's configuration. */
  file: string;
  /** The lines that make the new configuration of the old one. */
  changes: string[];
  findings: ConfigurationFinding[];
  /** Sentences on what was done, or would be, one after the other. */
  steps: string[];
  /** Sentences on what is to be done elsewhere, and on what is not known. */
  notes: string[];
}
