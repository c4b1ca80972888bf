import { spelled } from '../render/links.js';
import type { EventFilter, GeneralConf, HelperConf, LinkConf, SyncConf } from '../../model/conntrackd-conf.js';

/** Statements of conntrackd.conf, each on one line, by the field of the model that they are read into. */
type Words<Conf> = { [Field in keyof Conf]-?: (value: NonNullable<Conf[Field]>) => string | undefined };

/** `General`; a filter is written part by part. */
export const GENERAL: Words<Omit<GeneralConf, 'filter'>> = {
  hash_size: (value) => `HashSize ${value}`,
  hash_limit: (value) => `HashLimit ${value}`,
  log_file: (value) => `LogFile ${onOffOr(value)}`,
  syslog: (value) => `Syslog ${onOffOr(value)}`,
  lock_file: (value) => `LockFile ${value}`,
  unix_path: (value) => `UNIX { Path ${value} }`,
  netlink_buffer_size: (value) => `NetlinkBufferSize ${value}`,
  netlink_buffer_size_max_growth: (value) => `NetlinkBufferSizeMaxGrowth ${value}`,
  event_iteration_limit: (value) => `EventIterationLimit ${value}`,
  poll_seconds: (value) => `PollSecs ${value}`,
  netlink_overrun_resync: (value) => `NetlinkOverrunResync ${onOffOr(value)}`,
  netlink_events_reliable: (value) => `NetlinkEventsReliable ${onOffOr(value)}`,
  scheduler: ({ type, priority }) => {
    const parts = [
      ...(type === undefined ? [] : [`Type ${type}`]),
      ...(priority === undefined ? [] : [`Priority ${priority}`]),
    ];
    return parts.length === 0 ? undefined : `Scheduler { ${parts.join(' ')} }`;
  },
  systemd: (value) => `Systemd ${onOffOr(value)}`,
};

/** What stands in a `Mode` block, or beside it. */
export const MODE: Words<
  Omit<SyncConf, 'mode' | 'links' | 'tcp_window_tracking' | 'expectation_sync' | 'refresh_time' | 'cache_timeout'>
> = {
  resend_queue_size: (value) => `ResendQueueSize ${value}`,
  ack_window_size: (value) => `ACKWindowSize ${value}`,
  commit_timeout: (value) => `CommitTimeout ${value}`,
  purge_timeout: (value) => `PurgeTimeout ${value}`,
  disable_internal_cache: (value) => `DisableInternalCache ${onOffOr(value)}`,
  disable_external_cache: (value) => `DisableExternalCache ${onOffOr(value)}`,
  startup_resync: (value) => `StartupResync ${onOffOr(value)}`,
};

/** What belongs to ALARM, and may stand in `Sync` itself. */
export const ALARM: Words<Pick<SyncConf, 'refresh_time' | 'cache_timeout'>> = {
  refresh_time: (value) => `RefreshTime ${value}`,
  cache_timeout: (value) => `CacheTimeout ${value}`,
};

/** `Options`. */
export const OPTIONS_BLOCK: Words<Pick<SyncConf, 'tcp_window_tracking' | 'expectation_sync'>> = {
  tcp_window_tracking: (value) => `TCPWindowTracking ${onOffOr(value)}`,
  expectation_sync: (value) => `ExpectationSync ${Array.isArray(value) ? setOf(value) : onOffOr(value)}`,
};

/** A link's block; how an address is called depends on its family. */
export const LINK_BLOCK: Words<Omit<LinkConf, 'transport' | 'default' | 'device'>> = {
  interface: (value) => `Interface ${value}`,
  address: (value) => `${family(value)}_address ${value}`,
  interface_address: (value) => `IPv4_interface ${value}`,
  destination_address: (value) => `${family(value)}_Destination_Address ${value}`,
  port: (value) => `Port ${value}`,
  group: (value) => `Group ${value}`,
  send_buffer_size: (value) => `SndSocketBuffer ${value}`,
  receive_buffer_size: (value) => `RcvSocketBuffer ${value}`,
  checksum: (value) => `Checksum ${onOffOr(value)}`,
  error_queue_length: (value) => `ErrorQueueLength ${value}`,
};

