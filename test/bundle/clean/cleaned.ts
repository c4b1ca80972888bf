import { TextCleaner } from '../../../src/bundle/clean/text-cleaner.js';
import { printIpv4, printIpv6, readIpv4 } from '../../../src/bundle/clean/address-text.js';
import { AddressMap } from '../../../src/bundle/clean/address-map.js';
import { HardwareAddresses } from '../../../src/bundle/clean/hardware-addresses.js';
import { KeyedNames } from '../../../src/bundle/clean/keyed-names.js';
import { addressBytes } from '../../../src/model/address-bytes.js';

export const KEY = Buffer.from('the key of the tests, 32 bytes !');
export const HOSTS = ['fw1.corp.example.net', 'fw2'];
export const USERS = ['joe', 'root'];

const hardware = new HardwareAddresses(new KeyedNames(KEY));
const map = new AddressMap(KEY, hardware);

export function newCleaner(): TextCleaner {
  return new TextCleaner({ key: KEY, hosts: HOSTS, users: USERS });
}

/** A text, cleaned of everything. */
export function cleaned(text: string): string {
  return newCleaner().cleanText(Buffer.from(text, 'latin1')).toString('latin1');
}

/** A text without its secrets. */
export function withoutSecrets(text: string): string {
  return new TextCleaner().cleanText(Buffer.from(text, 'latin1')).toString('latin1');
}

/** What an IPv4 address becomes. */
export function ipv4(text: string): string {
  return printIpv4(map.ipv4(readIpv4(text)!));
}

/** What an IPv6 address becomes. */
export function ipv6(text: string, dotted = false): string {
  return printIpv6(map.ipv6(Buffer.from(addressBytes('ipv6', text).subarray(1))), dotted);
}

/** What a MAC becomes, with colons. */
export function mac(text: string): string {
  const mapped = hardware.map(Buffer.from(text.replaceAll(':', ''), 'hex'));
  return mapped.toString('hex').match(/../g)!.join(':');
}
