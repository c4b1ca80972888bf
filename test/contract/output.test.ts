import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { must } from '../lab/run.js';
import type { Outcome } from '../lab/run.js';
import { waitFor } from '../lab/wait.js';
import { fixture, NEUTRAL } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { flows, TRACKING } from '../support/sandbox-daemon.js';
import { UnreadOutput } from '../support/unread-output.js';
import { skipFor } from '../support/skip.js';

/** More than the buffers between conntrack, ctsync and its reader hold. */
const FLOWS = 20_000;
const TABLE = ['show', 'conntrack', 'table', 'ipv4'];
/** Slower than the 10 s after which oclif gives up on a reader. */
const SLOW_MS = 11_000;

const FULL = `Error: The output could not be written: no space is left on the device. [OUTPUT_FAILED]
  next:    What was written so far is not the whole answer. Make room, or write it elsewhere.
`;

describe('contract: readers that stop, stand still or are full', function () {
  let sandbox: Sandbox;
  /** The end of a table whose reader does not read for a while. */
  let slow: Promise<Outcome>;
  /** conntrack of the slow reader. */
  let busy: string[];

  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + flows(FLOWS));
    // The deadline is on the tool's silence, not on the reader's.
    const output = await UnreadOutput.of(sandbox.commandLine([...TABLE, '--json', '--timeout', '5']));
    // It is waited for in the last test.
    slow = sleep(SLOW_MS).then(() => output.rest());
    slow.catch(() => undefined);
    busy = await sandbox.processes('conntrack');
  });
  after(() => sandbox?.stop());

  /** What a shell pipeline around `ctsync`, a command of its own there, leaves in /mnt/said, and its exit codes. */
  async function pipeline(shell: string, args: readonly string[]): Promise<{ codes: string; said: string }> {
    const script = `ctsync() { /mnt/node /mnt/ctsync/bin/run.js ${args.join(' ')} 2> /mnt/said; }; ${shell}; echo "\${PIPESTATUS[*]}"`;
    const codes = await must(sandbox.enter(['bash', '-c', script]), { env: NEUTRAL });
    return { codes: codes.trim(), said: await sandbox.sh('cat /mnt/said') };
  }

  for (const [name, args] of [
    ['the table', TABLE],
    ['the document', [...TABLE, '--json']],
  ] as const) {
    it(`${name} ends quietly, and conntrack with it, when the reader has seen enough`, async () => {
      expect(await pipeline('ctsync | head -n 3 > /dev/null', args)).to.deep.equal({ codes: '0 0', said: '' });
      await waitFor(async () => (await sandbox.processes('conntrack')).every((pid) => busy.includes(pid)));
    });

    it(`${name} is an error where the disk is full`, async () => {
      expect(await pipeline('ctsync > /dev/full', args)).to.deep.equal({ codes: '1', said: FULL });
    });
  }

  it('a short page is an error where the disk is full', async () => {
    const args = ['show', 'conntrack-sync', 'statistics', '--from', '/mnt/page'];
    await sandbox.sh(`cat > /mnt/page << 'END'\n${readFileSync(fixture('documentation/statistics.txt'), 'utf8')}END`);
    expect(await pipeline('ctsync > /dev/full', args)).to.deep.equal({ codes: '1', said: FULL });
  });

  it('the help is an error where the disk is full', async () => {
    expect(await pipeline('ctsync > /dev/full', [...TABLE, '--help'])).to.deep.equal({ codes: '1', said: FULL });
  });

  it('an error that can not be written as a document is said on stderr', async () => {
    const { codes, said } = await pipeline('ctsync > /dev/full', [...TABLE, '--json', '--from', '/nosuch']);
    expect(said).to.match(/^Error: The capture \/nosuch does not exist\. \[CAPTURE_UNREADABLE\]\n/);
    expect(codes).to.equal('1');
  });

  for (const [what, stderr] of [
    ['full', '2> /dev/full'],
    ['read by nobody', '2> >(exec < /dev/null; sleep 1)'],
  ] as const) {
    it(`says with its exit code what went wrong where stderr is ${what}`, async () => {
      await sandbox.sh(`(conntrack -L -f ipv4 -o extended,id 2> /mnt/said | sed -n 1p; printf cut) > /mnt/both`);
      const run = (args: string): string => `/mnt/node /mnt/ctsync/bin/run.js ${args} > /mnt/said ${stderr}; echo $?`;
      const script = [`${TABLE.join(' ')} --frob`, `${TABLE.join(' ')} --from /mnt/both`].map(run).join('\n');
      expect(await must(sandbox.enter(['bash', '-c', script]), { env: NEUTRAL })).to.equal('2\n4\n');
    });
  }

  it('has lost nothing for a reader that is slower than 10 s', async () => {
    const { stdout, code } = await slow;
    const { flows: shown, complete, summary } = documentOf(stdout);
    expect({ complete, code, shown: shown?.length }).to.deep.equal({
      complete: true,
      code: 0,
      shown: summary?.scanned,
    });
    expect(shown).to.have.length.at.least(FLOWS);
  });
});
