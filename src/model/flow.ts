import type { FlowNames } from './names.js';
import type { Counter } from './number.js';

/** Layer 3 family of a flow, in conntrack's spelling. */
export type Family = 'ipv4' | 'ipv6';

/** Layer 4 protocol of a flow. */
export interface Protocol {
  /** conntrack's own name, or IANA's short name where conntrack says only `unknown`; `unknown` where neither has one. */
  name: string;
  /**
   * IANA protocol number.
   * @asType integer
   * @minimum 0
   * @maximum 255
   */
  number: number;
}

/**
 * One direction of a flow as conntrack prints it. The reply tuple is what the kernel expects to see coming back: it
 * differs from the mirrored original where addresses or ports are translated.
 */
export interface Tuple {
  /** Source address as printed. */
  src: string;
  /** Destination address as printed. */
  dst: string;
  /**
   * Source port: tcp, udp, udplite, sctp, dccp.
   * @asType integer
   * @maximum 65535
   */
  sport?: number;
  /**
   * Destination port: tcp, udp, udplite, sctp, dccp.
   * @asType integer
   * @maximum 65535
   */
  dport?: number;
  /** Source call key (GRE), hexadecimal as printed: `0x11`. */
  srckey?: string;
  /** Destination call key (GRE), hexadecimal as printed. */
  dstkey?: string;
  /**
   * ICMP type.
   * @asType integer
   */
  type?: number;
  /**
   * ICMP code.
   * @asType integer
   */
  code?: number;
  /**
   * ICMP identifier.
   * @asType integer
   */
  id?: number;
  /**
   * Connection tracking zone of this direction only (`zone-orig=`, `zone-reply=`).
   * @asType integer
   */
  zone?: number;
  /** Packets seen in this direction; absent where the flow was created without accounting. */
  packets?: Counter;
  /** Bytes seen in this direction; absent where the flow was created without accounting. */
  bytes?: Counter;
}

/** What conntrack says in brackets about a flow, in lower case. */
export type FlowFlag = 'unreplied' | 'assured' | 'offload' | 'hw_offload';

/** Which addresses or ports are translated, derived from the two tuples (ICMP: addresses and id only). */
export type Nat = 'snat' | 'dnat';

/**
 * One tracked connection, from the kernel table or from one of conntrackd's caches (formats.md §2, §9). A field that the
 * tool did not print is absent.
 */
export interface Flow {
  family: Family;
  protocol: Protocol;
  /** Protocol state as printed: `ESTABLISHED`, `COOKIE_WAIT` …; tcp, sctp and dccp only. */
  state?: string;
  /**
   * Seconds until the kernel forgets the flow if nothing more is seen; absent for offloaded flows and in cache dumps.
   * @asType integer
   */
  timeout?: number;
  original: Tuple;
  /** Absent in the external cache: conntrackd keeps no reply tuple there. */
  reply?: Tuple;
  status: FlowFlag[];
  /** Absent where there is no translation, or no reply tuple to tell it from. */
  nat?: Nat[];
  /**
   * @asType integer
   * @maximum 4294967295
   */
  mark?: number;
  /**
   * @asType integer
   */
  secmark?: number;
  /** Security context of the flow's first packet, free text. */
  secctx?: string;
  /**
   * Connection tracking zone of both directions; absent means zone 0.
   * @asType integer
   */
  zone?: number;
  /** Seconds since the flow was created, where the kernel keeps timestamps; near 2^64 if the clock was set back since. */
  delta_time?: Counter;
  /** Creation time as printed (local time of the tool without a zone; ctsync runs it in UTC). */
  start?: string;
  /** End time as printed, on destroyed flows only. */
  stop?: string;
  /** Connection tracking helper that watches the flow. */
  helper?: string;
  /**
   * Reference count in the kernel.
   * @asType integer
   */
  use?: number;
  /**
   * conntrack's id: a 32-bit hash, not unique.
   * @asType integer
   */
  id?: number;
  /** Label names; empty where labels are set but none has a name. */
  labels?: string[];
  /**
   * Seconds until the cache object is dropped, in ALARM mode's external cache.
   * @asType integer
   */
  expires_in?: number;
  /**
   * Seconds since the cache object was made: the age of the object, not of the flow; negative after a clock change.
   * @asType integer
   */
  active_since?: number;
  /** Names of the original direction, only where they were asked for (`--resolve`). */
  names?: FlowNames;
  /** Words of the line that ctsync does not know, as printed. */
  extra?: string[];
}
