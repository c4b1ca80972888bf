import type { LinkConf, SyncConf } from '../../model/conntrackd-conf.js';
import type { Cursor, Statements } from './cursor.js';
import { Mistake } from './cursor.js';
import { isAddress } from './ip-token.js';
import type { Token } from './lexer.js';
import { readBoolean, readNumber } from './values.js';

const MOST_LINKS = 4;

const TRANSPORT = { Multicast: 'multicast', UDP: 'udp', TCP: 'tcp' } as const;

interface Link {
  conf: LinkConf;
  /** How many links come before this one. */
  index: number;
  /** Family of the first multicast address, which the others have to share. */
  family?: 'ipv4' | 'ipv6';
}

/** `Multicast|UDP|TCP [Default] { … }`. */
export function readLink(cursor: Cursor, sync: SyncConf, keyword: Token): void {
  const transport = TRANSPORT[keyword.text as keyof typeof TRANSPORT];
  const conf: LinkConf = { transport, default: cursor.takes('Default') };
  cursor.block(keyword.text, { conf, index: sync.links.length }, STATEMENTS[transport]);
  const other = sync.links.find((each) => each.transport !== transport);
  if (other !== undefined) {
    throw new Mistake(
      keyword.text,
      keyword.line,
      `conntrackd takes links of one kind only: ${other.transport} is used`,
    );
  }
  sync.links.push(conf);
}

type Read = Statements<Link>[string];

/** conntrackd counts its links only where a statement of theirs is read: a fifth link without one passes. */
function counted(read: Read): Read {
  return (cursor, link, keyword) => {
    read(cursor, link, keyword);
    if (link.index < MOST_LINKS) return;
    throw new Mistake(keyword.text, keyword.line, `conntrackd takes ${MOST_LINKS} dedicated links at most`);
  };
}

type NumberField = 'port' | 'group' | 'send_buffer_size' | 'receive_buffer_size' | 'error_queue_length';

function number(field: NumberField): Read {
  return counted((cursor, { conf }, keyword) => {
    conf[field] = readNumber(cursor, keyword);
  });
}

type AddressField = 'address' | 'interface_address' | 'destination_address';

function address(family: 'ipv4' | 'ipv6', field: AddressField): Read {
  return counted((cursor, { conf }) => {
    const text = readAddress(cursor, family);
    if (text !== undefined) conf[field] = text;
  });
}

function multicastAddress(family: 'ipv4' | 'ipv6', field: AddressField): Read {
  return counted((cursor, link, keyword) => {
    const text = readAddress(cursor, family);
    if (text === undefined) return;
    if (link.family !== undefined && link.family !== family) {
      cursor.warn(keyword.line, `${text} and another address of this multicast link are of different families`);
      return;
    }
    link.family = family;
    link.conf[field] = text;
  });
}

function readAddress(cursor: Cursor, family: 'ipv4' | 'ipv6'): string | undefined {
  const token = cursor.expect('ip', 'an address');
  if (isAddress(family, token.text)) return token.text;
  cursor.warn(token.line, `${token.text} is no ${family === 'ipv4' ? 'IPv4' : 'IPv6'} address: conntrackd ignores it`);
  return undefined;
}

const COMMON: Statements<Link> = {
  Interface: counted((cursor, { conf }) => {
    conf.interface = cursor.expect('word', 'the name of an interface').text;
  }),
  SndSocketBuffer: number('send_buffer_size'),
  RcvSocketBuffer: number('receive_buffer_size'),
  Checksum: counted((cursor, { conf }) => {
    conf.checksum = readBoolean(cursor);
  }),
};

const UNICAST: Statements<Link> = {
  ...COMMON,
  IPv4_address: address('ipv4', 'address'),
  IPv6_address: address('ipv6', 'address'),
  IPv4_Destination_Address: address('ipv4', 'destination_address'),
  IPv6_Destination_Address: address('ipv6', 'destination_address'),
  Port: number('port'),
};

const STATEMENTS: Record<LinkConf['transport'], Statements<Link>> = {
  multicast: {
    ...COMMON,
    IPv4_address: multicastAddress('ipv4', 'address'),
    IPv6_address: multicastAddress('ipv6', 'address'),
    IPv4_interface: multicastAddress('ipv4', 'interface_address'),
    IPv6_interface: (cursor, _, keyword) => {
      cursor.expect('ip', 'an address');
      cursor.warn(keyword.line, 'IPv6_interface is not needed: conntrackd ignores it');
    },
    Group: number('group'),
  },
  udp: UNICAST,
  tcp: { ...UNICAST, ErrorQueueLength: number('error_queue_length') },
};
