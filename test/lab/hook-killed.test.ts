import { expect } from 'chai';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseFailoverState } from '../../src/parsers/failover-state.js';
import { launch, ended, childEnvironment } from './run.js';
import { transitionsIn } from './hook-record.js';
import { pairFor } from './views-support.js';

/** `CTSYNC_KILLS=200 npx mocha …` is the long run; its result is in docs/soak.md. */
const KILLS = Number(process.env['CTSYNC_KILLS'] ?? 25);
/** A run takes about as long on a machine that has nothing else to do. */
const LONGEST_MS = 120;
const STATES = ['master', 'backup', 'fault', 'stop'];

describe('the failover hook that is killed', function () {
  this.timeout(60_000 + KILLS * 2000);
  const pair = pairFor({ keepalived: false, hook: 'ctsync' });

  it(`at any moment, ${String(KILLS)} times, leaves whole lines, a whole state, and its name in the record`, async () => {
    const { r2, namespaces } = pair();
    const [hook, conf] = [r2.file('ctsync-failover'), r2.file('conntrackd.conf')];
    let called = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const state = STATES[kill % STATES.length]!;
      const argv = ['ip', 'netns', 'exec', namespaces.r2, hook, state, 'GEFOEKOM', conf, r2.folder, r2.folder];
      const child = launch(argv, { env: childEnvironment(), stdio: 'ignore' });
      await sleep(Math.random() * LONGEST_MS);
      child.kill('SIGKILL');
      await ended(child);
      called += 1;
      // Throws where a line or the state is torn.
      await transitionsIn(r2.folder);
      parseFailoverState(await readFile(r2.file('failover-state'), 'utf8').catch(() => ''), 'failover-state');
    }
    const whole = launch(
      ['ip', 'netns', 'exec', namespaces.r2, hook, 'backup', 'GEFOEKOM', conf, r2.folder, r2.folder],
      { env: childEnvironment(), stdio: 'ignore' },
    );
    await ended(whole);
    expect(whole.exitCode).to.equal(0);
    const transitions = await transitionsIn(r2.folder);
    const results = new Set(transitions.map(({ result }) => result));
    expect([...results].filter((result) => result === 'failed')).to.deep.equal([]);
    // A process that was killed before it could leave a request is in nobody's record.
    expect(transitions.length).to.be.at.most(called + 1);
    expect(transitions.filter(({ result }) => result === 'killed')).to.not.deep.equal([]);
    expect(new Set(transitions.map(({ at, to }) => `${at ?? ''} ${to}`)).size).to.equal(transitions.length);
    expect(await readdir(r2.file('failover-requests'))).to.deep.equal([]);
    const names = await readdir(r2.folder);
    expect(names.filter((name) => /^\.transitions|^failover-(?:state|groups)\./.test(name))).to.deep.equal([]);
    expect(await readFile(r2.file('failover-state'), 'utf8')).to.match(/^BACKUP at /);
  });
});
