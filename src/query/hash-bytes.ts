const PRIME = 0x0100_0193;
/** Of this process alone: who chooses the addresses of a flood can't choose ones that meet in one place. */
const SEED = (Math.random() * 0x1_0000_0000) | 0;

/** A hash of 32 bits, with a sign, of the bytes from `start` to before `end`. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = SEED;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, PRIME);
  return mixed(hash);
}

/** Lets every bit of a number have its say in the lower ones. */
export function mixed(hash: number): number {
  const once = Math.imul(hash ^ (hash >>> 16), 0x85eb_ca6b);
  const twice = Math.imul(once ^ (once >>> 13), 0xc2b2_ae35 | 0);
  return twice ^ (twice >>> 16);
}
