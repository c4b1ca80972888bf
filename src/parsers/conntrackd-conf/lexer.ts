import { scanIp } from './ip-token.js';

/**
 * What conntrackd 1.4.7 makes of a piece of its configuration (formats.md §12). `end` is the end of the file, or the
 * byte that conntrackd takes for it.
 */
export type TokenKind =
  'keyword' | 'word' | ModeKind | 'on' | 'off' | 'number' | 'signed' | 'ip' | 'path' | 'char' | 'end';

/** The names of modes that conntrackd knows, two of them old ones. */
export type ModeKind = 'ftfw' | 'nack' | 'notrack' | 'alarm' | 'persistent';

export interface Token {
  kind: TokenKind;
  /** As written; empty at the end of the file. */
  text: string;
  /** Line on which the token stands, from 1. */
  line: number;
}

// A word that is one of these can't be a name: no interface can be called Group (formats.md §12).
const KEYWORDS = new Set(
  `ACKWindowSize Accept Address Backlog CLOSE CLOSED CLOSE_WAIT CacheTimeout Checksum CommitTimeout Default
  DisableExternalCache DisableInternalCache ESTABLISHED ErrorQueueLength EventIterationLimit ExpectMax ExpectTimeout
  ExpectationSync FIN_WAIT Filter From General Group HashLimit HashSize Helper IPv4_Destination_Address IPv4_address
  IPv4_interface IPv6_Destination_Address IPv6_address IPv6_interface Ignore Interface Kernelspace LAST_ACK LISTEN
  LockFile LogFile Mode Multicast NetlinkBufferSize NetlinkBufferSizeMaxGrowth NetlinkEventsReliable
  NetlinkOverrunResync Nice Options Path Policy PollSecs Port Priority Protocol PurgeTimeout QueueLen QueueNum
  RcvSocketBuffer RefreshTime ResendQueueSize SYN_RECV SYN_SENT Scheduler Setup SndSocketBuffer SocketBufferSize
  SocketBufferSizeMaxGrown SocketBufferSizeMaxGrowth StartupResync State Stats Sync Syslog Systemd TCP
  TCPWindowTracking TIME_WAIT Type UDP UNIX Userspace for`.split(/\s+/),
);

// conntrackd matches these in any case, and takes `|` for any of their letters; the last T of PERSISTENT must be upper
// case (found by asking conntrackd 1.4.7). Where two match, the earlier one wins.
const LOOSE_WORDS: [TokenKind, RegExp][] = [
  ['on', loose('on')],
  ['off', loose('off')],
  ['on', loose('yes')],
  ['off', loose('no')],
  ['alarm', loose('alarm')],
  ['persistent', new RegExp(`${loose('persisten').source}[T|]`, 'y')],
  ['ftfw', loose('ftfw')],
  ['nack', loose('nack')],
  ['notrack', loose('notrack')],
];

function loose(word: string): RegExp {
  return new RegExp([...word].map((letter) => `[${letter}${letter.toUpperCase()}|]`).join(''), 'y');
}

const WORD = /[A-Za-z][A-Za-z0-9.\-_]*/y;
const NUMBER = /[0-9]+/y;
const SIGNED = /[-+][0-9]+/y;
const PATH = /\/[^" \n]*/y;
const BLANK = /[ \t\r]+/y;

/** Cuts a configuration into conntrackd's tokens, one at a time. */
export class Lexer {
  readonly #text: string;
  #at = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  next(): Token {
    this.#skipBlank();
    const code = this.#text.charCodeAt(this.#at);
    // conntrackd stops reading at a zero byte, and at a byte above 127 outside a comment, as if the file ended there.
    if (Number.isNaN(code) || code === 0 || code > 127) {
      const text = code > 127 ? String.fromCodePoint(this.#text.codePointAt(this.#at) as number) : '';
      return { kind: 'end', text, line: this.#line };
    }
    const [kind, length] = this.#longest();
    const text = this.#text.slice(this.#at, this.#at + length);
    this.#at += length;
    return { kind: kind === 'word' && KEYWORDS.has(text) ? 'keyword' : kind, text, line: this.#line };
  }

  /** Whether something that conntrackd will never read follows the token that ended the file. */
  get hasRest(): boolean {
    return this.#at < this.#text.length;
  }

  #skipBlank(): void {
    for (;;) {
      const char = this.#text[this.#at];
      if (char === '\n') {
        this.#line += 1;
        this.#at += 1;
      } else if (char === '#') {
        const end = this.#text.indexOf('\n', this.#at);
        // A comment needs its newline: without one conntrackd reads the # as a symbol of its own.
        if (end < 0) return;
        this.#at = end;
      } else {
        const length = this.#match(BLANK);
        if (length === 0) return;
        this.#at += length;
      }
    }
  }

  /** The longest token that starts here; of two of the same length, the one that is asked for first. */
  #longest(): [TokenKind, number] {
    let best: [TokenKind, number] = ['char', 1];
    let found = 0;
    const offer = (kind: TokenKind, length: number): void => {
      if (length > found) [best, found] = [[kind, length], length];
    };
    for (const [kind, pattern] of LOOSE_WORDS) offer(kind, this.#match(pattern));
    offer('number', this.#match(NUMBER));
    offer('signed', this.#match(SIGNED));
    offer('path', this.#match(PATH));
    offer('ip', scanIp(this.#text, this.#at));
    offer('word', this.#match(WORD));
    return best;
  }

  #match(pattern: RegExp): number {
    pattern.lastIndex = this.#at;
    return pattern.test(this.#text) ? pattern.lastIndex - this.#at : 0;
  }
}
