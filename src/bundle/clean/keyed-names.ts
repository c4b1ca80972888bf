import { createHmac } from 'node:crypto';

const SHORT_DIGITS = 8;

/** Digests of names under a key, the same on every node that has it. Nobody without the key can try names out. */
export class KeyedNames {
  private readonly key: Buffer;

  /** @param key the key of the cleaning; what is used here is derived from it, so that AES and HMAC do not share one */
  constructor(key: Uint8Array) {
    this.key = createHmac('sha256', key).update('ctsync clean: names').digest();
  }

  /** 32 bytes for a name of a kind; names of two kinds have nothing in common. */
  digest(kind: string, name: string | Uint8Array): Buffer {
    return createHmac('sha256', this.key).update(`${kind}\0`).update(name).digest();
  }

  /** The same as a few hexadecimal digits. */
  short(kind: string, name: string): string {
    return this.digest(kind, name).toString('hex').slice(0, SHORT_DIGITS);
  }
}
