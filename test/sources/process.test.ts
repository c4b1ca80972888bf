import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { askTool } from '../../src/sources/process.js';
import type { ToolCommand } from '../../src/sources/tool.js';

/** A tool that is lines of the shell. */
function tool(lines: string, silenceMs = 10_000): ToolCommand {
  return { tool: 'sh', args: ['-c', lines], silenceMs };
}

async function failureOf(answer: Promise<unknown>): Promise<Failure> {
  const error = await answer.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(Failure);
  return error as Failure;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('sources/process', () => {
  it('gives all that a tool says, and how it ended', async () => {
    const answer = await askTool(tool('echo out; echo err >&2; exit 3'));
    expect(answer.stdout.toString()).to.equal('out\n');
    expect(answer).to.include({ stderr: 'err\n', exitCode: 3 });
  });

  describe('a tool that closes its stdout and stays', () => {
    const STAYS = 'echo $$; exec >&-; exec sleep 1000';

    it('is ended by the deadline', async () => {
      const { code, message } = await failureOf(askTool(tool(STAYS, 200)));
      expect(code).to.equal('TIMEOUT');
      expect(message).to.match(/ said nothing for 0\.2 s and was ended\.$/);
    });

    it('is ended when we are told to end', async () => {
      const abort = new AbortController();
      const waiting = failureOf(askTool(tool(STAYS), abort.signal));
      setTimeout(() => abort.abort(), 200);
      expect((await waiting).code).to.equal('INTERRUPTED');
    });
  });

  it('has ended the tool before the failure arrives, even one that is stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ctsync-process-'));
    try {
      await failureOf(askTool(tool(`echo $$ > ${folder}/pid; kill -STOP $$`, 200)));
      expect(isRunning(Number(readFileSync(`${folder}/pid`, 'utf8')))).to.equal(false);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('does not even wait where we were told to end before', async () => {
    expect((await failureOf(askTool(tool('sleep 1000'), AbortSignal.abort()))).code).to.equal('INTERRUPTED');
  });

  it('keeps the end of a flood on stderr, and lets the tool end by itself', async () => {
    const { stderr, exitCode, signal } = await askTool(
      tool('head -c 3000000 /dev/zero | tr "\\0" x >&2; echo last >&2; exit 7'),
    );
    expect({ exitCode, signal }).to.deep.equal({ exitCode: 7, signal: undefined });
    expect(stderr).to.have.length(1024 * 1024);
    expect(stderr.endsWith('xlast\n')).to.equal(true);
  });
});
