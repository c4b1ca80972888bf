import type { ActionResult } from './action.js';
import type { BundleComparison } from './bundle-comparison.js';
import type { BundleSummary } from './bundle-summary.js';
import type { BundleManifest } from './bundle.js';
import type { CheckStatus, Metric } from './check.js';
import type { CommitReport } from './configuration.js';
import type { ConntrackStatistics } from './conntrack-statistics.js';
import type { LogOrigin, LogRecord, LogSummary } from './daemon-log.js';
import type { SyncStatistics } from './daemon-pages.js';
import type { StatisticsRates } from './daemon-rates.js';
import type { Ending, FlowListing, NotedEnding, Origin } from './document-parts.js';
import type { CacheName, DumpSummary, TrackingUse } from './dump.js';
import type { Expectation, ExpectationSummary } from './expectation.js';
import type { FailoverHook } from './failover-hook.js';
import type { FailureReport } from './failure.js';
import type { ExplainedCommand } from './flow-question.js';
import type { FlowTop } from './flow-top.js';
import type { Health } from './health.js';
import type { FlowCount } from './flow-count.js';
import type { CollectorOutcome, MetricFamily } from './metrics.js';
import type { Counter } from './number.js';
import type { SyncConfiguration } from './sync-configuration.js';
import type { SyncStatus } from './sync-status.js';
import type { HistoryOrigin, HistorySummary, Transition } from './transition.js';

/** `show conntrack table …` and `show conntrack dying`. */
export interface FlowTableDocument extends FlowListing {
  schema: 'ctsync/flow-table/1';
  /** Which of the kernel's tables; absent for the main one. */
  table?: 'dying';
  /** Whether connection tracking is at work at all; only where the table is empty. */
  tracking?: TrackingUse;
}

/** A table of flows with one level of keys. */
export interface FlatFlowTableDocument extends Origin, Ending {
  schema: 'ctsync/flow-table-flat/1';
  /** Which of the kernel's tables; absent for the main one, and for a cache. */
  table?: 'dying';
  /** Which of conntrackd's caches; absent for a table of the kernel's. */
  cache?: CacheName;
  /** Keys are those of a flow, with `original_` and `reply_` before those of its tuples; lists are joined by commas. */
  flows: Record<string, string | Counter>[];
  summary: DumpSummary;
  /** Sentences that an operator should read with the table. */
  notes?: string[];
  /** Whether connection tracking is at work at all; only where the table is empty. */
  tracking?: TrackingUse;
}

/** The last line of a table of flows in NDJSON. */
export interface SummaryDocument extends Origin, Ending {
  schema: 'ctsync/summary/1';
  /** Which of the kernel's tables; absent for the main one, and for a cache. */
  table?: 'dying';
  /** Which of conntrackd's caches; absent for a table of the kernel's. */
  cache?: CacheName;
  summary: DumpSummary;
  /** Sentences that an operator should read with the table. */
  notes?: string[];
  /** Whether connection tracking is at work at all; only where the table is empty. */
  tracking?: TrackingUse;
}

/** `--count` and `--exists`. */
export interface FlowMatchesDocument extends Origin, NotedEnding {
  schema: 'ctsync/flow-matches/1';
  /**
   * How many flows match.
   * @asType integer
   */
  count?: number;
  /** Whether a flow matches; absent where none was found in an answer that is not whole. */
  exists?: boolean;
  /** With `count`, and where no flow was found: to find one, not all are read. */
  summary?: DumpSummary;
}

/** `--explain`. */
export interface FlowExplanationDocument extends Origin, Ending {
  schema: 'ctsync/flow-explanation/1';
  commands: ExplainedCommand[];
}

/** What ends a document that is no streamed table. */
interface KernelEnding extends Ending {
  /** Sentences that an operator should read with the answer. */
  notes?: string[];
  /** Only where connection tracking is not loaded. */
  tracking?: TrackingUse;
}

/** `show conntrack expect`. */
export interface ExpectationsDocument extends Origin, KernelEnding {
  schema: 'ctsync/expectations/1';
  /** Of both families, IPv4 first. */
  expectations: Expectation[];
  summary: ExpectationSummary;
}

/** `show conntrack count`. */
export interface FlowCountDocument extends Origin, KernelEnding {
  schema: 'ctsync/flow-count/1';
  count: FlowCount;
}

/** `show conntrack statistics`. */
export interface ConntrackStatisticsDocument extends Origin, KernelEnding {
  schema: 'ctsync/conntrack-statistics/1';
  statistics: ConntrackStatistics;
}

/** `show conntrack top`. */
export interface FlowTopDocument extends Origin, NotedEnding, FlowTop {
  schema: 'ctsync/flow-top/1';
  /** Of the second reading where there were two; `shown` are all flows that were counted. */
  summary: DumpSummary;
  /** Whether connection tracking is at work at all; only where the table is empty. */
  tracking?: TrackingUse;
}

/** `show conntrack-sync cache …`. */
export interface FlowCacheDocument extends FlowListing {
  schema: 'ctsync/flow-cache/1';
  cache: CacheName;
}

/** `show conntrack-sync cache … expect`. */
export interface ExpectationCacheDocument extends Origin, Ending {
  schema: 'ctsync/expectation-cache/1';
  cache: CacheName;
  /** In conntrackd's order. */
  expectations: Expectation[];
  summary: ExpectationSummary;
  /** Sentences that an operator should read with them: why there are none. */
  notes?: string[];
}

