import { conntrackSyncGroups, faultyHooks, parseKeepalivedConf } from '../parsers/keepalived-conf.js';
import { parseIpAddresses } from '../parsers/ip-addresses.js';
import { Failure } from '../model/failure.js';
import { kernelNumber } from '../readers/kernel-number.js';
import { hostMaterial } from '../readers/status/live.js';
import type { HostMaterial } from '../readers/status/material.js';
import type { SourceOptions } from '../sources/options.js';
import type { Place } from '../sources/place.js';
import type { StorePaths } from './store/folders.js';
import type { VerifySurroundings } from './verify/material.js';

/** What conntrackd takes where the kernel has not said how large its table is (formats.md §12). */
const USUAL_HASH_SIZE = 65536;
const USUAL_TABLE_LIMIT = 131072;

/**
 * Reads of this machine all that a configuration is rendered with and judged by.
 *
 * @throws Failure where the node's addresses can't be read: without them nothing can be judged
 */
export async function readSurroundings(
  paths: Pick<StorePaths, 'socket' | 'daemonLock'>,
  keepalivedConfig: string | undefined,
  options: SourceOptions,
): Promise<VerifySurroundings> {
  const { place } = options;
  const host = await hostMaterial({ keepalivedConfig }, options);
  const [hashSize, tableLimit] = await Promise.all([
    numberIn('/sys/module/nf_conntrack/parameters/hashsize', place),
    kernelNumber('max', place),
  ]);
  const { addresses, interfaces, altnames } = addressesOf(host);
  const all = [...interfaces, ...altnames.keys()];
  const [mtus, memory, bufferLimits] = await Promise.all([mtusOf(all, place), memoryOf(place), bufferLimitsOf(place)]);
  return {
    hashSize: hashSize ?? USUAL_HASH_SIZE,
    tableLimit: tableLimit ?? USUAL_TABLE_LIMIT,
    socket: paths.socket,
    lock: paths.daemonLock,
    addresses,
    interfaces: all,
    mtus,
    ...keepalivedOf(host),
    ...(memory === undefined ? {} : { memory }),
    ...(bufferLimits === undefined ? {} : { bufferLimits }),
    notes:
      hashSize === undefined || tableLimit === undefined
        ? [
            "Connection tracking is not loaded: HashSize and HashLimit are conntrackd's usual ones until the next commit.",
          ]
        : [],
  };
}

function addressesOf({ addresses }: HostMaterial) {
  if ('text' in addresses) return parseIpAddresses(addresses.text);
  throw new Failure(
    addresses.code ?? 'TOOL_FAILED',
    `The addresses of this node are not known: ${addresses.missing}.`,
    {
      ...(addresses.next === undefined ? {} : { next: addresses.next }),
    },
  );
}

function keepalivedOf(
  host: HostMaterial,
): Pick<VerifySurroundings, 'keepalived' | 'keepalivedMissing' | 'hooked' | 'faultyHooks'> {
  const { keepalivedConfig, surroundings, readScript } = host;
  if ('missing' in keepalivedConfig)
    return { keepalivedMissing: keepalivedConfig.missing, hooked: [], faultyHooks: [] };
  try {
    const keepalived = parseKeepalivedConf(keepalivedConfig.text, keepalivedConfig.file, surroundings);
    return {
      keepalived,
      hooked: conntrackSyncGroups(keepalived, readScript),
      faultyHooks: faultyHooks(keepalived, readScript),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { keepalivedMissing: error.message.replace(/\.$/, ''), hooked: [], faultyHooks: [] };
  }
}

async function mtusOf(interfaces: readonly string[], place: Place): Promise<Map<string, number>> {
  const found = await Promise.all(
    interfaces.map(async (name) => [name, await numberIn(`/sys/class/net/${name}/mtu`, place)] as const),
  );
  return new Map(found.flatMap(([name, mtu]) => (mtu === undefined ? [] : [[name, mtu] as const])));
}

async function memoryOf(place: Place): Promise<number | undefined> {
  const read = await place.readFile('/proc/meminfo');
  const kibibytes = 'text' in read ? /^MemTotal: +(\d+) kB$/m.exec(read.text)?.[1] : undefined;
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}

/** Root of the whole machine may exceed these limits, and conntrackd does (found by asking the kernel); root of a container may not. */
async function bufferLimitsOf(place: Place): Promise<VerifySurroundings['bufferLimits']> {
  const map = await place.readFile('/proc/self/uid_map');
  if (!('text' in map) || /^\s*0\s+0\s+4294967295\s*$/.test(map.text)) return undefined;
  const [receive, send] = await Promise.all(
    ['rmem_max', 'wmem_max'].map((name) => numberIn(`/proc/sys/net/core/${name}`, place)),
  );
  return receive === undefined || send === undefined ? undefined : { receive, send };
}

async function numberIn(path: string, place: Place): Promise<number | undefined> {
  const read = await place.readFile(path);
  return 'text' in read && /^\d+\s*$/.test(read.text) ? Number(read.text) : undefined;
}
