import type { ConntrackdConf } from '../../model/conntrackd-conf.js';
import type { LinkPage } from '../../model/link.js';
import type { FaultyHook, KeepalivedConf, VrrpSyncGroup } from '../../model/keepalived-conf.js';
import type { DaemonRuntime } from '../../model/runtime.js';
import type { CacheSize, DaemonStatus, FailoverMechanism, SyncStatus, Unavailable } from '../../model/sync-status.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { parseFailoverState } from '../../parsers/failover-state.js';
import { parseIpAddresses } from '../../parsers/ip-addresses.js';
import { conntrackSyncGroups, faultyHooks, parseKeepalivedConf } from '../../parsers/keepalived-conf.js';
import { parseLinks } from '../../parsers/links.js';
import { parseToolVersion } from '../../parsers/process-status.js';
import { parseWholeRuntime } from '../../parsers/runtime.js';
import { parseTableStatistics } from '../../parsers/statistics.js';
import type { SourceOptions } from '../../sources/options.js';
import { NOT_CAPTURED } from '../captured-folder.js';
import { inCapture } from '../in-capture.js';
import { basisOf, type NodeBasis } from './basis.js';
import { capturedMaterial } from './captured.js';
import { liveMaterial, type StatusQuestion } from './live.js';
import { namedLinks, withDevices } from './links.js';
import { type Material, type Missing, missingFor, type StatusMaterial } from './material.js';
import { rolesOf } from './roles.js';
import { unknownLines, warningsOf } from './side-notes.js';
import { unreadIncludes } from './unread-includes.js';

/** The status of a node, and what it was told by for whoever judges the node. */
export interface StatusReading {
  status: SyncStatus;
  basis: NodeBasis;
}

/** The status of this node, live or from a folder of captured files. Parts that can't be had are named, never guessed. */
export async function readSyncStatus(question: StatusQuestion, options: SourceOptions): Promise<StatusReading> {
  const { from } = options;
  const material = from === undefined ? await liveMaterial(question, options) : await capturedMaterial(from);
  return statusOf(material);
}

/** What the material of a status says, wherever it comes from. */
export function statusOf(material: StatusMaterial): Promise<StatusReading> {
  return new StatusReader(material).read();
}

class StatusReader {
  private readonly material: StatusMaterial;
  private readonly unavailable: Unavailable[] = [];

  constructor(material: StatusMaterial) {
    this.material = material;
  }

  async read(): Promise<StatusReading> {
    const { material } = this;
    const written = this.parse('sync-interface', material.daemonConfig, parseConntrackdConf);
    const keepalived = this.keepalived();
    const followed = keepalived && this.followed(keepalived);
    const transition = this.lastTransition();
    const own = this.parse('role', material.addresses, parseIpAddresses);
    const conf = written && withDevices(written, own?.altnames);
    const links = this.links(conf);
    const runtime = this.parse('daemon', material.runtime, (text) => parseWholeRuntime(text));
    const statistics = this.parse('caches', material.general, (text) => parseTableStatistics(text));
    const status: SyncStatus = {
      ...(conf ? { sync_interfaces: interfacesOf(conf), expectation_sync: expectationSyncOf(conf) } : {}),
      ...this.mechanism(followed),
      ...(transition ? { last_transition: transition } : {}),
      ...(followed && own
        ? { roles: rolesOf(groupsOf(followed, this.hooked(followed)), followed, own.addresses) }
        : {}),
      daemon: await this.daemon(conf, runtime),
      ...(links ? { links: namedLinks(links.links, conf, own?.interfaces) } : {}),
      ...(statistics ? { caches: statistics.caches.map(sizeOf) } : {}),
      ...warningsOf(conf, material.daemonConfig, keepalived),
      ...unknownLines({ runtime, links, statistics }),
      unavailable: this.unavailable,
    };
    const pages = {
      ...(statistics ? { main: statistics } : {}),
      ...(runtime ? { runtime } : {}),
      ...(links ? { link: { ...links, links: namedLinks(links.links, conf, own?.interfaces) } } : {}),
    };
    return { status, basis: basisOf(material, status, { conf, pages, interfaces: own?.interfaces }) };
  }

  private keepalived(): KeepalivedConf | undefined {
    const { keepalivedConfig, surroundings } = this.material;
    if ('absent' in keepalivedConfig && keepalivedConfig.absent) return undefined;
    return this.parse('failover-mechanism', keepalivedConfig, (text, file) =>
      parseKeepalivedConf(text, file, surroundings),
    );
  }

  /** Nothing where groups or addresses may stand in a file that was not read: half of them would give a wrong role. */
  private followed(keepalived: KeepalivedConf): KeepalivedConf | undefined {
    const missing = unreadIncludes(keepalived);
    if (missing === undefined) return keepalived;
    // In a capture no role is told, and a group that was found there tells conntrackd whatever the others do.
    if (missing.code === undefined && this.hooked(keepalived).length > 0) return keepalived;
    this.without('failover-mechanism', missing);
    return this.without('role', missing);
  }

