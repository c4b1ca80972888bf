/** What is asked of a host beside its tools and the texts of its files. */
export type HostQuestion =
  /** Why the file at a path can't be read. */
  | 'file'
  | 'look'
  | 'holds'
  | 'resolved'
  | 'names'
  | 'included'
  | 'targets'
  | 'target'
  | 'processes'
  | 'tool'
  | 'programs'
  /** Of a log: when it was written last, or why it can't be opened. */
  | 'log';

/** One question that a host was asked, and its answer. */
export interface HostFact {
  question: HostQuestion;
  /** The path, folder or name that was asked about. */
  of: string[];
  /** Absent where the host did not tell. */
  answer?: unknown;
}

/** What a host told about itself and its files when a support bundle was made: with it, every view of it can be shown again. */
export interface HostFacts {
  schema: 'ctsync/host-facts/1';
  /** Whether it was asked as root. */
  is_root: boolean;
  /** By whom it was asked. */
  user: string;
  facts: HostFact[];
}
