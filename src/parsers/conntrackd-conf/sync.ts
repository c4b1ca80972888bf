import type { ConntrackdConf, SyncConf, SyncMode } from '../../model/conntrackd-conf.js';
import type { Cursor, Statements } from './cursor.js';
import { Mistake, unexpected } from './cursor.js';
import type { ModeKind, Token, TokenKind } from './lexer.js';
import { readLink } from './link.js';
import { readBoolean, readNumber } from './values.js';

/** `Sync { … }`. */
export function readSync(cursor: Cursor, conf: ConntrackdConf, keyword: Token): void {
  const sync = (conf.sync ??= { links: [] });
  cursor.block('Sync', sync, SYNC);
  if (conf.stats !== undefined) throw bothModes(keyword);
}

/** conntrackd is either a synchroniser or a collector of statistics. */
export function bothModes(keyword: Token): Mistake {
  return new Mistake(keyword.text, keyword.line, 'conntrackd takes Sync or Stats, not both');
}

type Field<Value> = NonNullable<
  { [Name in keyof SyncConf]-?: Value extends SyncConf[Name] ? Name : never }[keyof SyncConf]
>;
type NumberField = Extract<Field<number>, `${string}_${'size' | 'timeout' | 'time'}`>;
type BooleanField = Exclude<Field<boolean>, 'expectation_sync'>;

function number(field: NumberField): Statements<SyncConf>[string] {
  return (cursor, sync, keyword) => {
    sync[field] = readNumber(cursor, keyword);
  };
}

function boolean(field: BooleanField): Statements<SyncConf>[string] {
  return (cursor, sync) => {
    sync[field] = readBoolean(cursor);
  };
}

const TIMEOUTS: Statements<SyncConf> = {
  CommitTimeout: number('commit_timeout'),
  PurgeTimeout: number('purge_timeout'),
};

const ALARM: Statements<SyncConf> = {
  ...TIMEOUTS,
  RefreshTime: number('refresh_time'),
  CacheTimeout: number('cache_timeout'),
};

const FTFW: Statements<SyncConf> = {
  ...TIMEOUTS,
  ResendQueueSize: number('resend_queue_size'),
  ACKWindowSize: number('ack_window_size'),
  DisableExternalCache: boolean('disable_external_cache'),
  StartupResync: boolean('startup_resync'),
};

const NOTRACK: Statements<SyncConf> = {
  ...TIMEOUTS,
  DisableInternalCache: boolean('disable_internal_cache'),
  DisableExternalCache: boolean('disable_external_cache'),
  StartupResync: boolean('startup_resync'),
};

const OPTIONS: Statements<SyncConf> = {
  TCPWindowTracking: boolean('tcp_window_tracking'),
  ExpectationSync: (cursor, sync) => {
    sync.expectation_sync = cursor.takes('{') ? readHelperNames(cursor, sync) : readBoolean(cursor);
  },
};

/** The helpers of `ExpectationSync { … }`, behind those that an earlier list named. */
function readHelperNames(cursor: Cursor, sync: SyncConf): string[] {
  const names = Array.isArray(sync.expectation_sync) ? [...sync.expectation_sync] : [];
  while (!cursor.takes('}')) names.push(cursor.expect('word', 'the name of a helper').text);
  return names;
}

// The timeouts may stand in Sync itself, outside of its Mode (formats.md §12).
const SYNC: Statements<SyncConf> = {
  ...ALARM,
  Mode: readMode,
  Multicast: readLink,
  UDP: readLink,
  TCP: readLink,
  Options: (cursor, sync) => cursor.block('Options', sync, OPTIONS),
};

const MODES: Record<ModeKind, { mode: SyncMode; statements: Statements<SyncConf> }> = {
  ftfw: { mode: 'ftfw', statements: FTFW },
  nack: { mode: 'ftfw', statements: FTFW },
  notrack: { mode: 'notrack', statements: NOTRACK },
  alarm: { mode: 'alarm', statements: ALARM },
  persistent: { mode: 'alarm', statements: ALARM },
};

function readMode(cursor: Cursor, sync: SyncConf): void {
  const { kind, text, line } = cursor.peek();
  if (!isMode(kind)) throw unexpected(cursor.peek(), 'FTFW, NOTRACK or ALARM has to stand here');
  cursor.next();
  const { mode, statements } = MODES[kind];
  if (mode !== kind) cursor.warn(line, `the mode ${text} is called ${mode.toUpperCase()} now`);
  cursor.block(`Mode ${text}`, sync, statements);
  sync.mode = mode;
}

function isMode(kind: TokenKind): kind is ModeKind {
  return Object.hasOwn(MODES, kind);
}
