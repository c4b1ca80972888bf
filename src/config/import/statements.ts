import type { ConntrackdConf, EventFilter, LinkConf, SyncConf } from '../../model/conntrackd-conf.js';
import type { LinkStatements, SyncConfiguration } from '../../model/sync-configuration.js';
import { defaultOf, LINK, LINK_OPTIONS, type Option, OPTIONS, type OptionKey } from '../schema/options.js';
import type { Value } from '../schema/values.js';
import { withValues } from '../statements/fields.js';
import { KERNEL_HELPERS } from '../render/helpers.js';
import { helperBlocks } from '../render/helpers.js';
import { parseConntrackdConf } from '../../parsers/conntrackd-conf.js';
import { textOf } from '../render/lines.js';

const MIB = 1024 * 1024;

/** All of a conntrackd configuration that has statements; what has none is for {@link passThroughOf}. */
export function statementsIn(conf: ConntrackdConf): SyncConfiguration {
  const { general, sync } = conf;
  let statements: SyncConfiguration = {};
  const set = (key: OptionKey, ...texts: (string | number | true | undefined)[]): void => {
    const option = optionOf(key);
    const values = texts.flatMap((text) => (text === true ? true : (readOf(option, text) ?? [])));
    statements = withValues(
      statements,
      option,
      values.filter((value) => value !== option.default),
    );
  };
  if (general.syslog === undefined || general.syslog === false) set('disable_syslog', true);
  set('event_listen_queue_size', inMib(general.netlink_buffer_size_max_growth));
  if (general.filter?.from !== 'kernelspace') {
    set('accept_protocol', ...acceptedProtocols(general.filter));
    set('ignore_address', ...ignoredAddresses(general.filter));
  }
  set('helper', ...helpersOf(conf));
  if (sync === undefined) return statements;
  if (isFtfw(sync)) {
    set('purge_timeout', sync.purge_timeout);
    if (sync.disable_external_cache) set('disable_external_cache', true);
    if (sync.startup_resync) set('startup_resync', true);
  }
  set('expect_sync', ...expectSync(sync));
  const links = linksOf(sync);
  set('mcast_group', links.find((link) => link.transport === 'multicast')?.address);
  set('listen_address', ...links.flatMap((link) => (link.transport === 'udp' ? (link.address ?? []) : [])));
  const [first] = links;
  const isOneSize = links.every(
    (link) => link.send_buffer_size === first?.send_buffer_size && link.receive_buffer_size === first?.send_buffer_size,
  );
  if (isOneSize) set('sync_queue_size', inMib(first?.send_buffer_size));
  return withValues(statements, LINK, links.map(linkStatements) as never[]);
}

/** Whether the mode is the one that statements are for; it is where none is written. */
export function isFtfw({ mode }: SyncConf): boolean {
  return mode === undefined || mode === 'ftfw';
}

/**
 * The links that statements can name, the default first: each on an interface of its own, multicast, or UDP with a peer. None
 * where one of them can not be named, since the order of all tells which is used next.
 */
export function linksOf({ links }: SyncConf): LinkConf[] {
  const names = links.map((link) => link.interface);
  const nameable = links.every(
    (link) =>
      link.interface !== undefined &&
      readOf(LINK, link.interface) !== undefined &&
      (link.transport === 'multicast'
        ? true
        : link.transport === 'udp' && readOf(linkOption('peer'), link.destination_address) !== undefined),
  );
  if (!nameable || new Set(names).size < names.length) return [];
  const marked = links.findLast((link) => link.default);
  return marked === undefined ? links : [marked, ...links.filter((link) => link !== marked)];
}

function linkStatements(link: LinkConf): LinkStatements {
  const port = readOf(linkOption('port'), link.transport === 'multicast' ? link.group : link.port);
  const peer = link.transport === 'udp' ? readOf(linkOption('peer'), link.destination_address) : undefined;
  return {
    name: link.interface ?? '',
    ...(port === undefined || port === defaultOf('port') ? {} : { port: Number(port) }),
    ...(peer === undefined ? {} : { peer: String(peer) }),
  };
}

/** Protocols where statements can name them all, none else. */
function acceptedProtocols(filter: EventFilter | undefined): string[] {
  const { policy, names = [] } = filter?.protocols ?? {};
  const known = names.map((name) => name.toLowerCase());
  const all = known.every((name) => readOf(optionOf('accept_protocol'), name) !== undefined);
  return policy === 'accept' && all ? known : [];
}

function ignoredAddresses(filter: EventFilter | undefined): string[] {
  const { policy, addresses = [] } = filter?.addresses ?? {};
  if (policy !== 'ignore') return [];
  return addresses.map(({ address, prefix_length: length }) =>
    length === undefined ? address : `${address}/${length}`,
  );
}

/** What the names of kernel helpers were translated from; nothing where one of them is none of these. */
function expectSync({ expectation_sync: names }: SyncConf): string[] {
  if (names === true) return ['all'];
  if (!Array.isArray(names)) return [];
  const chosen = Object.entries(KERNEL_HELPERS).filter(([, helpers]) =>
    helpers.every((helper) => names.includes(helper)),
  );
  const covered = chosen.flatMap(([, helpers]) => helpers);
  return names.every((name) => covered.includes(name)) ? chosen.map(([protocol]) => protocol) : [];
}

/** The helpers where the block is the very one that statements make. */
function helpersOf({ helper }: ConntrackdConf): string[] {
  if (helper === undefined) return [];
  const names = [...new Set(helper.types.map(({ name }) => name))];
  const made = parseConntrackdConf(textOf(helperBlocks({ helper: names })), 'helpers').helper;
  return JSON.stringify(made) === JSON.stringify(helper) ? names : [];
}

function inMib(bytes: number | undefined): number | undefined {
  return bytes !== undefined && bytes % MIB === 0 ? bytes / MIB : undefined;
}

function readOf({ value }: Option, text: string | number | undefined): Value | undefined {
  return text === undefined ? undefined : value?.read(String(text));
}

function optionOf(key: OptionKey): Option {
  return found(OPTIONS.find((each) => each.key === key));
}

function linkOption(key: string): Option {
  return found(LINK_OPTIONS.find((each) => each.key === key));
}

function found<T>(option: T | undefined): T {
  if (option === undefined) throw new Error('there is no such statement');
  return option;
}
