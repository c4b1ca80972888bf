import type { UdpSocket } from '../model/node-observation.js';
import { counterOf } from '../model/number.js';

/** `  sl  local_address rem_address   st tx_queue:rx_queue … inode ref pointer drops`, addresses in hexadecimal. */
const SOCKET = /^\s*\d+: (?:([0-9A-F]{8})|([0-9A-F]{32})):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} .* (\d{1,10})\s*$/;

/**
 * The sockets of `/proc/net/udp` and `/proc/net/udp6` (proc(5)), in their order. What is no socket is left out: the page
 * has a heading, and newer kernels may say more.
 */
export function parseUdpSockets(text: string): UdpSocket[] {
  return text.split('\n').flatMap((line) => {
    const [, ipv4, ipv6, port, drops] = SOCKET.exec(line) ?? [];
    if (port === undefined || drops === undefined) return [];
    const address = ipv4 === undefined ? ipv6Of(ipv6 ?? '') : ipv4Of(ipv4);
    return [{ address, port: parseInt(port, 16), drops: counterOf(drops) }];
  });
}

/** The kernel prints each word of four bytes as a number of the machine, whose lowest byte is the first of the address. */
function bytesOf(hex: string): number[] {
  const words = hex.match(/.{8}/g) ?? [];
  return words.flatMap((word) => (word.match(/../g) ?? []).map((byte) => parseInt(byte, 16)).reverse());
}

function ipv4Of(hex: string): string {
  return bytesOf(hex).join('.');
}

/** In full: it is only shown and compared with itself. */
function ipv6Of(hex: string): string {
  const bytes = bytesOf(hex);
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i]! << 8) | bytes[2 * i + 1]!).toString(16));
  return groups.join(':');
}
