import { expect } from 'chai';
import { type Keeping, keep } from '../../../src/bundle/collect/item.js';
import type { BundleItem } from '../../../src/model/bundle.js';
import type { SourceOptions } from '../../../src/sources/options.js';
import type { ToolOutcome } from '../../../src/sources/tool.js';

const TABLE = { tool: 'conntrack', args: ['-L', '-f', 'ipv4'], silenceMs: 1000 };

describe('bundle/collect/item', () => {
  it('is whole where the tool ended well', async () => {
    const item = await kept({ exitCode: 0, stderr: '' });
    expect(item).to.include({ complete: true, exit_code: 0, rows: 1 });
  });

  const BROKEN: readonly [what: string, outcome: ToolOutcome, code: string][] = [
    ['was killed in its midst', { signal: 'SIGKILL', stderr: '' }, 'TOOL_CRASHED'],
    ['is not there', { spawnError: 'ENOENT', stderr: '' }, 'TOOL_MISSING'],
    ['could not be started', { spawnError: 'EACCES', stderr: '' }, 'TOOL_FAILED'],
    ['failed', { exitCode: 1, stderr: '' }, 'TOOL_FAILED'],
  ];
  for (const [what, outcome, code] of BROKEN) {
    it(`is never whole where the tool ${what}, and says why`, async () => {
      const item = await kept(outcome);
      expect(item).to.include({ complete: false });
      expect(item.error).to.include({ code });
    });
  }
});

/** The item of a tool that gave one row and ended in this way. */
async function kept(outcome: ToolOutcome): Promise<BundleItem> {
  const place = {
    isRoot: true,
    findTool: () => '/usr/sbin/conntrack',
    command: (command: object) => ({ ...command, recorded: { chunks: () => rows(), outcome } }),
  };
  const options = { place, sudo: false, abort: new AbortController().signal } as unknown as SourceOptions;
  const keeping = {
    node: 'r1',
    maxBytes: 1e6,
    maxRows: 10,
    cleansRows: false,
    writer: { add },
    cleaner: { cleanText: (text: Buffer) => text },
  } as unknown as Keeping;
  return (await keep({ name: 'kernel/table-ipv4.txt', from: TABLE, rows: true }, keeping, options)).item;
}

// eslint-disable-next-line @typescript-eslint/require-await
async function* rows(): AsyncGenerator<Buffer> {
  yield Buffer.from('tcp      6 7 ESTABLISHED\n');
}

async function add(_: string, chunks: AsyncIterable<Buffer>): Promise<{ bytes: number; sha256: string }> {
  let bytes = 0;
  for await (const chunk of chunks) bytes += chunk.length;
  return { bytes, sha256: '0'.repeat(64) };
}
