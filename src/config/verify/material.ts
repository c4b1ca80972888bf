import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { FaultyHook, KeepalivedConf, VrrpSyncGroup } from '../../model/keepalived-conf.js';
import type { RenderSurroundings } from '../render/surroundings.js';

/** What of the machine a configuration is judged by. What can't be read is absent, and nothing is judged by it. */
export interface VerifySurroundings extends RenderSurroundings {
  /** Names of all interfaces, second names among them. */
  interfaces: readonly string[];
  /** Bytes, by interface. */
  mtus: ReadonlyMap<string, number>;
  keepalived?: KeepalivedConf;
  /** Why there is none, as half a sentence. */
  keepalivedMissing?: string;
  /** The sync groups whose notify lines tell conntrackd. */
  hooked: readonly VrrpSyncGroup[];
  /** Those of them whose lines do so at some transitions only, or with wrong words. */
  faultyHooks: readonly FaultyHook[];
  /** Bytes. */
  memory?: number;
  /** What a socket's buffers may have, in bytes; only where conntrackd may not exceed it: in a container. */
  bufferLimits?: { receive: number; send: number };
  /** Sentences on what could not be read. */
  notes: readonly string[];
}

/** What conntrackd reads in the file that the statements make; absent where it would refuse it. */
export type Made = ConntrackdConf | undefined;
