import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { labUnavailable } from './available.js';
import { Lab } from './lab.js';
import { childEnvironment, ended, must } from './run.js';
import { LAB_FOLDERS, namespacesOfLab, processesIn } from './sweep.js';
import { waitFor } from './wait.js';
import { skipFor } from '../support/skip.js';

const HOLD = fileURLToPath(new URL('./hold.ts', import.meta.url));
const SWEEP = new URL('./sweep.ts', import.meta.url).href;

describe('the end of a lab', function () {
  this.timeout(90_000);

  before(function () {
    skipFor(this, labUnavailable());
  });

  it('leaves no namespace, process or folder, and nothing of the machine is changed', async () => {
    const before = await machine();
    const lab = new Lab();
    await lab.start();
    const namespaces = namespacesOfLab(lab.id);
    expect(namespaces).to.have.length(5);
    expect(processesIn(namespaces)).to.not.have.length(0);
    await lab.traffic.mixed();
    await lab.stop();
    expectNothingLeft(lab.id);
    expect(await machine()).to.deep.equal(before);
  });

  it('comes also after a start that fails', async () => {
    const lab = new Lab({ keepalived: false });
    await must(['ip', 'netns', 'add', lab.namespaces.server]);
    const failure = await lab.start().then(
      () => undefined,
      (error: unknown) => error as Error,
    );
    expect(failure?.message).to.include(`ip netns add ${lab.namespaces.server}`);
    expectNothingLeft(lab.id);
  });

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    for (const moment of ['while it starts', 'while it is up']) {
      it(`comes also by ${signal} ${moment}`, async () => {
        const { child, id, up } = await hold();
        if (moment === 'while it is up') await up;
        else await waitFor(() => namespacesOfLab(id).length > 2);
        child.kill(signal);
        await ended(child);
        expect(child.exitCode).to.equal(code);
        expectNothingLeft(id);
      });
    }
  }

  it('is made up for by the next start if the process was killed, while living labs are left alone', async () => {
    const killed = await hold();
    const living = await hold();
    await Promise.all([killed.up, living.up]);
    killed.child.kill('SIGKILL');
    await ended(killed.child);
    expect(namespacesOfLab(killed.id)).to.have.length(5);

    expect(await removedLeftovers())
      .to.include(killed.id)
      .and.to.not.include(living.id);
    expectNothingLeft(killed.id);
    expect(namespacesOfLab(living.id)).to.have.length(5);
    living.child.kill('SIGTERM');
    await ended(living.child);
    expectNothingLeft(living.id);
  });
});

/** Labs that no other run takes for leftovers: one may start just now, and would be first. */
const APART = { CTSYNC_LAB_PREFIX: 'ctse' };

/** What a lab that starts has removed. */
async function removedLeftovers(): Promise<string[]> {
  const script = `import { removeLeftovers } from ${JSON.stringify(SWEEP)}; console.log(removeLeftovers().join('\\n'))`;
  const argv = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', script];
  return (await must(argv, { env: APART })).split('\n');
}

function expectNothingLeft(labId: string): void {
  expect(namespacesOfLab(labId)).to.deep.equal([]);
  expect(existsSync(join(LAB_FOLDERS, labId))).to.equal(false);
}

/** What a lab could have changed on the machine itself. */
async function machine(): Promise<Record<string, string>> {
  const sysctls = ['net/ipv4/ip_forward', 'net/ipv6/conf/all/forwarding', 'net/netfilter/nf_conntrack_acct'];
  const values = await Promise.all(
    [...sysctls, 'net/netfilter/nf_conntrack_max', 'net/netfilter/nf_conntrack_buckets'].map(async (name) => [
      name,
      await readFile(`/proc/sys/${name}`, 'utf8').catch(() => 'absent'),
    ]),
  );
  return {
    ...(Object.fromEntries(values) as Record<string, string>),
    links: await must(['ip', '-o', '-br', 'link']),
    addresses: await must(['ip', '-o', '-br', 'addr']),
    routes: await must(['ip', 'route', 'show', 'table', 'all']),
    rules: await must(['nft', 'list', 'ruleset']),
  };
}

interface Held {
  child: ChildProcessByStdio<null, Readable, null>;
  id: string;
  /** Resolves when its lab is up; rejects if it ends before. */
  up: Promise<void>;
}

/** A process of its own that holds a lab. */
async function hold(): Promise<Held> {
  const child = spawn(process.execPath, ['--import', 'tsx', HOLD], {
    env: childEnvironment(APART),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: id } = (await lines.next()) as { value: string };
  const up = lines.next().then(({ value }) => {
    if (value !== 'up') throw new Error(`the lab ${id} did not come up`);
  });
  // Whoever ends the process early does not wait for it to be up.
  up.catch(() => undefined);
  return { child, id, up };
}
