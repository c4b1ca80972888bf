import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';
import type { ConfWarning } from '../../src/model/conntrackd-conf.js';
import { Failure } from '../../src/model/failure.js';
import { parseConntrackdConf } from '../../src/parsers/conntrackd-conf.js';
import { Mistake } from '../../src/parsers/conntrackd-conf/cursor.js';
import { mutated } from './conntrackd-conf.mutations.js';
import type { Verdict } from './conntrackd-conf.oracle.js';
import { hasConntrackd147, judge } from './conntrackd-conf.oracle.js';
import { skipFor } from '../support/skip.js';

const CAPTURES = new URL('../fixtures/conntrackd-1.4.7/conf/', import.meta.url);
const DEBIAN_EXAMPLES = ['stats', 'sync/alarm', 'sync/ftfw', 'sync/notrack']
  .map((name) => `/usr/share/doc/conntrackd/examples/${name}/conntrackd.conf`)
  .concat('/etc/conntrackd/conntrackd.conf');

const HAND_MADE = [
  `General { Nice -5 PollSecs 3 Scheduler { Type FIFO Priority 9 } NetlinkOverrunResync off NetlinkEventsReliable yes
     EventIterationLimit 4 Systemd no Syslog local1 UNIX { Path /x Backlog 2 } Filter From Kernelspace {
     Protocol Ignore { TCP udp } Address Accept { IPv4_address 1.2.3.4/8 IPv6_address ::1/64 IPv4_address ::2 }
     State Accept { ESTABLISHED CLOSED for TCP LISTEN for TCP } } } Stats { LogFile on Syslog local2 }`,
  `Sync { Mode PERSISTENT { RefreshTime 1 CacheTimeout 2 CommitTimeout 3 PurgeTimeout 4 } PurgeTimeout 5
     TCP Default { IPv6_address ::1 IPv6_Destination_Address ::2 Port 3 ErrorQueueLength 8 Checksum no }
     Options { ExpectationSync { ftp q.931 } TCPWindowTracking on } }`,
  `Sync { Mode NACK { StartupResync yes } Multicast { IPv6_address ff02::1 IPv4_interface 1.2.3.4
     IPv6_interface ::1 } }`,
  `Helper { Setup yes Type ftp inet tcp { QueueNum 0 QueueLen 10 Policy ftp { ExpectMax 1 ExpectTimeout 300 } }
     Type rpc inet6 udp { Type tns inet tcp { } QueueNum 1 Policy rpc { ExpectMax 3 } } }`,
];

const captures = readdirSync(CAPTURES).map((name) => readFileSync(new URL(name, CAPTURES), 'utf8'));
const inPlace = captures.map((text) => text.replaceAll('LAB/', '/lab/'));

/** Every place in which a statement, a value or a brace may stand, as the text before it. */
const PLACES = [
  ...['', 'General {', 'General { UNIX {', 'General { Scheduler {', 'General { Scheduler { Type', 'General { LogFile'],
  ...['General { HashSize', 'General { LockFile', 'General { Syslog', 'General { Systemd', 'General { Nice'],
  ...['General { NetlinkOverrunResync', 'General { Filter', 'General { Filter From', 'General { Filter {'],
  ...['General { Filter { Protocol', 'General { Filter { Protocol Accept {', 'General { Filter { Address Accept {'],
  ...['General { Filter { Address Accept { IPv4_address', 'General { Filter { State Accept {'],
  ...['General { Filter { State Accept { CLOSE', 'General { Filter { State Accept { for'],
  ...['Sync {', 'Sync { Mode', 'Sync { Mode FTFW {', 'Sync { Mode NOTRACK {', 'Sync { Mode ALARM {'],
  ...['Sync { Multicast', 'Sync { Multicast {', 'Sync { Multicast { Interface', 'Sync { UDP {', 'Sync { TCP {'],
  ...[
    'Sync { TCP { Port',
    'Sync { Options {',
    'Sync { Options { ExpectationSync',
    'Sync { Options { ExpectationSync {',
  ],
  ...['Stats {', 'Stats { LogFile', 'Stats { Syslog', 'Helper {', 'Helper { Type', 'Helper { Type ftp inet tcp {'],
  'Helper { Type ftp inet tcp { Policy ftp {',
];

/** One symbol of each kind, and those that are only nearly of a kind. */
const SYMBOLS = [
  ...['General', 'Sync', 'Stats', 'Helper', 'HashSize', 'LogFile', 'Nice', 'Filter', 'Protocol', 'Address', 'State'],
  ...['Accept', 'From', 'Userspace', 'IPv4_address', 'IPv4_interface', 'IPv6_Destination_Address', 'CLOSED', 'for'],
  ...['TCP', 'UDP', 'Multicast', 'Default', 'Mode', 'FTFW', 'nOtRaCk', 'nack', 'persistenT', 'persistent', 'Group'],
  ...['Port', 'ErrorQueueLength', 'CommitTimeout', 'DisableInternalCache', 'ExpectationSync', 'Type', 'Policy'],
  ...[
    'ExpectMax',
    'Setup',
    'Path',
    'Priority',
    'on',
    'OFF',
    'yes',
    'n|',
    'true',
    '0',
    '99',
    '100',
    '-5',
    '- 5',
    '4294967296',
  ],
  ...[
    '/x',
    '/x{#',
    '1.2.3.4',
    '1.2.3.4/33',
    '1.2.3',
    '::1',
    '1:2',
    '1::2::3',
    '9f',
    'dead',
    'deadbeef',
    'eth0',
    'eth0:1',
  ],
  ...['a.b-c_d', '_a', '{', '}', '"x"', '#', '# comment\n}', '@', 'é', '\u0000 }', '\u000b', '\r\n\r}', ''],
];

