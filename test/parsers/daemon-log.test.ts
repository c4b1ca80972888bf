import { expect } from 'chai';
import type { LogRecord } from '../../src/model/daemon-log.js';
import { DaemonLogParser } from '../../src/parsers/daemon-log.js';
import { LogClock } from '../../src/parsers/daemon-log/log-clock.js';
import { TimeZone } from '../../src/parsers/time-zone.js';
import { capturedLines, capturedLogs } from '../support/daemon-logs.js';

const NOW = Date.UTC(2026, 10, 25, 20);

function zone(name: string): TimeZone {
  return TimeZone.named(name)!;
}

/** The records of a whole text, and what the parser counted. */
function read(text: string | Buffer, clock = new LogClock(zone('UTC'), NOW)) {
  const parser = new DaemonLogParser(clock);
  const records = [...parser.push(Buffer.from(text)), ...parser.end()];
  return { records, ...parser.tally };
}

function only(line: string, clock?: LogClock): LogRecord {
  const { records } = read(`${line}\n`, clock);
  expect(records).to.have.length(1);
  return records[0]!;
}

const AT = '[Sun Nov 22 13:41:24 2026] (pid=31595)';
const TIME = { at: '2026-11-22T13:41:24Z', at_text: 'Sun Nov 22 13:41:24 2026' };

