/** Whether an answer came from a tool, from a file of the host, or was made of other answers by ctsync. */
export type BundleItemKind = 'command' | 'file' | 'document';

/** Why something could not be had. */
export interface BundleItemError {
  /** Stable code: that of a failure, or of the system (`ENOENT`). */
  code: string;
  /** One sentence. */
  message: string;
}

/**
 * One thing that a bundle holds, or should hold. Without `sha256` it could not be had: it is no member of the archive then,
 * and `error` says why.
 */
export interface BundleItem {
  /** Path in the folder of its node, of safe characters only: `conntrackd/s-runtime.txt`. No two of a node have the same. */
  name: string;
  kind: BundleItemKind;
  /** The argument list that gave it, without `sudo`; only for a command. */
  argv?: string[];
  /** Where the file stood on the host; only for a file. */
  path?: string;
  /** Which of two readings of the same it is; absent where there is but one. */
  sample?: 1 | 2;
  /**
   * What the tool ended with; absent where a signal ended it, or it was never run.
   * @asType integer
   */
  exit_code?: number;
  /** The signal that ended the tool: `SIGSEGV`. */
  signal?: string;
  /** Why it could not be had, or not as a whole. */
  error?: BundleItemError;
  /** The tool's last words, cut to a few lines. */
  stderr?: string;
  /**
   * When it was asked for, RFC 3339 UTC, by the clock of its node.
   * @format date-time
   */
  started_at: string;
  /**
   * How long that took.
   * @asType integer
   * @minimum 0
   */
  duration_ms: number;
  /**
   * Bytes in the archive; 0 where it could not be had.
   * @asType integer
   * @minimum 0
   */
  bytes: number;
  /**
   * Flows or lines in it; absent where they were not counted.
   * @asType integer
   * @minimum 0
   */
  rows?: number;
  /** Whether it is all of the answer. */
  complete: boolean;
  /** Why it is not, as a sentence. */
  reason?: string;
  /** Whether it was cut at a limit of bytes; absent where it was not. */
  truncated?: boolean;
  /** SHA-256 of its bytes in the archive, hexadecimal; absent where it could not be had. */
  sha256?: string;
  /** Permissions of the file on the host, octal: `0640`; only for a file. */
  mode?: string;
  /**
   * When the file was last written on the host, RFC 3339 UTC; only for a file.
   * @format date-time
   */
  mtime?: string;
}

/** What answered on a node; absent where the tool is missing or did not tell. */
export interface BundleVersions {
  ctsync?: string;
  conntrack?: string;
  conntrackd?: string;
  keepalived?: string;
}

/** A node of the pair, and what was collected there. */
export interface BundleNode {
  /** Its folder in the archive, one word of safe characters. */
  name: string;
  /** The host's own name, or what it was reached by where it did not tell. */
  host: string;
  /** Release of the running kernel; absent where it could not be had, as all that follows. */
  kernel?: string;
  /** `/proc/sys/kernel/random/boot_id`: another one means that the node was started anew. */
  boot_id?: string;
  /**
   * When collecting began, RFC 3339 UTC, by the node's own clock.
   * @format date-time
   */
  collected_at: string;
  /** How far its clock is ahead of the first node's; absent for that one, and where it is not known. */
  clock_offset_ms?: number;
  versions: BundleVersions;
  /** In the order of the archive. */
  items: BundleItem[];
}

/** `manifest.json`, the first member of a support bundle: what is in it, where it comes from, and what is missing. */
export interface BundleManifest {
  schema: 'ctsync/bundle/1';
  /**
   * When it was begun, RFC 3339 UTC, by the clock of the first node.
   * @format date-time
   */
  created_at: string;
  /** What made it. */
  tool: { name: 'ctsync'; version: string };
  /** Whether every item is complete that its host has. */
  complete: boolean;
  /** How many of each kind were replaced: `{"address":1204}`; absent where nothing was hidden. */
  cleaned?: Record<string, number>;
  /** One or two; the first is where the bundle was made. */
  nodes: BundleNode[];
}

/** Not every host has every tool and every file. */
const ABSENT: readonly string[] = ['TOOL_MISSING', 'CONFIG_UNREADABLE', 'TOOL_FAILED'];

/** They fail for no want of what they are asked for. */
const OF_CONNTRACK: readonly (string | undefined)[] = ['conntrack', 'conntrackd'];

/** Whether an item is missing in a way that says nothing against the bundle: the host has no such thing. */
export function isAbsent({ error, truncated, argv }: BundleItem): boolean {
  if (truncated === true || error === undefined || !ABSENT.includes(error.code)) return false;
  return error.code !== 'TOOL_FAILED' || !OF_CONNTRACK.includes(argv?.[0]);
}

/** Whether all is whole that the hosts of these nodes have. */
export function lacksNothing(nodes: readonly BundleNode[]): boolean {
  return nodes.every(({ items }) => items.every((item) => item.complete || isAbsent(item)));
}
