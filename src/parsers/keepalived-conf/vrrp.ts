import { isIP } from 'node:net';
import type {
  KeepalivedStatement,
  KeepalivedWarning,
  NotifyEvent,
  NotifyScript,
  NotifyScripts,
  VirtualAddress,
  VrrpInstance,
  VrrpSyncGroup,
} from '../../model/keepalived-conf.js';

const NOTIFY: Record<string, NotifyEvent> = {
  notify_master: 'master',
  notify_backup: 'backup',
  notify_fault: 'fault',
  notify_stop: 'stop',
  notify_deleted: 'deleted',
  notify_master_rx_lower_pri: 'master_rx_lower_pri',
  notify: 'notify',
};

/** `vrrp_sync_group NAME { … }`. */
export function readSyncGroup(statement: KeepalivedStatement): VrrpSyncGroup {
  const { block = [] } = statement;
  // keepalived ignores a second list.
  const members = block.find(({ keyword }) => keyword === 'group')?.block ?? [];
  return {
    name: statement.values[0] ?? '',
    members: members.flatMap(({ keyword, values }) => [keyword, ...values]),
    notify: readNotify(block),
  };
}

/** `vrrp_instance NAME { … }`; addresses that are none are left out with a warning. */
export function readInstance(statement: KeepalivedStatement, warnings: KeepalivedWarning[]): VrrpInstance {
  const { block = [] } = statement;
  const instance: VrrpInstance = {
    name: statement.values[0] ?? '',
    virtual_addresses: readAddresses(block, 'virtual_ipaddress', warnings),
    excluded_addresses: readAddresses(block, 'virtual_ipaddress_excluded', warnings),
    notify: readNotify(block),
  };
  const interfaceName = lastValue(block, 'interface');
  if (interfaceName !== undefined) instance.interface = interfaceName;
  const routerId = numberOf(lastValue(block, 'virtual_router_id'));
  if (routerId !== undefined) instance.virtual_router_id = routerId;
  const priority = numberOf(lastValue(block, 'priority'));
  if (priority !== undefined) instance.priority = priority;
  const state = lastValue(block, 'state');
  if (state !== undefined) instance.state = state;
  return instance;
}

function lastValue(block: KeepalivedStatement[], keyword: string): string | undefined {
  return block.findLast((statement) => statement.keyword === keyword)?.values[0];
}

// Identifiers and priorities of VRRP have eight bits (RFC 5798).
function numberOf(text: string | undefined): number | undefined {
  return text !== undefined && /^[0-9]{1,3}$/.test(text) && Number(text) <= 255 ? Number(text) : undefined;
}

function readNotify(block: KeepalivedStatement[]): NotifyScripts {
  const scripts: NotifyScripts = {};
  for (const { keyword, values } of block) {
    const event = Object.hasOwn(NOTIFY, keyword) ? NOTIFY[keyword] : undefined;
    const script = scriptOf(values);
    if (event !== undefined && script !== undefined) scripts[event] ??= script;
  }
  return scripts;
}

function scriptOf([command, user, group]: string[]): NotifyScript | undefined {
  if (command === undefined) return undefined;
  return { command, ...(user === undefined ? {} : { user }), ...(group === undefined ? {} : { group }) };
}

function readAddresses(block: KeepalivedStatement[], keyword: string, warnings: KeepalivedWarning[]): VirtualAddress[] {
  return block
    .filter((statement) => statement.keyword === keyword)
    .flatMap((statement) => statement.block ?? [])
    .flatMap((statement) => readAddress(statement, warnings));
}

function readAddress(statement: KeepalivedStatement, warnings: KeepalivedWarning[]): VirtualAddress[] {
  const { keyword, values, file, line } = statement;
  const address = addressOf(keyword);
  if (address === undefined) {
    warnings.push({ file, line, message: `${keyword} is no address: keepalived leaves it out` });
    return [];
  }
  const dev = values.indexOf('dev');
  const interfaceName = dev < 0 ? undefined : values[dev + 1];
  return [interfaceName === undefined ? address : { ...address, interface: interfaceName }];
}

/** `ADDRESS[/PREFIX]`; undefined where it is none. */
function addressOf(text: string): VirtualAddress | undefined {
  const slash = text.indexOf('/');
  const address = slash < 0 ? text : text.slice(0, slash);
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (slash < 0) return { family, address };
  const prefix = text.slice(slash + 1);
  const isPrefix = /^[0-9]{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
  return isPrefix ? { family, address, prefix_length: Number(prefix) } : undefined;
}
