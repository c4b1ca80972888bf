/** A file of an opened bundle. */
export interface Member {
  /** Below the top folder of the bundle. */
  path: string;
  bytes: number;
  /** Hexadecimal, of what is there. */
  sha256: string;
  /** Its bytes, each piece of which stands until the next one. @throws Failure CAPTURE_UNREADABLE */
  read(): AsyncIterable<Buffer>;
}

/** The files of an opened bundle, by their paths. */
export interface Members {
  files: ReadonlyMap<string, Member>;
  close(): Promise<void>;
}
