import type { EventFilter, FilterAddress, FilterPolicy } from '../../model/conntrackd-conf.js';
import type { Cursor, Statements } from './cursor.js';
import { isAddress } from './ip-token.js';

/** `Filter [From …] { … }`. */
export function readFilter(cursor: Cursor, filter: EventFilter): void {
  if (cursor.takes('From')) {
    filter.from = cursor.expectOne(['Userspace', 'Kernelspace']) === 'Userspace' ? 'userspace' : 'kernelspace';
  }
  cursor.block('Filter', filter, FILTER);
}

const FILTER: Statements<EventFilter> = {
  Protocol: (cursor, filter) => {
    const policy = readPolicy(cursor);
    filter.protocols = { policy, names: [...(filter.protocols?.names ?? []), ...readProtocols(cursor)] };
  },
  Address: (cursor, filter) => {
    const policy = readPolicy(cursor);
    filter.addresses = { policy, addresses: filter.addresses?.addresses ?? [] };
    cursor.block('Address', filter.addresses.addresses, ADDRESS);
  },
  State: (cursor, filter) => {
    const policy = readPolicy(cursor);
    filter.states = { policy, names: [...(filter.states?.names ?? []), ...readStates(cursor)] };
  },
};

function readPolicy(cursor: Cursor): FilterPolicy {
  return cursor.expectOne(['Accept', 'Ignore']) === 'Accept' ? 'accept' : 'ignore';
}

function readProtocols(cursor: Cursor): string[] {
  const names: string[] = [];
  cursor.expectOne(['{']);
  while (!cursor.takes('}')) {
    const name = ['TCP', 'UDP'].find((each) => cursor.takes(each));
    names.push(name ?? cursor.expect('word', 'the name of a protocol').text);
  }
  return names;
}

const ADDRESS: Statements<FilterAddress[]> = {
  IPv4_address: (cursor, addresses) => readFilterAddress(cursor, 'ipv4', addresses),
  IPv6_address: (cursor, addresses) => readFilterAddress(cursor, 'ipv6', addresses),
};

const LONGEST_PREFIX = { ipv4: 32, ipv6: 128 };

function readFilterAddress(cursor: Cursor, family: FilterAddress['family'], addresses: FilterAddress[]): void {
  const token = cursor.expect('ip', 'an address');
  const entry = filterAddress(family, token.text);
  if (entry === undefined) {
    cursor.warn(token.line, `${token.text} is no ${FAMILY_NAME[family]} address or network: conntrackd ignores it`);
  } else if (isRepeatedNetwork(entry, addresses)) {
    cursor.warn(token.line, `${token.text} is in this filter already`);
  } else {
    addresses.push(entry);
  }
}

const FAMILY_NAME = { ipv4: 'IPv4', ipv6: 'IPv6' };

function filterAddress(family: FilterAddress['family'], text: string): FilterAddress | undefined {
  const [address = '', prefix] = text.split('/');
  if (!isAddress(family, address)) return undefined;
  if (prefix === undefined) return { family, address };
  const prefixLength = Number(prefix);
  return prefixLength <= LONGEST_PREFIX[family] ? { family, address, prefix_length: prefixLength } : undefined;
}

function isRepeatedNetwork(entry: FilterAddress, addresses: FilterAddress[]): boolean {
  return addresses.some(
    (each) =>
      each.family === entry.family && each.address === entry.address && each.prefix_length === entry.prefix_length,
  );
}

const STATES = [
  'SYN_SENT',
  'SYN_RECV',
  'ESTABLISHED',
  'FIN_WAIT',
  'CLOSE_WAIT',
  'LAST_ACK',
  'TIME_WAIT',
  'CLOSE',
  'CLOSED',
  'LISTEN',
] as const;

/** `{ STATE… for TCP }`, where `STATE… for TCP` may stand there any number of times. */
function readStates(cursor: Cursor): string[] {
  const names: string[] = [];
  cursor.expectOne(['{']);
  while (!cursor.takes('}')) {
    let word = cursor.expectOne([...STATES, 'for']);
    for (; word !== 'for'; word = cursor.expectOne([...STATES, 'for'])) names.push(word);
    cursor.expectOne(['TCP']);
  }
  return names;
}