  /** The groups that tell conntrackd. */
  private hooked(keepalived: KeepalivedConf): VrrpSyncGroup[] {
    return conntrackSyncGroups(keepalived, this.material.readScript);
  }

  private mechanism(keepalived: KeepalivedConf | undefined): Pick<SyncStatus, 'failover_mechanism'> {
    const { keepalivedConfig } = this.material;
    if (keepalived) {
      const faulty = faultyHooks(keepalived, this.material.readScript);
      return { failover_mechanism: mechanismOf(keepalived, this.hooked(keepalived), faulty) };
    }
    if (!('absent' in keepalivedConfig) || !keepalivedConfig.absent) return {};
    return {
      failover_mechanism: { type: 'vrrp', sync_groups: [], without_hook: [], reason: keepalivedConfig.missing },
    };
  }

  private links(conf: ConntrackdConf | undefined): LinkPage | undefined {
    const { links } = this.material;
    // Nothing is synchronised in statistics mode: the page is empty, and that is the answer.
    if (conf && !conf.sync && 'text' in links && links.text === '') return { links: [] };
    return this.parse('links', links, parseLinks);
  }

  private lastTransition(): SyncStatus['last_transition'] {
    const { failoverState } = this.material;
    return failoverState === 'none'
      ? undefined
      : this.parse('last state transition', failoverState, (text, file) => parseFailoverState(text, file));
  }

  private async daemon(conf: ConntrackdConf | undefined, runtime: DaemonRuntime | undefined): Promise<DaemonStatus> {
    const { version: said } = this.material;
    const version = said && this.parse('installed version', said, (text) => parseToolVersion(text));
    const mode = conf && modeOf(conf);
    return {
      ...(await this.process(conf?.general.unix_path, runtime !== undefined)),
      ...(runtime?.uptime === undefined ? {} : { uptime: runtime.uptime }),
      ...(version === undefined ? {} : { installed_version: version }),
      ...(mode === undefined ? {} : { mode }),
    };
  }

  /** @param answers whether the daemon has answered: then it runs, and what root alone can see of it is no failure */
  private async process(
    socketPath: string | undefined,
    answers: boolean,
  ): Promise<Pick<DaemonStatus, 'pid' | 'running_since'>> {
    const { daemonProcess } = this.material;
    if (socketPath === undefined) return {};
    try {
      if (daemonProcess === undefined) return this.without('daemon process', NOT_CAPTURED) ?? {};
      const { pid, since } = await daemonProcess(socketPath);
      return { pid, running_since: since.toISOString() };
    } catch (error) {
      const { missing, ...failure } = missingFor(error);
      return this.without('daemon process', { missing, ...(answers ? {} : failure) }) ?? {};
    }
  }

  /** A part as a model, or undefined with its reason noted: it is not there, or can't be understood. */
  private parse<T>(part: string, material: Material, parse: (text: string, file: string) => T): T | undefined {
    if ('missing' in material) return this.without(part, material);
    const { text, file, query } = material;
    try {
      return query === undefined ? parse(text, file) : inCapture(file, query, () => parse(text, file));
    } catch (error) {
      return this.without(part, missingFor(error));
    }
  }

  /** The first reason of a part is the one that counts. */
  private without(part: string, { missing, code, next }: Missing): undefined {
    if (this.unavailable.some((known) => known.part === part)) return undefined;
    this.unavailable.push({ part, reason: missing, ...(code ? { code } : {}), ...(next ? { next } : {}) });
    return undefined;
  }
}

/** The groups that tell conntrackd; where none does, all. */
function groupsOf(keepalived: KeepalivedConf, hooked: readonly VrrpSyncGroup[]): readonly VrrpSyncGroup[] {
  return hooked.length > 0 ? hooked : keepalived.vrrp_sync_groups;
}

/** Every dedicated link of the configuration. */
function interfacesOf(conf: ConntrackdConf): string[] {
  return (conf.sync?.links ?? []).flatMap((link) => link.interface ?? []);
}

function expectationSyncOf(conf: ConntrackdConf): NonNullable<SyncStatus['expectation_sync']> {
  const configured = conf.sync?.expectation_sync;
  if (configured === undefined || configured === false) return 'disabled';
  return configured === true ? 'all' : configured;
}

/** conntrackd takes FTFW where the file names no mode (formats.md §12). */
function modeOf(conf: ConntrackdConf): DaemonStatus['mode'] {
  if (conf.sync) return conf.sync.mode ?? 'ftfw';
  return conf.stats ? 'stats' : undefined;
}

function mechanismOf(
  keepalived: KeepalivedConf,
  hooked: readonly VrrpSyncGroup[],
  faulty: FaultyHook[],
): FailoverMechanism {
  const others = keepalived.vrrp_sync_groups.filter((group) => !hooked.includes(group));
  return {
    type: 'vrrp',
    sync_groups: hooked.map(({ name }) => name),
    without_hook: others.map(({ name }) => name),
    ...(faulty.length > 0 ? { faulty_hooks: faulty } : {}),
  };
}

function sizeOf({ name, kind, active }: CacheSize): CacheSize {
  return { name, kind, ...(active === undefined ? {} : { active }) };
}
