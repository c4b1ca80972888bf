import { failoverStateFiles, type SourceOptions } from '../../sources/options.js';
import {
  addresses,
  daemonPage,
  daemonVersion,
  generalStatistics,
  linkStatistics,
  runtimeStatistics,
} from '../../sources/queries.js';
import { UNASKED } from '../../sources/files.js';
import type { Place } from '../../sources/place.js';
import type { ToolCommand } from '../../sources/tool.js';
import { askDaemon } from '../daemon.js';
import { daemonProcess } from '../daemon-process.js';
import { ask } from '../privileged.js';
import { succeeded, toolFailure } from '../tool-failure.js';
import type { Surroundings } from './links-around.js';
import {
  type DaemonMaterial,
  type HostMaterial,
  LET_READ,
  type Material,
  missingFor,
  type StatusMaterial,
} from './material.js';
import { surroundingsOf } from './surroundings.js';

/** Where keepalived's configuration stands; VyOS writes it at boot. */
const KEEPALIVED_CONFIGS = ['/etc/keepalived/keepalived.conf', '/run/keepalived/keepalived.conf'] as const;

function keepalivedConfigs({ files }: Place): readonly [string, ...string[]] {
  return files?.keepalivedConfig === undefined ? KEEPALIVED_CONFIGS : [files.keepalivedConfig];
}

/** How the status of a node is asked for. */
export interface StatusQuestion {
  /** keepalived's configuration where the operator has named it. */
  keepalivedConfig?: string | undefined;
  /** Whether the version of the installed conntrackd is wanted, which is a call of its own. */
  version?: boolean;
}

/** Reads on this host all that its status is made of. What can't be read never keeps the rest from being read. */
export async function liveMaterial(question: StatusQuestion, options: SourceOptions): Promise<StatusMaterial> {
  const [daemonPages, host] = await Promise.all([daemonMaterial(options), hostMaterial(question, options)]);
  return { ...daemonPages, ...host, daemonProcess: (path) => daemonProcess(path, options.place) };
}

/** Reads on this host what a status is made of beside the daemon's own pages, without a question to the daemon. */
export async function hostMaterial(
  { keepalivedConfig, version: wanted = false }: StatusQuestion,
  options: SourceOptions,
): Promise<HostMaterial> {
  const { place, query } = options;
  const [ownAddresses, version, daemonConfig, keepalived, state] = await Promise.all([
    askTool(addresses(query), options),
    wanted ? askTool(daemonVersion(query), options) : undefined,
    readNamed(query.daemonConfig, '--daemon-config', place),
    keepalivedConfig === undefined
      ? readFirst(keepalivedConfigs(place), place)
      : readNamed(keepalivedConfig, '--keepalived-config', place),
    failoverState(place),
  ]);
  return {
    daemonConfig,
    keepalivedConfig: keepalived,
    failoverState: state,
    addresses: ownAddresses,
    ...(version === undefined ? {} : { version }),
    ...(await surroundingsOf(keepalived, place)),
  };
}

/** Reads on this host what tells which dedicated links there are. */
export async function linkSurroundings(options: SourceOptions): Promise<Surroundings> {
  const { place, query } = options;
  const [daemonConfig, ownAddresses] = await Promise.all([
    readNamed(query.daemonConfig, '--daemon-config', place),
    askTool(addresses(query), options),
  ]);
  return { daemonConfig, addresses: ownAddresses };
}

/** One page after the other: the daemon answers one client at a time, and one that hangs need not be asked thrice. */
async function daemonMaterial(options: SourceOptions): Promise<DaemonMaterial> {
  const { query } = options;
  const [ofRuntime, ofCaches, ofLinks] = [runtimeStatistics(query), generalStatistics(query), linkStatistics(query)];
  // Whoever judges the node asks for the other pages afterwards: what a user is to allow are all of them.
  const judged = (['network', 'cache', 'queue'] as const).map((page) => daemonPage(page, query));
  const asking = { ...options, asked: [ofRuntime, ofCaches, ofLinks, ...judged] };
  const runtime = await askPage(ofRuntime, asking);
  if ('missing' in runtime && runtime.code !== undefined) {
    const unasked = { missing: 'not asked, see daemon' };
    return { runtime, general: unasked, links: unasked };
  }
  const general = await askPage(ofCaches, asking);
  return { runtime, general, links: await askPage(ofLinks, asking) };
}

async function askPage(command: ToolCommand, options: SourceOptions): Promise<Material> {
  try {
    return { text: await askDaemon(command, options), file: command.args.join(' ') };
  } catch (error) {
    return missingFor(error);
  }
}

async function askTool(command: ToolCommand, options: SourceOptions): Promise<Material> {
  try {
    const answer = await ask(command, options);
    if (!succeeded(answer)) throw toolFailure(command, answer, options);
    return { text: answer.stdout.toString('utf8'), file: command.tool };
  } catch (error) {
    return missingFor(error);
  }
}

/** The first of the files that exists; that it can't be read is said of it. Where none exists, the usual one is named. */
async function readFirst([usual, ...others]: readonly [string, ...string[]], place: Place): Promise<Material> {
  for (const file of [usual, ...others]) {
    const read = await place.readFile(file);
    if ('text' in read) return { text: read.text, file };
    const { code, reason } = read.unreadable;
    if (code === UNASKED) return { missing: `${file} ${reason}` };
    if (code !== 'ENOENT') {
      const closed = code === 'EACCES' || code === 'EPERM';
      return { missing: `${file} ${reason}`, code: 'CONFIG_UNREADABLE', ...(closed ? { next: LET_READ } : {}) };
    }
  }
  return { missing: `${usual} does not exist`, code: 'CONFIG_UNREADABLE', absent: true };
}

/** A file that the operator named: that it does not exist is a mistake, not an answer. */
async function readNamed(file: string, flag: string, place: Place): Promise<Material> {
  const read = await readFirst([file], place);
  if ('text' in read) return read;
  return { next: `Name the file that is in use: ${flag} FILE.`, ...read, absent: false };
}

const RECORD = 'Look at the file, and at CTSYNC_RUN_DIR, which names the folder that it stands in.';

/** An empty record says no more than none: VyOS's may say more. */
async function failoverState(place: Place): Promise<Material | 'none'> {
  for (const file of failoverStateFiles(place)) {
    const read = await readFirst([file], place);
    if ('text' in read && read.text.trim() !== '') return read;
    if ('missing' in read && !read.absent) return { next: RECORD, ...read };
  }
  return 'none';
}
