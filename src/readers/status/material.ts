import type { KeepalivedSurroundings } from '../../parsers/keepalived-conf/lines.js';
import { Failure } from '../../model/failure.js';

/** A text that the status is read from, or why it is not there. */
export type Material =
  | { text: string; file: string }
  | {
      missing: string;
      /** There is no such file, which is an answer too. */
      absent?: boolean;
    };

/** All that the status is made of, before it is understood. */
export interface StatusMaterial {
  daemonConfig: Material;
  keepalivedConfig: Material;
  /** `none` where no transition was recorded yet. */
  failoverState: Material | 'none';
  general: Material;
  runtime: Material;
  links: Material;
  addresses: Material;
  version: Material;
  /** The files that keepalived's configuration includes, and the host's name, on which its lines may depend. */
  surroundings: KeepalivedSurroundings;
  /** Finds the process that owns the control socket. */
  daemonProcess: (socketPath: string) => Promise<{ pid: number; since: Date }>;
}

/** The half sentence that stands in the page for a part that could not be had. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
  const message = error.message.replace(/\.$/, '');
  // What to do about a stopped daemon is worth the room on the page.
  return error.code === 'TIMEOUT' && error.next ? `${message}: ${lowerFirst(error.next.replace(/\.$/, ''))}` : message;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
