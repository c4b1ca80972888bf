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

function readAddress(
  { keyword, values, file, line }: KeepalivedStatement,
  warnings: KeepalivedWarning[],
): VirtualAddress[] {
  const [address = '', prefix] = keyword.split('/');
  const version = isIP(address);
  const prefixLength = prefix === undefined ? undefined : Number(prefix);
  const longest = version === 4 ? 32 : 128;
  if (version === 0 || (prefixLength !== undefined && !(/^[0-9]+$/.test(prefix ?? '') && prefixLength <= longest))) {
    warnings.push({ file, line, message: `${keyword} is no address: keepalived leaves it out` });
    return [];
  }
  const dev = values.indexOf('dev');
  const interfaceName = dev < 0 ? undefined : values[dev + 1];
  return [
    {
      family: version === 4 ? 'ipv4' : 'ipv6',
      address,
      ...(prefixLength === undefined ? {} : { prefix_length: prefixLength }),
      ...(interfaceName === undefined ? {} : { interface: interfaceName }),
    },
  ];
}
