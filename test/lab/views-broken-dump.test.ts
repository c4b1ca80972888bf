import { expect } from 'chai';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { FlowCacheDocument } from '../../src/model/documents.js';
import type { Lab } from './lab.js';
import { childEnvironment, launch } from './run.js';
import { addFlows, document, page, pairFor } from './views-support.js';

const CTSYNC = fileURLToPath(new URL('../../bin/run.js', import.meta.url));
const COMMAND = 'show conntrack-sync cache internal';
/** More than all buffers between the daemon and us hold. */
const FLOWS = 20_000;

describe('a dump of a live cache that is broken off', function () {
  this.timeout(90_000);
  const pair = pairFor({ keepalived: false });

  before(async () => {
    const lab = pair();
    await addFlows({ lab, router: 'r1' }, FLOWS);
    await lab.waitFor(async () => (await lab.r1.ask('-s')).includes(`${String(FLOWS)}\n`), { what: 'the flows' });
  });

  it('is complete when nothing happens, however slow its reader is', async () => {
    const { stdout, code } = await dumpWhile(pair(), [], () => Promise.resolve());
    expect(code).to.equal(0);
    expect(stdout).to.match(new RegExp(`\n${FLOWS.toLocaleString('en')} flows in the internal cache, complete\\.\n$`));
  });

  for (const flags of [[], ['--json']]) {
    const form = flags.length > 0 ? 'the document' : 'the table';
    it(`is called incomplete in ${form} when the daemon's child is killed`, async () => {
      const { stdout, stderr, code } = await dumpWhile(pair(), flags, (child) => killChild(pair(), child));
      expect(code).to.equal(4);
      expect(stderr).to.include('DUMP_INCOMPLETE');
      if (flags.length > 0) expectCut(JSON.parse(stdout) as FlowCacheDocument, 'DUMP_INCOMPLETE');
      else expect(stdout).to.match(/\n[\d,]+ flows in the internal cache, INCOMPLETE\.\n$/);
    });
  }

  it('is called incomplete when its client is killed', async () => {
    const { stdout, code } = await dumpWhile(pair(), ['--json'], async () => {
      const lab = pair();
      const { code } = await lab.exec('r1', ['pkill', '-f', `^conntrackd -C ${lab.r1.file('conntrackd.conf')} -i$`]);
      expect(code).to.equal(0);
    });
    expect(code).to.equal(4);
    expectCut(JSON.parse(stdout) as FlowCacheDocument, 'TOOL_CRASHED');
  });

  it('does no harm to the next one', async () => {
    const whole = await document<FlowCacheDocument>({ lab: pair(), router: 'r1' }, COMMAND);
    expect(whole.complete).to.equal(true);
    expect(whole.flows).to.have.length(FLOWS);
  });

  it('is not called complete when the daemon dies meanwhile, though all rows may have come', async () => {
    const { stdout, code } = await dumpWhile(pair(), ['--json'], () => pair().r1.conntrackd.kill());
    expect(code).to.equal(4);
    const { complete, error } = JSON.parse(stdout) as FlowCacheDocument;
    expect({ complete, error: error?.code }).to.deep.equal({ complete: false, error: 'DAEMON_UNREACHABLE' });
  });

  it('is no dump at all once the daemon is dead', async () => {
    const failure = await page({ lab: pair(), router: 'r1' }, COMMAND).catch((error: unknown) => String(error));
    expect(failure).to.include('exit code 1').and.to.include('DAEMON_UNREACHABLE');
  });
});

describe("a dump of the kernel's table by a live daemon without an internal cache", function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false, mode: 'notrack', disableInternalCache: true });

  it("is called incomplete when the daemon's child is killed, although no counter says how many flows there are", async () => {
    await addFlows({ lab: pair(), router: 'r1' }, FLOWS);
    const { stdout, code } = await dumpWhile(pair(), ['--json'], (child) => killChild(pair(), child));
    expect(code).to.equal(4);
    expectCut(JSON.parse(stdout) as FlowCacheDocument, 'DUMP_INCOMPLETE');
  });
});

/** Resolves once the daemon has noticed. */
async function killChild(lab: Lab, child: number): Promise<void> {
  process.kill(child, 'SIGKILL');
  await lab.waitFor(async () => !(await lab.r1.ask('-s', 'process')).includes(`PID=${String(child)} `));
}

function expectCut({ complete, error, flows, summary }: FlowCacheDocument, code: string): void {
  expect({ complete, error: error?.code }).to.deep.equal({ complete: false, error: code });
  expect(flows).to.have.length(summary.shown).and.to.have.length.below(FLOWS);
}

interface Ending {
  stdout: string;
  stderr: string;
  code: number | null;
}

/**
 * Dumps the internal cache of r1 without reading, until every buffer on the way is full and the daemon's child waits; does
 * something to that child, and reads on.
 */
async function dumpWhile(lab: Lab, flags: string[], act: (child: number) => Promise<void>): Promise<Ending> {
  const argv = ['ip', 'netns', 'exec', lab.namespaces.r1, process.execPath, CTSYNC, ...COMMAND.split(' '), ...flags];
  const dump = launch(argv, { env: childEnvironment(lab.r1.environment), stdio: ['ignore', 'pipe', 'pipe'] });
  const over = once(dump, 'close');
  const child = await lab.waitFor(async () => /PID=(\d+) type=any/.exec(await lab.r1.ask('-s', 'process'))?.[1]);
  await standsStill(lab, Number(child));
  await act(Number(child));
  const [stdout, stderr] = await Promise.all([text(dump.stdout), text(dump.stderr)]);
  await over;
  return { stdout, stderr, code: dump.exitCode };
}

/** Resolves once the process has written nothing for a while. */
async function standsStill(lab: Lab, pid: number): Promise<void> {
  let last = '';
  await lab.waitFor(async () => {
    const before = last;
    await sleep(200);
    last = (await lab.exec('r1', ['cat', `/proc/${String(pid)}/io`])).stdout;
    return last !== '' && last === before;
  });
}

async function text(stream: ChildProcess['stdout']): Promise<string> {
  const chunks: Buffer[] = [];
  if (stream !== null) for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