describe("parsers/daemon-log: conntrackd's own log", () => {
  it('reads every line of every captured log, with nothing lost', () => {
    for (const [name, bytes] of capturedLogs) {
      const { records, unreadable, own, cut } = read(bytes);
      expect({ unreadable, cut, own }, name).to.deep.equal({ unreadable: 0, cut: false, own: records.length });
      const lines = bytes.toString('latin1').trimEnd().split('\n');
      records.forEach((record, i) => expect(lines[i]).to.satisfy((line: string) => line.endsWith(record.message)));
      expect(records).to.have.length(lines.length);
      expect(
        records.every(({ at }) => at?.startsWith('2026-11-22T13:')),
        name,
      ).to.equal(true);
    }
  });

  it('knows the messages of the captured logs but for five', () => {
    const unknown = capturedLines.filter((line) => {
      const { event, flow } = only(line);
      return event === undefined && flow === undefined;
    });
    expect([...new Set(unknown.map((line) => line.replace(/^.*?\] \(.*?\) /, '')))].sort()).to.deep.equal([
      '[ERROR] missing IPv4 address. You forgot to load nf_conntrack_ipv4?',
      '[ERROR] missing IPv6 address. You forgot to load nf_conntrack_ipv6?',
      '[notice] disabling external cache',
      '[notice] disabling internal cache',
      '[notice] using user-space event filtering',
    ]);
  });

  it('has time, process, level, message and event of a line', () => {
    expect(only(`${AT} [notice] Committed 34 new entries`)).to.deep.equal({
      ...TIME,
      pid: 31595,
      level: 'notice',
      message: 'Committed 34 new entries',
      event: { type: 'committed', flows: 34 },
    });
  });

  for (const [printed, level] of [
    ['info', 'info'],
    ['notice', 'notice'],
    ['warning', 'warning'],
    ['ERROR', 'error'],
    ['?', 'unknown'],
  ] as const) {
    it(`the level ${printed}`, () => {
      expect(only(`${AT} [${printed}] text`).level).to.equal(level);
    });
  }

  for (const [message, event] of [
    ["3 entries can't be committed", { type: 'commit_failed', flows: 3 }],
    ["1 expectations can't be committed", { type: 'commit_failed', expectations: 1 }],
    ['Committed 2 new expectations', { type: 'committed', expectations: 2 }],
    ['commit has taken 12.000841 seconds', { type: 'commit_took', seconds: 12.000841 }],
    ['commit already in progress, skipping', { type: 'commit_refused' }],
    ['commit-create: File exists', { type: 'commit_object_failed', reason: 'File exists' }],
    ['could not update ct entry, even when deleting it first: Busy', { type: 'injection_failed', reason: 'Busy' }],
    ['could not add new exp entry: Invalid argument', { type: 'injection_failed', reason: 'Invalid argument' }],
    ['resync requested', { type: 'resync_requested', by: 'this_node' }],
    ['resync requested by other node', { type: 'resync_requested', by: 'other_node' }],
    ['flushing conntrack table in 60 secs', { type: 'kernel_flush_scheduled', table: 'flows', seconds: 60 }],
    ['flushing kernel conntrack table (scheduled)', { type: 'kernel_flush', table: 'flows', scheduled: true }],
    ["device `eth0.5' becomes dedicated link", { type: 'link_active', device: 'eth0.5' }],
    ['no dedicated links available!', { type: 'link_none' }],
    [
      'netlink event socket buffer size has been doubled to 4194304 bytes',
      { type: 'netlink_buffer_doubled', bytes: 4194304 },
    ],
    [
      'netlink event socket buffer size cannot be doubled further since it will exceed NetlinkBufferSizeMaxGrowth. We are',
      { type: 'netlink_buffer_limit' },
    ],
    [
      'child process (pid=7) has aborted, received termination signal (9)',
      { type: 'child_aborted', child: 7, signal: 9 },
    ],
    [
      'child process (pid=7) has aborted, received signal SIGSEGV (crashed)',
      { type: 'child_aborted', child: 7, signal: 11 },
    ],
  ] as const) {
    it(`knows: ${message}`, () => {
      expect(only(`${AT} [notice] ${message}`).event).to.deep.equal(event);
    });
  }

  for (const message of [
    'resync requested ',
    'Committed 34 new entries.',
    'Committed -1 new entries',
    'Committed 99999999999 new entries',
    'commit has taken 0.84 seconds',
    'Committed  new entries',
    "device `' becomes dedicated link",
  ]) {
    it(`takes no figure from: ${JSON.stringify(message)}`, () => {
      const record = only(`${AT} [notice] ${message}`);
      expect(record).to.not.have.property('event');
      expect(record.message).to.equal(message);
    });
  }

  it('reads a flow that could not be committed', () => {
    const flow =
      'tcp      6 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 src=10.0.0.2 dst=10.0.0.1 sport=2 dport=1 [ASSURED]';
    const record = only(`Sun Nov 22 13:41:24 2026\t${flow}`);
    expect(record).to.include({ ...TIME, message: flow });
    expect(record.flow?.original).to.deep.equal({ src: '10.0.0.1', dst: '10.0.0.2', sport: 1, dport: 2 });
    expect(record).to.not.have.any.keys('level', 'pid', 'event');
  });

  it('reads an expectation that could not be committed', () => {
    const line =
      'proto=6 src=10.0.0.1 dst=10.0.0.2 sport=0 dport=2000 mask-src=255.255.255.255 mask-dst=255.255.255.255 sport=0 dport=65535 master-src=10.0.0.1 master-dst=10.0.0.2 sport=1 dport=21';
    expect(only(`Sun Nov 22 13:41:24 2026\t${line}`).expectation?.tuple.dport).to.equal(2000);
  });

  it('reads the log of statistics mode as flows', () => {
    const { records } = read(capturedLogs.get('stats/r1-stats.log')!);
    expect(records).to.have.length(9);
    expect(records.every(({ flow, event }) => flow && !event)).to.equal(true);
    expect(records[0]?.flow).to.deep.include({ protocol: { name: 'udp', number: 17 }, delta_time: 7 });
  });
});