/** The parts of `Filter`. */
export const FILTER: Words<Omit<EventFilter, 'from'>> = {
  protocols: ({ policy, names }) => `Protocol ${capital(policy)} ${setOf(names)}`,
  addresses: ({ policy, addresses }) =>
    `Address ${capital(policy)} ${setOf(
      addresses.map(({ family: kind, address, prefix_length: length }) => {
        const keyword = kind === 'ipv4' ? 'IPv4_address' : 'IPv6_address';
        return `${keyword} ${spelled(address)}${length === undefined ? '' : `/${length}`}`;
      }),
    )}`,
  states: ({ policy, names }) => `State ${capital(policy)} ${block(names.length === 0 ? [] : [...names, 'for TCP'])}`,
};

/** A whole link, for links that no statement can name. */
export function linkText(link: LinkConf): string {
  const name = { multicast: 'Multicast', udp: 'UDP', tcp: 'TCP' }[link.transport];
  return `${name}${link.default ? ' Default' : ''} ${block(written(LINK_BLOCK, link))}`;
}

/** A whole mode other than FTFW. */
export function modeText(sync: SyncConf): string {
  const lines = [...written(MODE, sync), ...(sync.mode === 'alarm' ? written(ALARM, sync) : [])];
  return `Mode ${(sync.mode ?? 'ftfw').toUpperCase()} ${block(lines)}`;
}

/** A whole filter, where it is for the kernel. */
export function filterText(filter: EventFilter): string {
  return `Filter From ${capital(filter.from ?? 'userspace')} ${block(written(FILTER, filter))}`;
}

/** A whole Helper block. */
export function helperText({ setup, types }: HelperConf): string {
  const blocks = types.map(({ name, family: kind, transport, queue_number: queue, queue_length: length, policies }) => {
    const lines = [
      ...(queue === undefined ? [] : [`QueueNum ${queue}`]),
      ...(length === undefined ? [] : [`QueueLen ${length}`]),
      ...policies.map(({ name: policy, expect_max: most, expect_timeout: seconds }) => {
        const limits = [
          ...(most === undefined ? [] : [`ExpectMax ${most}`]),
          ...(seconds === undefined ? [] : [`ExpectTimeout ${seconds}`]),
        ];
        return `Policy ${policy} ${block(limits)}`;
      }),
    ];
    return `Type ${name} ${kind} ${transport} ${block(lines)}`;
  });
  return `Helper ${block([...(setup === undefined ? [] : [`Setup ${onOffOr(setup)}`]), ...blocks])}`;
}

/** The statements of all fields that are there. */
export function written<Conf extends object>(words: Words<Conf>, conf: Conf): string[] {
  return (Object.keys(words) as (keyof Conf)[]).flatMap((field) => {
    const value = conf[field];
    return value === undefined || value === null ? [] : (words[field](value) ?? []);
  });
}

/** The statements of one that another lacks, or has otherwise. */
export function differing<Conf extends object>(words: Words<Conf>, wanted: Conf, there: Partial<Conf>): string[] {
  const others = written(words, there as Conf);
  return written(words, wanted).filter((text) => !others.includes(text));
}

/** The statements of one that another leaves to conntrackd. */
export function added<Conf extends object>(words: Words<Conf>, wanted: Partial<Conf>, there: Conf): string[] {
  const left = Object.fromEntries(Object.entries(there).filter(([field]) => wanted[field as keyof Conf] === undefined));
  return written(words, left as Conf);
}

function block(lines: readonly string[]): string {
  return lines.length === 0 ? '{ }' : `{ ${lines.join(' ')} }`;
}

/** A list of which the order does not count, in one order. */
function setOf(names: readonly string[]): string {
  return block([...new Set(names)].sort());
}

function onOffOr(value: boolean | string | number): string {
  return typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value);
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function family(address: string): string {
  return address.includes(':') ? 'IPv6' : 'IPv4';
}
