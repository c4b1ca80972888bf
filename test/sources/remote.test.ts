import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import { Ssh } from '../../src/sources/remote/ssh.js';
import { targetOf } from '../../src/sources/remote/target.js';
import { quoted, remoteLine } from '../../src/sources/remote/words.js';

describe('sources/remote', () => {
  describe('a host', () => {
    const TARGETS: readonly [text: string, target: object][] = [
      ['fw1', { host: 'fw1' }],
      ['admin@fw1.example.com:2222', { user: 'admin', host: 'fw1.example.com', port: '2222' }],
      ['192.0.2.1', { host: '192.0.2.1' }],
      ['2001:db8::1', { host: '2001:db8::1' }],
      ['[2001:db8::1]:22', { host: '2001:db8::1', port: '22' }],
      ['root@fe80::1%eth0', { user: 'root', host: 'fe80::1%eth0' }],
    ];
    for (const [text, target] of TARGETS) {
      it(`is ${text}`, () => expect(targetOf(text)).to.deep.equal({ name: text, ...target }));
    }

    for (const text of [
      '-oX',
      '',
      'a b',
      'a\tb',
      'a\nb',
      'x@-y',
      'x@',
      '@x',
      'fw1:',
      'fw1:0',
      'fw1:65536',
      'a;b',
      "a'b",
      'a$b',
    ]) {
      it(`is not ${JSON.stringify(text)}`, () => {
        expect(() => targetOf(text))
          .to.throw(Failure)
          .with.property('code', 'USAGE');
      });
    }
  });

  it('a command line for another shell has exactly these words, whatever stands in them', async () => {
    const word = fc.string({ unit: 'binary' }).filter((each) => !/[\0\ud800-\udfff]/.test(each));
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 5 }), async (words) => {
        const { stdout, code } = await run(['printf', '%s\\0', ...words]);
        expect(code).to.equal(0);
        expect(stdout.split('\0').slice(0, -1)).to.deep.equal(words);
      }),
      { numRuns: 40 },
    );
  });

  it('has no mark between quotes that fish (a backslash) or csh (an exclamation mark) reads there', () => {
    expect(quoted('plain word')).to.equal("'plain word'");
    expect(quoted(String.raw`it's a\b!`)).to.equal(String.raw`'it'\''s a'\\'b'\!''`);
  });

  it('a command there ends with what it ended with', async () => {
    expect((await run(['sh', '-c', 'exit 7'])).code).to.equal(7);
    expect((await run(['nosuchtool'])).code).to.equal(127);
    expect((await run(['sh', '-c', 'kill -SEGV $$'])).code).to.equal(128 + 11);
  });

  it('a command there ends when we are gone', async () => {
    const { code } = await run(['sleep', '60'], { gone: true });
    expect(code).to.equal(128 + 15);
  });

  describe('ssh', () => {
    const ssh = new Ssh(targetOf('admin@fw1:2222'));

    it('gets the host behind all options, and never asks', () => {
      const words = ssh.carried(['conntrack', '-L']);
      expect(words[0]).to.equal('ssh');
      expect(words).to.include('BatchMode=yes');
      expect(words.slice(-7, -1)).to.deep.equal(['-p', '2222', '-l', 'admin', '--', 'fw1']);
    });

    it('tells a tool that is not there from one that was killed, and from itself', () => {
      const stderr = 'ssh: connect to host fw1 port 2222: Connection refused\r\n';
      expect(ssh.arrived({ exitCode: 0, stderr: '' })).to.deep.equal({ exitCode: 0, stderr: '' });
      expect(ssh.arrived({ exitCode: 127, stderr: 'x' })).to.deep.equal({ spawnError: 'ENOENT', stderr: 'x' });
      expect(ssh.arrived({ exitCode: 126, stderr: 'x' })).to.deep.equal({ spawnError: 'EACCES', stderr: 'x' });
      expect(ssh.arrived({ exitCode: 139, stderr: 'x' })).to.deep.equal({ signal: 'SIGSEGV', stderr: 'x' });
      expect(() => ssh.arrived({ exitCode: 255, stderr }))
        .to.throw('admin@fw1:2222 can not be reached with ssh: nobody listens there.')
        .with.include({ code: 'HOST_UNREACHABLE', toolSays: stderr.trim() });
      expect(() => ssh.arrived({ spawnError: 'ENOENT', stderr: '' }))
        .to.throw('ssh could not be started (ENOENT).')
        .with.property('code', 'TOOL_MISSING');
    });
  });
});

/** Runs words by their remote line, with a stdin that is open as long as we are there. */
async function run(words: readonly string[], { gone = false } = {}): Promise<{ stdout: string; code: unknown }> {
  const child = spawn('sh', ['-c', remoteLine(words)], { stdio: ['pipe', 'pipe', 'ignore'] });
  if (gone) child.stdin.end();
  const [stdout, [code]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<[unknown]>]);
  child.stdin.destroy();
  return { stdout, code };
}
