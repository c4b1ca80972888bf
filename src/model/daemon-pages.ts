import type { LinkPage } from './link.js';
import type { Counter } from './number.js';
import type { DaemonRuntime } from './runtime.js';
import type { ActiveLinkStatistics, Operations, TableStatistics } from './statistics.js';

/** Operations on a cache with the reasons why some failed. */
export interface CacheOperations extends Operations {
  /** Creations only: no memory for the object. */
  no_memory?: Counter;
  /** Creations only: the cache held as many as HashLimit allows. */
  no_space?: Counter;
  /** Updates and deletions only: the cache has no such object. That is usual after a restart or a flush. */
  not_found?: Counter;
}

/**
 * One cache of conntrackd's `-s cache` page (formats.md §10). Counters are 32 bits wide. A bypass (DisableInternalCache)
 * and an injection (DisableExternalCache) have only what their block of `-s` has.
 */
export interface CacheDetails {
  /** `internal` or `external`; `stats` in statistics mode. */
  name: string;
  kind: 'cache' | 'bypass' | 'inject';
  /** Objects that are alive. */
  active?: Counter;
  /** Objects, with those that are dead and not acknowledged yet. */
  total?: Counter;
  created: CacheOperations;
  updated: CacheOperations;
  destroyed: CacheOperations;
}

/** conntrackd's `-s cache` page. */
export interface CachePage {
  caches: CacheDetails[];
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}

/** conntrackd's `-s network` page (formats.md §10): why messages of the peer were thrown away, and how many were lost. */
export interface NetworkPage {
  received: {
    /** All messages that were thrown away, for whatever reason. */
    malformed: Counter;
    wrong_version: Counter;
    malformed_header: Counter;
    malformed_payload: Counter;
    bad_type: Counter;
    truncated: Counter;
    bad_size: Counter;
  };
  sent: { malformed: Counter };
  /** By sequence number. A gap of n messages counts n+2 (formats.md §16.19). */
  sequence: {
    lost: Counter;
    /** Messages that came after a later one, or twice. */
    before: Counter;
  };
  /** Of the active link only. */
  link: ActiveLinkStatistics;
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}

/** A queue of messages in conntrackd. */
export interface MessageQueue {
  /** `txqueue` waits to be sent, `errorq` could not be sent (TCP), `rsqueue` waits to be acknowledged (FTFW). */
  name: string;
  elements: Counter;
  /** How many it takes; the largest 31-bit number where there is no limit. */
  limit: Counter;
  /** How often it was full. */
  no_space: Counter;
}

/** conntrackd's `-s queue` page (formats.md §10). */
export interface QueuePage {
  allocated_nodes: Counter;
  queues: MessageQueue[];
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}

/** A message that FTFW keeps until the peer has acknowledged it. */
export interface UnacknowledgedMessage {
  /** `control`: a message about the synchronisation itself. `object`: a flow or an expectation. */
  kind: 'control' | 'object';
  /** Sequence number, 32 bits. */
  seq: Counter;
  /** As a number, of control messages only. */
  flags?: Counter;
}

/** conntrackd's `-s rsqueue` page, which it has in FTFW mode only (formats.md §10). */
export interface ResendQueue {
  length: Counter;
  messages: UnacknowledgedMessage[];
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}

/** A child that conntrackd has forked. */
export interface DaemonChild {
  /** @asType integer */
  pid: number;
  /** `any`, `flush`, `commit` or `unknown` as printed. */
  type: string;
}

/** conntrackd's `-s process` page; no child at most times. */
export interface ProcessPage {
  children: DaemonChild[];
  /** Lines of the page that ctsync does not know, as printed. */
  extra?: string[];
}

/** conntrackd's nine pages of statistics, by the words that ask for them. */
export interface DaemonPages {
  main: TableStatistics;
  expect: TableStatistics;
  network: NetworkPage;
  cache: CachePage;
  runtime: DaemonRuntime;
  link: LinkPage;
  queue: QueuePage;
  rsqueue: ResendQueue;
  process: ProcessPage;
}

export type DaemonPageName = keyof DaemonPages;

/** The words that ask for the pages, in the order in which they are shown; `main` is conntrackd's page without a word. */
export const DAEMON_PAGES = [
  'main',
  'expect',
  'network',
  'cache',
  'runtime',
  'link',
  'queue',
  'rsqueue',
  'process',
] as const satisfies readonly DaemonPageName[];

/** Why conntrackd prints nothing for a page, in a few words: it is so by the way the daemon is set up, and no failure. */
export interface EmptyPages {
  expect?: string;
  network?: string;
  link?: string;
  queue?: string;
  rsqueue?: string;
}

/**
 * Those of conntrackd's pages that were asked for. A page is absent where it could not be had, and where the daemon has
 * none: `empty` then says why. Where no page was named, there are `main` and, where expectations are synchronised, `expect`.
 */
export interface SyncStatistics extends Partial<DaemonPages> {
  /** Absent where no page that was asked for by its name is empty. */
  empty?: EmptyPages;
}