describe('parsers/daemon-log: syslog and the journal', () => {
  it('reads a line of a syslog file, whose year is the last that fits', () => {
    expect(only('Nov 22 13:41:24 fw1 conntrack-tools[123]: sending bulk update')).to.deep.equal({
      at: '2026-11-22T13:41:24Z',
      at_text: 'Nov 22 13:41:24',
      pid: 123,
      message: 'sending bulk update',
      event: { type: 'bulk_update' },
    });
    expect(only('Dec 24 10:00:00 fw1 conntrack-tools[1]: x').at).to.equal('2025-12-24T10:00:00Z');
    expect(only('Feb 29 10:00:00 fw1 conntrack-tools[1]: x').at).to.equal('2024-02-29T10:00:00Z');
  });

  it('reads it without the name of the host, as VyOS shows it', () => {
    expect(only('Nov  2 13:41:24 conntrackd[9]: resync requested').event?.by).to.equal('this_node');
  });

  it('reads the RFC 3339 times of rsyslog', () => {
    const record = only('2026-11-22T14:41:24.123456+01:00 fw1 conntrack-tools[123]: resync requested by other node');
    expect(record).to.include({ at: '2026-11-22T13:41:24.123456Z', pid: 123 });
    expect(record).to.not.have.property('at_text');
  });

  it('leaves out what other programs have logged', () => {
    const { records, others, unreadable } = read('Nov 22 13:41:24 fw1 sshd[1]: hello\n');
    expect({ records, others, unreadable }).to.deep.equal({ records: [], others: 1, unreadable: 0 });
  });

  it('reads the journal as JSON', () => {
    const line = {
      __REALTIME_TIMESTAMP: '1795354884123456',
      PRIORITY: '4',
      SYSLOG_IDENTIFIER: 'conntrack-tools',
      SYSLOG_PID: '77',
      _PID: '78',
      MESSAGE: 'Committed 3 new entries',
    };
    expect(only(JSON.stringify(line))).to.deep.equal({
      at: '2026-11-22T13:41:24.123456Z',
      pid: 77,
      level: 'warning',
      message: 'Committed 3 new entries',
      event: { type: 'committed', flows: 3 },
    });
    expect(only(JSON.stringify({ ...line, MESSAGE: [...Buffer.from('x\x01')] })).message).to.equal('x\x01');
  });

  it('leaves out what the journal does not say, or does not say as it should', () => {
    const message = { MESSAGE: 'x' };
    for (const [fields, known] of [
      [{ __REALTIME_TIMESTAMP: 'soon', PRIORITY: '7', _PID: 'many' }, {}],
      [{ __REALTIME_TIMESTAMP: 1, PRIORITY: 3, _PID: 12 }, {}],
      [{ __REALTIME_TIMESTAMP: null, _PID: '78' }, { pid: 78 }],
      [{ __REALTIME_TIMESTAMP: '', PRIORITY: '3' }, { level: 'error' }],
      [{ __REALTIME_TIMESTAMP: '1795354884123456' }, { at: '2026-11-22T13:41:24.123456Z' }],
    ] as const) {
      expect(only(JSON.stringify({ ...fields, ...message }))).to.deep.equal({ ...known, message: 'x' });
    }
  });

  it('takes a message of the journal that is empty, or no text, for none', () => {
    for (const message of ['', [], ['x'], [1.5], 7, undefined]) {
      const line = JSON.stringify({ __REALTIME_TIMESTAMP: '1', MESSAGE: message });
      expect(read(`${line}\n`).unreadable, line).to.equal(1);
    }
  });

  it('takes other JSON for what it is: a line that is not conntrackd’s', () => {
    for (const line of ['{"a":1}', '{', '{"__REALTIME_TIMESTAMP":"1","MESSAGE":null}', '[1,2]'])
      expect(read(`${line}\n`).unreadable, line).to.equal(1);
  });
});