interface Own {
  mistake?: Mistake;
  warnings: ConfWarning[];
}

function ownVerdict(text: string): Own {
  try {
    return { warnings: parseConntrackdConf(text, 'conntrackd.conf').warnings };
  } catch (error) {
    if (error instanceof Failure && error.cause instanceof Mistake) return { mistake: error.cause, warnings: [] };
    throw error;
  }
}

/** conntrackd's errors that are not about syntax, each with ours. */
const ERRORS: [RegExp, RegExp][] = [
  [/^too many dedicated links/, /4 dedicated links/],
  [/with other dedicated link protocols/, /links of one kind/],
  [/^cannot use both/, /not both/],
  [/^(?:LogFile|LockFile|stats LogFile) path is longer/, /256 bytes/],
  [/^Path is longer/, /107 bytes/],
  [/^unknown scheduler/, /schedulers are/],
  [/Priority/, /0 to 99/],
  [/PollSecs/, /larger than 0/],
  [/^unknown layer 3/, /inet or inet6/],
  [/^unknown layer 4/, /tcp or udp/],
  [/^Helper policy configuration empty/, /ExpectMax or/],
  [/^Helper Policy is longer/, /16 characters/],
];

// What depends on the machine and not on the file: interfaces, /etc/protocols, installed helper modules.
const OF_THE_MACHINE = /is an invalid interface|getprotobyname/;
const NO_MODULE = /^Unknown `.*' helper|^Unknown policy/s;
// What conntrackd accepts in silence.
const OURS_ALONE = /stops reading|32 bits|in this filter already/;

function expectAgreement(text: string, verdict: Verdict): void {
  const own = ownVerdict(text);
  const where = JSON.stringify(text);
  if (verdict.syntax) {
    expect(own.mistake, where).to.be.instanceOf(Mistake);
    expect({ line: own.mistake?.line, symbol: asPrinted(own.mistake?.symbol ?? '') }, where).to.deep.equal(
      verdict.syntax,
    );
  } else if (verdict.accepted) {
    expect(own.mistake, where).to.equal(undefined);
    const theirs = verdict.warnings.filter((each) => !OF_THE_MACHINE.test(each) && !/is repeated/.test(each));
    const ours = own.warnings.filter(({ line, message }) => line !== undefined && !OURS_ALONE.test(message));
    expect(ours, `${where} ${verdict.warnings.join()}`).to.have.length(theirs.length);
  } else if (NO_MODULE.test(verdict.error ?? '')) {
    const warned = own.warnings.some(({ message }) => /no (?:tcp|udp) helper|has no policy/.test(message));
    expect(warned || own.mistake !== undefined, where).to.equal(true);
  } else {
    const [, ours] = ERRORS.find(([theirs]) => theirs.test(verdict.error ?? '')) ?? [];
    expect(ours, verdict.error).to.be.instanceOf(RegExp);
    expect(own.mistake?.reason, where).to.match(ours as RegExp);
  }
}

// conntrackd names only the first byte of a character that is not ASCII.
function asPrinted(symbol: string): string {
  const bytes = Buffer.from(symbol);
  const text = (bytes[0] ?? 0) > 127 ? bytes.toString('latin1', 0, 1) : bytes.toString('latin1');
  // For conntrackd a text ends with its first null byte.
  return text.split('\0', 1)[0]!;
}

/** Holds our answer to each text against conntrackd's; returns conntrackd's. */
function expectAgreementOnAll(texts: readonly string[]): Verdict[] {
  const verdicts = judge(texts);
  texts.forEach((text, index) => expectAgreement(text, verdicts[index] as Verdict));
  return verdicts;
}

describe('parseConntrackdConf beside the real conntrackd 1.4.7', function () {
  this.timeout(120_000);

  before(function () {
    skipFor(this, hasConntrackd147() ? undefined : 'conntrackd 1.4.7 is not here; another version has another grammar');
  });

  it('agrees about the captured configurations, where a path is no path and with real paths', () => {
    for (const { syntax } of expectAgreementOnAll(captures)) expect(syntax?.symbol).to.equal('LAB');
    for (const { accepted } of expectAgreementOnAll(inPlace)) expect(accepted).to.equal(true);
  });

  it("agrees about Debian's examples", function () {
    const installed = DEBIAN_EXAMPLES.filter((path) => existsSync(path));
    skipFor(this, installed.length > 0 ? undefined : "the examples of Debian's package are left out here");
    expectAgreementOnAll(installed.map((path) => readFileSync(path, 'utf8')));
  });

  it('agrees about hand-made configurations', () => {
    for (const { accepted } of expectAgreementOnAll(HAND_MADE)) expect(accepted).to.equal(true);
  });

  it('agrees about each kind of symbol in each place', () => {
    expectAgreementOnAll(PLACES.flatMap((place) => SYMBOLS.map((symbol) => `${place}\n${symbol} @`)));
  });

  it('agrees about configurations with a few mistakes', () => {
    const many = fc.array(mutated([...inPlace, ...HAND_MADE]), { minLength: 100, maxLength: 100 });
    fc.assert(
      fc.property(many, (texts) => {
        expectAgreementOnAll(texts);
      }),
      // Half of a failing hundred is asked about again and again otherwise.
      { numRuns: 10, endOnFailure: true },
    );
  });
});
