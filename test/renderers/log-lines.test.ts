import { expect } from 'chai';
import type { LogOrigin, LogRecord, LogStream, LogVerdict } from '../../src/model/daemon-log.js';
import { renderLogLines } from '../../src/renderers/log-lines.js';
import { MemorySink } from '../support/memory-sink.js';

const RECORDS: LogRecord[] = [
  { at: '2026-11-22T13:41:24Z', pid: 1, level: 'notice', message: 'resync requested' },
  { at: '2026-11-22T13:41:25.123456Z', pid: 1, level: 'warning', message: 'no dedicated links available!' },
  { at_text: 'Sun Mar 29 02:30:00 2026', level: 'error', message: 'x\x1b[2J' },
  { message: 'not of the daemon', truncated: true },
];

function log(
  records: LogRecord[],
  verdict: Partial<LogVerdict['summary']> = {},
  origin: Partial<LogOrigin> = {},
): LogStream {
  return {
    origin: { kind: 'file', timezone: 'UTC', ...origin },
    async *batches() {
      for (const record of records) yield await Promise.resolve([record]);
    },
    verdict: () => ({
      summary: { shown: records.length, unreadable: 0, elapsed_ms: 0, ...verdict },
      complete: true,
      notes: [],
    }),
  };
}

async function page(stream: LogStream, options: { columns?: number; colour?: boolean } = {}): Promise<string> {
  const sink = new MemorySink(options);
  await renderLogLines(stream, false, sink);
  return sink.text;
}

describe('renderers/log-lines', () => {
  it('has time, level and message of each record, one a line', async () => {
    expect(await page(log(RECORDS))).to.equal(
      [
        '2026-11-22T13:41:24Z notice  resync requested',
        '2026-11-22T13:41:25Z warning no dedicated links available!',
        'Sun Mar 29 02:30:00 2026 error   x\\x1b[2J',
        '-                    -       not of the daemon [cut]',
        '',
      ].join('\n'),
    );
  });

  it('folds what is wider than the terminal under the message', async () => {
    const message = 'netlink event socket buffer size cannot be doubled further since it will exceed the limit';
    const text = await page(log([{ ...RECORDS[0]!, message }]), { columns: 80 });
    const [first = '', second = ''] = text.split('\n');
    expect(first).to.equal('2026-11-22T13:41:24Z notice  netlink event socket buffer size cannot be doubled');
    expect(second).to.equal(`${' '.repeat(29)}further since it will exceed the limit`);
  });

  it('has the message below its time on a terminal that is too narrow for both', async () => {
    const message = 'netlink event socket buffer size cannot be doubled further';
    const text = await page(log([{ ...RECORDS[0]!, message }]), { columns: 40 });
    expect(text).to.equal(
      '2026-11-22T13:41:24Z notice\n  netlink event socket buffer size\n  cannot be doubled further\n',
    );
  });

  it('leaves room for a time without a zone', async () => {
    const record: LogRecord = { at_text: 'Sun Nov 22 13:41:24 2026', level: 'notice', message: 'x' };
    const stream = log([record, { message: 'y' }]);
    delete stream.origin.timezone;
    expect(await page(stream)).to.equal(`Sun Nov 22 13:41:24 2026 notice  x\n-${' '.repeat(24)}-       y\n`);
  });

  it('has colours for warnings and errors only where colours are', async () => {
    const text = await page(log(RECORDS), { colour: true });
    expect(text).to.include('\x1b[33mno dedicated links available!\x1b[39m').and.include('\x1b[31m');
    expect(await page(log(RECORDS))).to.not.include('\x1b');
  });

  it('says what was not shown, and what could not be read', async () => {
    expect(await page(log(RECORDS, { limited: true, earlier_bytes: 12345, unreadable: 1 }))).to.match(
      /\n\nThe last 4 records; 12,345 bytes before them are not shown \(--limit N or all, --since TIME\)\. 1 line is not conntrackd's\.\n$/,
    );
    expect(await page(log([]))).to.equal('No log records.\n');
  });
});
