/** Names for what flows hold as numbers. They come from outside, and may hold any characters. */
export interface Names {
  /** The name of an address as it was printed; undefined where it has none, or none that is known. */
  host(address: string): string | undefined;
  /** The name of a port of a protocol, `https`; undefined where it has none. */
  service(protocol: string, port: string): string | undefined;
}

/** The names of a flow's original direction, where they were asked for; those that are not known are absent. */
export interface FlowNames {
  src?: string;
  dst?: string;
  sport?: string;
  dport?: string;
}
