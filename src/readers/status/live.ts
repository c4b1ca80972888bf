import { hostname } from 'node:os';
import { readSmallFile } from '../../sources/files.js';
import { readIncludedFiles } from '../../sources/included-files.js';
import type { SourceOptions } from '../../sources/options.js';
import {
  addresses,
  daemonVersion,
  generalStatistics,
  linkStatistics,
  runtimeStatistics,
} from '../../sources/queries.js';
import type { ToolCommand } from '../../sources/tool.js';
import { askDaemon } from '../daemon.js';
import { daemonProcess } from '../daemon-process.js';
import { ask } from '../privileged.js';
import { succeeded, toolFailure } from '../tool-failure.js';
import { type Material, reasonOf, type StatusMaterial } from './material.js';

/** Where keepalived's configuration stands; VyOS writes it at boot. */
const KEEPALIVED_CONFIGS = ['/etc/keepalived/keepalived.conf', '/run/keepalived/keepalived.conf'] as const;
const RUN_DIR = '/run/ctsync';
/** VyOS's hook keeps the last transition only, with a date in the words of its locale. */
const VYOS_STATE = '/var/run/vyatta-conntrackd-failover-state';

/** Reads on this host all that its status is made of. What can't be read never keeps the rest from being read. */
export async function liveMaterial(
  keepalivedConfig: string | undefined,
  options: SourceOptions,
): Promise<StatusMaterial> {
  const [daemonPages, ...rest] = await Promise.all([
    daemonMaterial(options),
    readNamed(options.query.daemonConfig),
    keepalivedConfig === undefined ? readFirst(KEEPALIVED_CONFIGS) : readNamed(keepalivedConfig),
    failoverState(),
    askTool(addresses(options.query), options),
    askTool(daemonVersion(options.query), options),
  ]);
  const [daemonConfig, keepalived, state, ownAddresses, version] = rest;
  return {
    ...daemonPages,
    daemonConfig,
    keepalivedConfig: keepalived,
    failoverState: state,
    addresses: ownAddresses,
    version,
    surroundings: { readIncluded: readIncludedFiles, configId: hostname().split('.')[0] ?? '' },
    daemonProcess,
  };
}

/** One page after the other: the daemon answers one client at a time, and one that hangs need not be asked thrice. */
async function daemonMaterial(options: SourceOptions): Promise<Pick<StatusMaterial, 'general' | 'runtime' | 'links'>> {
  const runtime = await askPage(runtimeStatistics(options.query), options);
  if ('missing' in runtime) {
    const unasked = { missing: 'not asked, see daemon' };
    return { runtime, general: unasked, links: unasked };
  }
  const general = await askPage(generalStatistics(options.query), options);
  return { runtime, general, links: await askPage(linkStatistics(options.query), options) };
}

async function askPage(command: ToolCommand, options: SourceOptions): Promise<Material> {
  try {
    return { text: await askDaemon(command, options), file: command.args.join(' ') };
  } catch (error) {
    return { missing: reasonOf(error) };
  }
}

async function askTool(command: ToolCommand, options: SourceOptions): Promise<Material> {
  try {
    const answer = await ask(command, options);
    if (!succeeded(answer)) throw toolFailure(command, answer);
    return { text: answer.stdout.toString('utf8'), file: command.tool };
  } catch (error) {
    return { missing: reasonOf(error) };
  }
}

/** The first of the files that exists; that it can't be read is said of it. Where none exists, the usual one is named. */
async function readFirst([usual, ...others]: readonly [string, ...string[]]): Promise<Material> {
  for (const file of [usual, ...others]) {
    const read = await readSmallFile(file);
    if ('text' in read) return { text: read.text, file };
    if (read.unreadable.code !== 'ENOENT') return { missing: `${file} ${read.unreadable.reason}` };
  }
  return { missing: `${usual} does not exist`, absent: true };
}

/** A file that the operator named: that it does not exist is a mistake, not an answer. */
async function readNamed(file: string): Promise<Material> {
  const read = await readSmallFile(file);
  return 'text' in read ? { text: read.text, file } : { missing: `${file} ${read.unreadable.reason}` };
}

async function failoverState(): Promise<Material | 'none'> {
  const own = `${process.env['CTSYNC_RUN_DIR'] || RUN_DIR}/failover-state`;
  for (const file of [own, VYOS_STATE]) {
    const read = await readSmallFile(file);
    if ('text' in read) return { text: read.text, file };
    if (read.unreadable.code !== 'ENOENT') return { missing: `${file} ${read.unreadable.reason}` };
  }
  return 'none';
}
