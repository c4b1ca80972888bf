import type { CleaningCounts } from '../../model/cleaning.js';
import { noCounts } from '../../model/cleaning.js';
import { AddressMap } from './address-map.js';
import { AddressWords } from './address-words.js';
import { AddressesInText } from './addresses-in-text.js';
import { withByteLists } from './byte-lists.js';
import { escapesAside, escapesBack } from './escapes.js';
import { HardwareAddresses } from './hardware-addresses.js';
import { KernelPages } from './kernel-pages.js';
import { KeyedNames } from './keyed-names.js';
import { NamesInText } from './names-in-text.js';
import type { Piece } from './pieces.js';
import { PieceCutter } from './pieces.js';
import { REMOVED } from './secret-words.js';
import { Secrets } from './secrets.js';

/** What is replaced besides secrets, which always are. */
export interface Anonymity {
  /** 32 bytes; the same on both nodes of a pair, so that their texts still fit together. */
  key: Uint8Array;
  /** Host names that may stand in the texts; of a name with a domain also its short form, and other hosts of the domain. */
  hosts: readonly string[];
  users: readonly string[];
}

type Step = (text: string) => string;

/** Cleans the texts of a bundle, one after the other, and counts what it replaces in all of them. */
export class TextCleaner {
  readonly counts: CleaningCounts = noCounts();
  /** Host and user names that stay, because they are common words or numbers. */
  readonly namesLeft: readonly string[];
  private readonly steps: Step[];

  /** @param anonymity absent: only secrets are removed */
  constructor(anonymity?: Anonymity) {
    if (anonymity === undefined) {
      this.steps = [];
      this.namesLeft = [];
      return;
    }
    const keyed = new KeyedNames(anonymity.key);
    const hardware = new HardwareAddresses(keyed);
    const map = new AddressMap(anonymity.key, hardware);
    const names = new NamesInText(anonymity, keyed, this.counts);
    const pages = new KernelPages(map, this.counts);
    const addresses = new AddressesInText(new AddressWords(map, hardware), this.counts);
    this.namesLeft = names.left;
    this.steps = [(text) => names.clean(text), (text) => pages.clean(text), (text) => addresses.clean(text)];
  }

  /**
   * The text, cleaned; in bounded memory, also where a line has no end. Every byte that is not replaced stays what it is,
   * whatever its encoding. A word of more than 64 KiB is removed, since it can't be looked through as a whole.
   */
  async *clean(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
    const text = this.begin();
    for await (const chunk of chunks) {
      const cleaned = text.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1'));
      if (cleaned !== '') yield Buffer.from(cleaned, 'latin1');
    }
    const rest = text.end();
    if (rest !== '') yield Buffer.from(rest, 'latin1');
  }

  /** A small text at once, in the same way. */
  cleanText(bytes: Buffer): Buffer {
    const text = this.begin();
    return Buffer.from(text.push(bytes.toString('latin1')) + text.end(), 'latin1');
  }

  private begin(): { push: (chunk: string) => string; end: () => string } {
    const cutter = new PieceCutter();
    const secrets = new Secrets(this.counts);
    const joined = (pieces: Piece[]): string => pieces.map((piece) => this.piece(piece, secrets)).join('');
    return { push: (chunk) => joined(cutter.push(chunk)), end: () => joined(cutter.end()) };
  }

  private piece(piece: Piece, secrets: Secrets): string {
    if (piece.removed) {
      this.counts.secrets += 1;
      return REMOVED;
    }
    const text = withByteLists(piece.text, (list) =>
      this.cleaned({ text: list, midLine: false, isCut: false }, new Secrets(this.counts)),
    );
    return this.cleaned({ ...piece, text }, secrets);
  }

  private cleaned(piece: Piece, secrets: Secrets): string {
    if (this.steps.length === 0) return secrets.clean(piece);
    return escapesBack(this.steps.reduce((text, step) => step(text), escapesAside(secrets.clean(piece))));
  }
}
