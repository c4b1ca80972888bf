import type { ReadScript } from '../../parsers/keepalived-conf/hook.js';
import type { KeepalivedSurroundings } from '../../parsers/keepalived-conf/lines.js';
import { Failure, type FailureCode } from '../../model/failure.js';

/** Why a part of the status is not there. */
export interface Missing {
  /** Half a sentence. */
  missing: string;
  /** The code of the failure that it is; absent where it was not looked for. */
  code?: FailureCode;
  /** What to do next, where that is known. */
  next?: string;
  /** The last words of the tool that gave nothing. */
  toolSays?: string;
  /** There is no such file, which is an answer too. */
  absent?: boolean;
}

/** A text that the status is read from, or why it is not there. */
export type Material = Text | Missing;

interface Text {
  text: string;
  file: string;
  /** What a captured page should be the output of; absent for a live one, and for a file that is no page. */
  query?: string;
}

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
  /** Absent where it is not asked for. */
  version?: Material;
  /** The files that keepalived's configuration includes, and the host's name, on which its lines may depend. */
  surroundings: KeepalivedSurroundings;
  /** Reads the scripts that keepalived calls; absent for a capture. */
  readScript?: ReadScript;
  /** Finds the process that owns the control socket; absent for a capture. */
  daemonProcess?: (socketPath: string) => Promise<{ pid: number; since: Date }>;
}

/** The daemon's own pages. */
export type DaemonMaterial = Pick<StatusMaterial, 'general' | 'runtime' | 'links'>;

/** All the rest, of which the daemon is not asked. */
export type HostMaterial = Omit<StatusMaterial, keyof DaemonMaterial | 'daemonProcess'>;

/** What can be done about a file that is closed to this user. */
export const LET_READ = 'Run ctsync as root, or let this user read the file.';

/**
 * What stands in the page for a part that could not be had.
 *
 * @throws what is no Failure, and INTERRUPTED
 */
export function missingFor(error: unknown): Missing {
  if (!(error instanceof Failure) || error.code === 'INTERRUPTED') throw error;
  const { code, next, toolSays } = error;
  const message = error.message.replace(/\.$/, '');
  // Nobody looked for it when the record was made.
  if (code === 'NOT_IN_BUNDLE') return { missing: message };
  // What to do about a stopped daemon is worth the room on the page.
  const advice = code === 'TIMEOUT' && next ? `: ${lowerFirst(next.replace(/\.$/, ''))}` : '';
  return { missing: message + advice, code, ...(next ? { next } : {}), ...(toolSays ? { toolSays } : {}) };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
