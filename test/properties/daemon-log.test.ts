import { expect } from 'chai';
import fc from 'fast-check';
import { DaemonLogParser } from '../../src/parsers/daemon-log.js';
import { LogClock } from '../../src/parsers/daemon-log/log-clock.js';
import { eventOf } from '../../src/parsers/daemon-log/messages.js';
import { TimeZone } from '../../src/parsers/time-zone.js';
import { capturedLines } from '../support/daemon-logs.js';
import { printEvent } from '../support/log-event.js';

const UTC = TimeZone.named('UTC')!;
const LEVELS = { info: 'info', notice: 'notice', warning: 'warning', error: 'ERROR' } as const;

/** More lines than were captured: each kind that syslog and the journal make of a message. */
const lines = [
  ...capturedLines,
  "[Sun Nov 22 13:41:24 2026] (pid=31595) [warning] device `eth0' becomes dedicated link",
  "[Sun Nov 22 13:41:24 2026] (pid=31595) [ERROR] 17 entries can't be committed",
  '[Sun Nov 22 13:41:24 2026] (pid=1) [ERROR] child process (pid=12) has aborted, received termination signal (9)',
];

const damage = fc.record({
  line: fc.constantFrom(...lines),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat(12),
  insert: fc.string({ unit: fc.constantFrom(...' [](){}=:srcpid0129.,\t\r\0\x1b\xff'), maxLength: 6 }),
});

describe('properties: the log of conntrackd', () => {
  it('says of a damaged line only what stands in it', () => {
    fc.assert(
      fc.property(damage, ({ line, at, cut, insert }) => {
        const place = Math.floor(at * line.length);
        const raw = line.slice(0, place) + insert + line.slice(place + cut);
        const damaged = raw.replace(/^\0+/, '').replace(/\r$/, '');
        const parser = new DaemonLogParser(new LogClock(UTC));
        const [record, ...others] = parser.push(Buffer.from(`${raw}\n`));
        expect(others).to.have.length(0);
        if (record === undefined) return void expect(damaged === '' || parser.tally.others === 1).to.equal(true);
        if (parser.tally.unreadable === 1) return void expect(record).to.deep.equal({ message: damaged });
        const { at_text: written, pid, level, message } = record;
        if (level === undefined && pid === undefined) return void expect(damaged).to.equal(`${written}\t${message}`);
        const printed = level === 'unknown' ? '[^\\]\\s]+' : LEVELS[level!];
        expect(damaged.endsWith(message)).to.equal(true);
        expect(damaged.slice(0, damaged.length - message.length)).to.match(
          new RegExp(`^\\[${written}\\] \\(pid=0*${pid}\\) \\[${printed}\\] $`),
        );
        expect(record.at).to.equal(new Date(`${written} UTC`).toISOString().replace('.000', ''));
      }),
      { numRuns: 5000 },
    );
  });

  it('knows an event only by its whole message, word for word', () => {
    const messages = lines.map((line) => line.replace(/^\[.*?\] \(pid=\d+\) \[\S+\] /, ''));
    fc.assert(
      fc.property(damage, fc.constantFrom(...messages), ({ at, cut, insert }, message) => {
        const place = Math.floor(at * message.length);
        const damaged = message.slice(0, place) + insert + message.slice(place + cut);
        const event = eventOf(damaged);
        if (event === undefined) return;
        const printed = printEvent(event);
        if (printed !== undefined) expect(damaged.replace(/(?<![.\d])0+(?=\d)/g, '')).to.equal(printed);
      }),
      { numRuns: 5000 },
    );
  });

  it('takes any bytes, and loses no line', () => {
    const piece = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom(...lines).map((line) => Buffer.from(`${line}\n`, 'latin1')),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const parser = new DaemonLogParser(new LogClock(UTC));
        const records = [...pieces.flatMap((bytes) => parser.push(bytes)), ...parser.end()];
        const text = Buffer.concat(pieces).toString('utf8');
        const filled = text.split('\n').filter((line) => line.replace(/^\0+/, '').replace(/\r$/, '') !== '');
        const { own, others, unreadable } = parser.tally;
        expect(own + others + unreadable).to.equal(filled.length);
        expect(records).to.have.length(own + unreadable);
      }),
      { numRuns: 300 },
    );
  });
});
