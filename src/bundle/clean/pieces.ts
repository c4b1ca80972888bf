/** Lines up to this length are never cut; longer ones are, so that memory does not follow the line. */
export const LONGEST_LINE = 64 * 1024;
/** What stands between words: no address, name, keyword or key has one of these in it. */
const BETWEEN_WORDS = /[\s,;=(){}[\]<>"'|]/;
const BEHIND_LAST_WORD = /[\s,;=(){}[\]<>"'|][^\s,;=(){}[\]<>"'|]*$/;
/** Where a statement ends in JSON and in configurations: what belongs together stays in one piece. */
const BEHIND_LAST_STATEMENT = /[,;}][^,;}]*$/;

/** A part of a text: whole lines, or a part of a line that is too long. */
export interface Piece {
  text: string;
  /** It begins within a line. */
  midLine: boolean;
  /** It ends within a line. */
  isCut: boolean;
  /** In place of a word that is too long to be looked through. */
  removed?: true;
}

/**
 * Cuts a text into pieces that can be cleaned by themselves, in bounded memory. Where the pieces of a long line end depends on
 * the line alone, so that the same text is cleaned in the same way however it comes.
 */
export class PieceCutter {
  private rest = '';
  private midLine = false;
  /** Within a word that is too long. */
  private skipping = false;

  /** The pieces that are complete with this chunk. */
  push(chunk: string): Piece[] {
    this.rest += chunk;
    return this.pieces(false);
  }

  /** What is left. */
  end(): Piece[] {
    return this.pieces(true);
  }

  private pieces(isEnd: boolean): Piece[] {
    const pieces: Piece[] = [];
    if (!this.skip()) return pieces;
    let at = 0;
    for (;;) {
      const end = this.rest.indexOf('\n', at);
      const length = (end < 0 ? this.rest.length : end) - at;
      if (length > LONGEST_LINE) {
        this.take(pieces, at);
        if (!this.cutLine(pieces)) return pieces;
        at = 0;
      } else if (end < 0) {
        this.take(pieces, isEnd ? this.rest.length : at);
        return pieces;
      } else {
        at = end + 1;
      }
    }
  }

  /** Takes whole lines, or the end of the text. */
  private take(pieces: Piece[], length: number): void {
    if (length === 0) return;
    pieces.push({ text: this.rest.slice(0, length), midLine: this.midLine, isCut: false });
    this.midLine = false;
    this.rest = this.rest.slice(length);
  }

  /** Takes the beginning of a line that is too long. @returns false where all that is there was of no use */
  private cutLine(pieces: Piece[]): boolean {
    const line = this.rest.slice(0, LONGEST_LINE);
    const cut = (BEHIND_LAST_STATEMENT.exec(line) ?? BEHIND_LAST_WORD.exec(line))?.index;
    const length = cut === undefined ? LONGEST_LINE : cut + 1;
    const piece = { text: this.rest.slice(0, length), midLine: this.midLine, isCut: true };
    pieces.push(cut === undefined ? { ...piece, text: '', removed: true } : piece);
    this.rest = this.rest.slice(length);
    this.midLine = true;
    this.skipping = cut === undefined;
    return this.skip();
  }

  /** Drops the rest of a word that is too long. @returns false where its end is still to come */
  private skip(): boolean {
    if (!this.skipping) return true;
    const end = BETWEEN_WORDS.exec(this.rest)?.index;
    this.rest = end === undefined ? '' : this.rest.slice(end);
    this.skipping = end === undefined;
    return !this.skipping;
  }
}
