/** CRC-32 of a text in UTF-8: tells damage, not malice. What computes it is loaded only now: most commands never need it. */
export function crc32(text: string): number {
  return process.getBuiltinModule('node:zlib').crc32(text);
}
