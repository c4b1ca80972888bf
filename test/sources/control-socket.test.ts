import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { endianness, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { askSocket } from '../../src/sources/control-socket.js';

const COMMAND = { tool: 'conntrackd', args: ['-C', 'conf', '-s'], silenceMs: 5000, request: 21 };

describe('a question on the control socket', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ctsync-socket-'));
  const path = join(folder, 'conntrackd.sock');
  let server: Server | undefined;

  after(() => rmSync(folder, { recursive: true }));
  afterEach(() => server?.close());

  async function answering(answer: (client: Socket, request: Buffer) => void): Promise<void> {
    server = createServer((client) => {
      client.on('error', () => undefined);
      client.once('data', (request) => answer(client, request));
    });
    await new Promise<void>((resolve) => server?.listen(path, resolve));
  }

  async function failure(asked: Promise<unknown>): Promise<Failure> {
    const outcome = await asked.catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(Failure);
    return outcome as Failure;
  }

  it('is one int of this machine, and the answer is all that comes until the daemon closes', async () => {
    let request: Buffer | undefined;
    await answering((client, bytes) => {
      request = bytes;
      client.write('cache ');
      setTimeout(() => client.end('internal:\n'), 20);
    });
    expect((await askSocket(path, COMMAND))?.toString()).to.equal('cache internal:\n');
    expect([...(request ?? [])]).to.deep.equal(endianness() === 'LE' ? [21, 0, 0, 0] : [0, 0, 0, 21]);
  });

  it('may have an empty answer, which is one', async () => {
    await answering((client) => client.end());
    expect(await askSocket(path, COMMAND)).to.have.length(0);
  });

  it('has no answer where nobody listens, nothing is there, or the path is too long for a socket', async () => {
    await answering((client) => client.end());
    await new Promise((resolve) => server?.close(resolve));
    expect(await askSocket(path, COMMAND)).to.equal(undefined);
    expect(await askSocket(join(folder, 'x'.repeat(200)), COMMAND)).to.equal(undefined);
    expect(await askSocket(folder, COMMAND)).to.equal(undefined);
  });

  it('has no answer where the daemon dies before it has read the question', async () => {
    server = createServer({ pauseOnConnect: true }, (client) => setTimeout(() => client.destroy(), 50));
    await new Promise<void>((resolve) => server?.listen(path, resolve));
    expect(await askSocket(path, COMMAND)).to.equal(undefined);
  });

  it('is given up after a silence, also in the middle of an answer', async () => {
    await answering((client) => client.write('cache '));
    const { code, message } = await failure(askSocket(path, { ...COMMAND, silenceMs: 50 }));
    expect(code).to.equal('TIMEOUT');
    expect(message).to.equal('conntrackd -C conf -s said nothing for 0.05 s and was ended.');
  });

  it('waits as long as something comes', async () => {
    await answering((client) => {
      const dripping = setInterval(() => client.write('.'), 20);
      setTimeout(() => {
        clearInterval(dripping);
        client.end();
      }, 300);
    });
    expect(await askSocket(path, { ...COMMAND, silenceMs: 150 })).to.have.length.greaterThan(5);
  });

  it('ends at once when we do', async () => {
    await answering(() => undefined);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 20);
    expect((await failure(askSocket(path, COMMAND, abort.signal))).code).to.equal('INTERRUPTED');
  });
});
