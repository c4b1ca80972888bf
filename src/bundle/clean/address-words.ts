import { addressBytes } from '../../model/address-bytes.js';
import type { CleaningCounts } from '../../model/cleaning.js';
import { addressFamily } from '../../parsers/address.js';
import type { AddressMap } from './address-map.js';
import { printIpv4, printIpv6, readIpv4, withoutHostBits, withoutHostBytes } from './address-text.js';
import type { HardwareAddresses } from './hardware-addresses.js';

/** What stands around a word in its text, as far as the addresses in it depend on that. */
export interface Surroundings {
  /** A letter stands directly before the first digit. */
  gluedBefore: boolean;
  /** A letter stands directly behind the last one. */
  gluedBehind: boolean;
  /** The prefix length that is written beside the address. */
  prefixLength: number | undefined;
}

/** A word with its addresses replaced, and how many of which kind there were. */
export interface CleanWord extends Counts {
  text: string;
}

type Counts = Pick<CleaningCounts, 'ipv4' | 'ipv6' | 'mac'>;

/** Four numbers, and perhaps a port behind a fifth dot. What has more dots is no address: an OID, say. */
const IPV4 = /(?<!\d)(?<!\d\.)\d{1,3}(?:\.\d{1,3}){3}(?!\d)(?!\.\d+\.\d)/g;
const MAC_WITH_COLONS = /^[0-9a-f]{2}(?::[0-9a-f]{2}){5,}$/i;
const MAC_WITH_DOTS = /^[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4}$/i;
/** Six bytes of the receiver, six of the sender and the type of the frame, as netfilter logs them behind `MAC=`. */
const FRAME_BYTES = 14;
const MAC_BYTES = 6;

/** Replaces the addresses in words of hexadecimal digits, dots, colons and dashes. */
export class AddressWords {
  private readonly addresses: AddressMap;
  private readonly hardware: HardwareAddresses;

  constructor(addresses: AddressMap, hardware: HardwareAddresses) {
    this.addresses = addresses;
    this.hardware = hardware;
  }

  clean(word: string, around: Surroundings): CleanWord {
    const counts = { ipv4: 0, ipv6: 0, mac: 0 };
    const [start, end] = colonsAtTheEnds(word);
    const core = word.slice(start, end);
    const put = (text: string): CleanWord => ({ ...counts, text: word.slice(0, start) + text + word.slice(end) });
    if (MAC_WITH_COLONS.test(core)) return put(this.macs(core, ':', counts));
    if (MAC_WITH_DOTS.test(core)) return put(this.dottedMac(core, counts));
    const span = ipv6Span(word, around);
    if (span === undefined) {
      const text = this.ipv4s(word, around.prefixLength, counts);
      return { ...counts, text };
    }
    const ipv6 = this.ipv6(word.slice(...span), span[1] === word.length ? around.prefixLength : undefined, counts);
    return { ...counts, text: word.slice(0, span[0]) + ipv6 + word.slice(span[1]) };
  }

  /** Six or more bytes in hexadecimal with the same mark between them. */
  macs(text: string, mark: string, counts: Counts): string {
    const bytes = Buffer.from(text.replaceAll(mark, ''), 'hex');
    const ends = bytes.length === FRAME_BYTES ? [MAC_BYTES, 2 * MAC_BYTES] : [bytes.length];
    const parts = ends.map((end, i) => this.mac(bytes.subarray(ends[i - 1] ?? 0, end), counts));
    const all = Buffer.concat([...parts, bytes.subarray(ends.at(-1))]);
    return all.equals(bytes) ? text : (all.toString('hex').match(/../g) ?? []).join(mark);
  }

  private dottedMac(text: string, counts: Counts): string {
    const mapped = this.mac(Buffer.from(text.replaceAll('.', ''), 'hex'), counts);
    return (mapped.toString('hex').match(/.{4}/g) ?? []).join('.');
  }

  private mac(address: Buffer, counts: Counts): Buffer {
    const mapped = this.hardware.map(address);
    if (!mapped.equals(address)) counts.mac += 1;
    return mapped;
  }

  private ipv4s(word: string, prefixLength: number | undefined, counts: Counts): string {
    return word.replace(IPV4, (text, at: number) => {
      const address = readIpv4(text);
      if (address === undefined) return text;
      const mapped = this.ipv4(address, at + text.length === word.length ? prefixLength : undefined);
      if (mapped === address) return text;
      counts.ipv4 += 1;
      return printIpv4(mapped);
    });
  }

  /** The host bits of a network stay 0: it would be no network else. */
  ipv4(address: number, prefixLength = 32): number {
    const mapped = this.addresses.ipv4(address);
    return withoutHostBits(address, prefixLength) === address ? withoutHostBits(mapped, prefixLength) : mapped;
  }

  private ipv6(text: string, prefixLength = 128, counts: Counts): string {
    const address = Buffer.from(addressBytes('ipv6', text).subarray(1));
    const whole = this.addresses.ipv6(address);
    const isNetwork = withoutHostBytes(address, prefixLength).equals(address);
    const mapped = isNetwork ? withoutHostBytes(whole, prefixLength) : whole;
    if (mapped.equals(address)) return text;
    const dotted = text.includes('.');
    counts[dotted ? 'ipv4' : 'ipv6'] += 1;
    return printIpv6(mapped, dotted);
  }
}

/** A word without a lone colon before or behind it: `port:`, `2001:db8::1: no route`. */
function colonsAtTheEnds(word: string): [start: number, end: number] {
  const start = word.startsWith(':') && !word.startsWith('::') ? 1 : 0;
  const dots = /\.*$/.exec(word)?.index ?? word.length;
  const isLone = word[dots - 1] === ':' && word[dots - 2] !== ':';
  return [start, isLone ? dots - 1 : dots];
}

/** Where an IPv6 address stands in a word: all of it, or all but what is glued to it, such as a port. */
function ipv6Span(word: string, { gluedBefore, gluedBehind }: Surroundings): [start: number, end: number] | undefined {
  let [start, end] = colonsAtTheEnds(word);
  if (gluedBefore) start = word.indexOf(':') + 1;
  if (gluedBehind && end === word.length) end = groupStart(word, end);
  const bytes = Buffer.from(word, 'latin1');
  const isAddress = (to: number): boolean => to - start >= 2 && addressFamily(bytes, start, to) === 'ipv6';
  // Whole, or less a port behind a dot (tcpdump) or behind a ninth colon.
  return [end, word.lastIndexOf('.', end - 1), word.lastIndexOf(':', end - 1)]
    .filter(isAddress)
    .map((to): [number, number] => [start, to])[0];
}

/** Where the last group of a word begins; a gap before it stays with what is before. */
function groupStart(word: string, end: number): number {
  const colon = word.lastIndexOf(':', end - 1);
  return colon > 0 && word[colon - 1] === ':' ? colon + 1 : colon;
}
