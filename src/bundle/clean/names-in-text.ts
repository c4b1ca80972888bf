import type { CleaningCounts } from '../../model/cleaning.js';
import type { KeyedNames } from './keyed-names.js';

/**
 * Names that are everywhere, or words of the tools: to replace them would hide nobody and break what is read, such as
 * `state MASTER` for a host that is called master.
 */
const COMMON = new Set(
  [
    'localhost localdomain local lan root nobody daemon bin sys adm keepalived_script',
    'conntrack conntrackd keepalived ctsync nft iptables systemd journal kernel linux debian',
    'master backup fault stop main expect internal external cache stats sync general helper link node',
    'tcp udp udplite icmp icmpv6 sctp dccp gre esp ah ipv4 ipv6 inet inet6 unknown',
    'src dst sport dport type code id mark zone use packets bytes state timeout mode',
    'yes no on off true false null multicast interface port address path group user',
  ].flatMap((words) => words.split(' ')),
);

/** What is put for a name, and how it is counted. */
interface Replacement {
  text: string;
  kind: 'host_names' | 'user_names';
}

/** Replaces host and user names that are known, as whole words, whether in capitals or not. */
export class NamesInText {
  /** Names that were asked for and stay: common words and numbers. */
  readonly left: string[] = [];
  /** By the name in small letters. */
  private readonly replacements = new Map<string, Replacement>();
  private readonly domains = new Set<string>();
  private readonly pattern: RegExp;
  /** Finds far faster that there is no name at all. */
  private readonly anyName: RegExp | undefined;
  private readonly names: KeyedNames;
  private readonly counts: CleaningCounts;

  constructor(
    known: { hosts: readonly string[]; users: readonly string[] },
    names: KeyedNames,
    counts: CleaningCounts,
  ) {
    this.names = names;
    this.counts = counts;
    for (const user of known.users) this.addUser(bytewise(user));
    // What is the name of both is a host: of a host other hosts speak, too.
    for (const host of known.hosts) this.addHost(bytewise(host).replace(/\.$/, ''));
    this.pattern = patternOf([...this.replacements.keys()], [...this.domains]);
    const all = [...this.replacements.keys(), ...this.domains].map(escaped);
    this.anyName = all.length === 0 ? undefined : new RegExp(all.join('|'), 'i');
  }

  /** @param text one byte a character */
  clean(text: string): string {
    if (this.anyName?.test(text) !== true) return text;
    return text.replace(this.pattern, (found) => {
      const { text: replacement, kind } = this.replacements.get(found.toLowerCase()) ?? this.inDomain(found);
      this.counts[kind] += 1;
      return replacement;
    });
  }

  private addUser(name: string): void {
    if (!this.isLeft(name)) this.put(name, `user-${this.names.short('user', name)}`, 'user_names');
  }

  /** The name as it is given, its short form, and the domain that it is in. */
  private addHost(name: string): void {
    const [short, domain] = parted(name);
    if (!this.isLeft(short)) this.put(short, this.host(short), 'host_names');
    if (domain === '') return;
    this.put(name, this.fullName(name), 'host_names');
    // A domain of one word, such as lan, is no secret and may be any word.
    if (domain.includes('.')) this.domains.add(domain);
  }

  private put(name: string, text: string, kind: Replacement['kind']): void {
    this.replacements.set(name, { text, kind });
  }

  private isLeft(name: string): boolean {
    const isCommon = name === '' || COMMON.has(name) || /^\d+$/.test(name);
    if (isCommon && name !== '' && !this.left.includes(name)) this.left.push(name);
    return isCommon;
  }

  /** Another host in a domain that is known, or the domain itself. */
  private inDomain(found: string): Replacement {
    const name = found.toLowerCase();
    return { text: this.domains.has(name) ? this.domain(name) : this.fullName(name), kind: 'host_names' };
  }

  /** A short name has the same digits with a domain and without. */
  private fullName(name: string): string {
    const [short, domain] = parted(name);
    return `${this.host(short)}.${this.domain(domain)}`;
  }

  private host(short: string): string {
    return `host-${this.names.short('host', short)}`;
  }

  private domain(name: string): string {
    return `domain-${this.names.short('domain', name)}`;
  }
}

function parted(name: string): [short: string, domain: string] {
  const [short = ''] = name.split('.', 1);
  return [short, name.slice(short.length + 1)];
}

/** In the texts each byte is a character. */
function bytewise(name: string): string {
  return Buffer.from(name.trim(), 'utf8').toString('latin1').toLowerCase();
}

/** Of an address there are two colons or more, with groups between them, or groups of four digits with dots. */
const BEHIND_NO_PART = '(?<!:[0-9a-f]{0,4}:|[0-9a-f]{4}\\.)';
const BEFORE_NO_PART = '(?!:[0-9a-f]{0,4}:|\\.[0-9a-f]{4}\\b)';

/** A name as a whole word; one of hexadecimal digits must not be a part of an IPv6 or hardware address. */
function patternOf(names: string[], domains: string[]): RegExp {
  const longestFirst = names.toSorted((a, b) => b.length - a.length);
  const whole = longestFirst.map((name) => {
    return /^[0-9a-f]{1,4}$/.test(name) ? `${BEHIND_NO_PART}${name}${BEFORE_NO_PART}` : escaped(name);
  });
  const inDomain = domains.map((domain) => `(?:[a-z0-9_-]{1,63}\\.){0,8}${escaped(domain)}`);
  return new RegExp(`(?<![a-z0-9_])(?:${[...inDomain, ...whole].join('|')})(?![a-z0-9_])`, 'gi');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
