import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { LogFile } from '../../src/sources/log-file.js';

const NEVER = new AbortController().signal;
/** More than is read at once. */
const LONG = 70_000;

describe('sources/log-file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-log-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  async function opened<T>(text: string, ask: (file: LogFile) => Promise<T>): Promise<T> {
    const path = join(folder, 'log');
    writeFileSync(path, text);
    const file = await LogFile.open(path);
    try {
      return await ask(file);
    } finally {
      await file.close();
    }
  }

  /** The position of the last lines, found by looking at all of them. */
  function lastLines(text: string, lines: number, needle = ''): number {
    let position = 0;
    const starts: number[] = [];
    for (const line of text.split('\n')) {
      if (line !== '' && line.includes(needle)) starts.push(position);
      position += line.length + 1;
    }
    return lines === 0 ? text.length : (starts.at(-lines) ?? 0);
  }

  const line = fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom('', 'a', 'a needle', 'short line') },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: LONG }).map((length) => 'x'.repeat(length)) },
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 40 }), fc.boolean())
    .map(([lines, ended]) => lines.join('\n') + (ended ? '\n' : ''));

  it('finds where the last lines begin, whatever their length', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.nat(12), async (content, lines) => {
        const start = await opened(content, (file) => file.startOfLast(lines, undefined, NEVER));
        expect(start).to.equal(lastLines(content, lines));
      }),
      { numRuns: 150 },
    );
  });

  it('finds where the last lines with a word in them begin', async () => {
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 12 }), async (content, lines) => {
        const start = await opened(content, (file) => file.startOfLast(lines, 'needle', NEVER));
        expect(start).to.equal(lastLines(content, lines, 'needle'));
      }),
      { numRuns: 150 },
    );
  });

  /** Lines that begin with a number, by which they are old. */
  const isOld = (line: Buffer): boolean | undefined => {
    const [, number] = /^(\d+) /.exec(line.toString()) ?? [];
    return number === undefined ? undefined : Number(number) < 200_000;
  };

  it('finds a beginning before which all is old, and does not look at all for it', async () => {
    const lines = Array.from({ length: 250_000 }, (_, i) => `${String(i).padStart(6, '0')} ${'x'.repeat(20)}\n`);
    const start = await opened(lines.join(''), (file) => file.startSince(isOld, NEVER));
    const size = lines[0]!.length;
    expect(start % size).to.equal(0);
    expect(start / size).to.be.within(150_000, 200_000);
  });

  it('looks behind a time that is too old where the clock was wrong for a while', async () => {
    const times = ['000001', '700000', '000002'].flatMap((time) => Array.from({ length: 1000 }, () => time));
    const content = [...times, '800000'].map((time) => `${time} ${'x'.repeat(20)}\n`).join('');
    expect(await opened(content, (file) => file.startSince(isOld, NEVER))).to.equal(0);
  });

  it('begins at the beginning where no line has a time', async () => {
    expect(await opened('x\n'.repeat(100_000), (file) => file.startSince(isOld, NEVER))).to.equal(0);
  });

  for (const [what, path] of [
    ['a folder', tmpdir()],
    ['a device', '/dev/null'],
    ['nothing', '/nonexistent/log'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const error = await LogFile.open(path).catch((thrown: unknown) => thrown);
      expect(error).to.be.an.instanceOf(Error).and.to.have.property('code');
    });
  }
});