/** `show conntrack-sync statistics`. */
export interface SyncStatisticsDocument extends Origin, Ending {
  schema: 'ctsync/sync-statistics/1';
  /** Those of the second reading where there were two. */
  statistics: SyncStatistics;
  /** Only where there were two readings. */
  interval?: {
    /** Time between them, as measured. */
    seconds: number;
  };
  /** Between two readings; absent where the daemon was restarted meanwhile. */
  rates?: StatisticsRates;
  /** Sentences that an operator should read with them. */
  notes?: string[];
}

/** `show conntrack-sync status`. */
export interface SyncStatusDocument extends Origin, Ending {
  schema: 'ctsync/sync-status/1';
  status: SyncStatus;
  /** What is wrong on this node, and what was not checked; the codes are in docs/findings.md. */
  health: Health;
}

/** `generate support-bundle`: what it has written, or with --dry-run would collect. */
export interface SupportBundleDocument extends Origin, Ending {
  schema: 'ctsync/support-bundle/1';
  /** Where the bundle was written; absent with --dry-run. */
  path?: string;
  /** What it says of itself; absent with --dry-run. */
  manifest?: BundleManifest;
  /** Only with --dry-run: the name of each item in the bundle, and the command or the file that it comes from. */
  plan?: { name: string; from: string }[];
}

/** Any command with several `--host`. */
export interface HostsDocument {
  schema: 'ctsync/hosts/1';
  /** In the order in which the hosts were named. */
  results: {
    /** As it was named. */
    host: string;
    /** @asType integer */
    exit_code: number;
    /** What the command says of this host, also where it is an error; absent where it was ended before it said anything. */
    document?: object;
  }[];
  /** Whether every host has answered, and completely. */
  complete: boolean;
}

/** `show bundle`. */
export interface BundleSummaryDocument extends Origin, Ending, BundleSummary {
  schema: 'ctsync/bundle-summary/1';
}

/** `compare bundle`. */
export interface BundleComparisonDocument extends Origin, Ending, BundleComparison {
  schema: 'ctsync/bundle-comparison/1';
}

/** `show log conntrack-sync`. The summary comes after the records, which are streamed. */
export interface DaemonLogDocument extends Origin, Ending {
  schema: 'ctsync/daemon-log/1';
  log: LogOrigin;
  /** In the order of the log. */
  records: LogRecord[];
  summary: LogSummary;
  /** Sentences that an operator should read with the log. */
  notes?: string[];
}

/** `show configuration hook`. */
export interface FailoverHookDocument extends Origin, Ending, Omit<FailoverHook, 'notes'> {
  schema: 'ctsync/failover-hook/1';
  /** What else keepalived needs, in sentences. */
  notes?: string[];
}

/** A line of transitions.ndjson, and of `show conntrack-sync history --format ndjson`. */
export interface TransitionDocument extends Transition {
  schema: 'ctsync/transition/1';
}

/** `show conntrack-sync history`. */
export interface TransitionHistoryDocument extends Origin, NotedEnding {
  schema: 'ctsync/transition-history/1';
  history: HistoryOrigin;
  /** The oldest first. */
  transitions: Transition[];
  summary: HistorySummary;
}

/** `export prometheus` and `export openmetrics`. There may be more families and collectors one day. */
export interface MetricsDocument extends Origin, Ending {
  schema: 'ctsync/metrics/1';
  /** In the order of docs/metrics.md; a name is that of Prometheus, with the `_total` of a counter. */
  families: (Pick<MetricFamily, 'samples'> & { name: string })[];
  collectors: (Omit<CollectorOutcome, 'collector'> & { collector: string })[];
}

/** `check …`; also where it could not be made: then it says UNKNOWN. */
export interface CheckDocument extends Partial<Origin> {
  schema: 'ctsync/check/1';
  service: string;
  status: CheckStatus;
  message: string;
  details: string[];
  metrics: (Metric & {
    /** The range that was given. */
    warning?: string;
    /** The range that was given. */
    critical?: string;
  })[];
}

/** `show configuration`. */
export interface ConfigurationDocument extends Origin, NotedEnding {
  schema: 'ctsync/configuration/1';
  /** Whether it is the candidate, which was not committed; false where there is none. */
  candidate: boolean;
  configuration: SyncConfiguration;
  /** The same as lines to be typed. */
  commands: string[];
  /** With --rendered: conntrackd.conf as a commit would write it. */
  rendered?: string;
}

/** `set`, `delete`, `load`, `import`, `discard`, `save` and `compare`: what the candidate changes then. */
export interface CandidateDocument extends Origin, NotedEnding {
  schema: 'ctsync/candidate/1';
  /** The lines that make it of what was committed, in the order in which they can be typed; none where nothing is changed. */
  changes: string[];
}

/** `commit` and `rollback`. */
export interface CommitDocument extends Origin, Ending, Omit<CommitReport, 'outcome'> {
  schema: 'ctsync/commit/1';
  /** `refused`: nothing was touched, and `error` says why. */
  outcome: CommitReport['outcome'] | 'refused';
}

/** `reset …`, `restart conntrack-sync` and `sync conntrack-sync …`. */
export interface ActionDocument extends Origin, Ending, ActionResult {
  schema: 'ctsync/action/1';
}

/** `manifest.json` of a support bundle. */
export interface BundleManifestDocument extends BundleManifest {
  schema: 'ctsync/bundle/1';
}

/** What any command prints with `--json` where it has no answer. */
export interface ErrorDocument {
  schema: 'ctsync/error/1';
  complete: false;
  error: FailureReport;
}