describe('parsers/daemon-log: times', () => {
  const line = (clock: string) => `[${clock}] (pid=1) [notice] x`;

  it('puts the time of a zone into UTC, in winter and in summer', () => {
    const vienna = new LogClock(zone('Europe/Vienna'), NOW);
    expect(only(line('Sun Nov 22 13:41:24 2026'), vienna).at).to.equal('2026-11-22T12:41:24Z');
    expect(only(line('Wed Jul 22 13:41:24 2026'), new LogClock(zone('Europe/Vienna'))).at).to.equal(
      '2026-07-22T11:41:24Z',
    );
  });

  it('tells no instant of a time without a year in a capture, and none of one that is no time', () => {
    const captured = new LogClock(zone('UTC'));
    expect(only('Nov 22 13:41:24 fw1 conntrack-tools[1]: x', captured)).to.deep.equal({
      at_text: 'Nov 22 13:41:24',
      pid: 1,
      message: 'x',
    });
    for (const time of ['Nov 32 13:41:24', '2026-11-32T13:41:24Z'])
      expect(read(`${time} fw1 conntrack-tools[1]: x\n`).unreadable, time).to.equal(1);
  });

  it('tells no instant without a zone, and keeps what is written', () => {
    const record = only(line('Sun Nov 22 13:41:24 2026'), new LogClock(undefined));
    expect(record).to.not.have.property('at');
    expect(record.at_text).to.equal('Sun Nov 22 13:41:24 2026');
  });

  it('tells no instant of an hour that the clocks left out', () => {
    const record = only(line('Sun Mar 29 02:30:00 2026'), new LogClock(zone('Europe/Vienna')));
    expect(record).to.include({ at_text: 'Sun Mar 29 02:30:00 2026', message: 'x' }).and.to.not.have.property('at');
  });

  it('takes the first of two instants and says so, unless a line before was later', () => {
    const times = ['01:59:00', '02:30:00', '02:50:00', '02:10:00', '02:30:00', '03:00:00'];
    const { records } = read(
      times.map((time) => `${line(`Sun Oct 25 ${time} 2026`)}\n`).join(''),
      new LogClock(zone('Europe/Vienna')),
    );
    expect(records.map(({ at, at_ambiguous }) => [at?.slice(11, 19), at_ambiguous === true])).to.deep.equal([
      ['23:59:00', false],
      ['00:30:00', true],
      ['00:50:00', true],
      ['01:10:00', false],
      ['01:30:00', false],
      ['02:00:00', false],
    ]);
  });

  for (const clock of [
    'Mon Nov 22 13:41:24 2026',
    'Sun Nov 31 13:41:24 2026',
    'Sun Nov 22 24:41:24 2026',
    'Sun Nov 22 13:61:24 2026',
    'Sun Foo 22 13:41:24 2026',
    'Sun Nov 22 13:41:24 0026',
  ]) {
    it(`is no time: ${clock}`, () => {
      expect(read(`${line(clock)}\n`)).to.include({ unreadable: 1, own: 0 });
    });
  }
});

describe('parsers/daemon-log: hostile lines', () => {
  it('keeps a line that is not conntrackd’s as it is, and counts it', () => {
    const { records, unreadable } = read('garbage \x1b[31m\n');
    expect(records).to.deep.equal([{ message: 'garbage \x1b[31m' }]);
    expect(unreadable).to.equal(1);
  });

  it('reads lines with the line ends of another system, and leaves out empty ones', () => {
    const { records } = read(`${AT} [notice] resync requested\r\n\r\n\n`);
    expect(records.map(({ event }) => event?.type)).to.deep.equal(['resync_requested']);
  });

  it('passes over the zeros before a line, where the file was emptied under its writer', () => {
    expect(read(`${'\0'.repeat(200_000)}${AT} [notice] resync requested\n`).records[0]?.event?.type).to.equal(
      'resync_requested',
    );
  });

  it('takes half a message for half a message: what it means may stand in the other half', () => {
    const { records, cut } = read(`${AT} [notice] resync requested`);
    expect(records).to.deep.equal([
      { ...TIME, pid: 31595, level: 'notice', message: 'resync requested', truncated: true },
    ]);
    expect(cut).to.equal(true);
  });

  it('keeps the beginning of a line of ten megabytes, and goes on behind it', () => {
    const parser = new DaemonLogParser(new LogClock(zone('UTC')));
    const records = parser.push(Buffer.from(`${AT} [notice] `));
    for (let i = 0; i < 160; i++) records.push(...parser.push(Buffer.alloc(64 * 1024, 'x')));
    records.push(...parser.push(Buffer.from(`\n${AT} [notice] resync requested\n`)));
    expect(records).to.have.length(2);
    expect(records[0]).to.include({ truncated: true, level: 'notice' });
    expect(records[0]!.message).to.have.length.within(60_000, 70_000);
    expect(records[1]?.event?.type).to.equal('resync_requested');
  });

  it('reads the same whatever pieces the bytes come in', () => {
    const bytes = Buffer.concat([...capturedLogs.values()]);
    const { records } = read(bytes);
    const parser = new DaemonLogParser(new LogClock(zone('UTC'), NOW));
    const pieces = Array.from(bytes, (byte) => parser.push(Buffer.of(byte))).flat();
    expect(pieces).to.deep.equal(records);
  });
});
