import { readFileSync, statSync } from 'node:fs';
import { ended, childEnvironment, launch, pause } from '../lab/run.ts';
import { Lab } from '../lab/lab.ts';

/** What the failover hook may add, from its call to the end of the commit, in milliseconds. */
export const MOST = 20;
const DEADLINE = 10_000;

/**
 * How many milliseconds later a commit ends that the failover hook asks for than one that is asked for by `conntrackd -c`
 * alone, in so many interleaved pairs; each from its call to the line by which conntrackd logs the end.
 */
export async function measureHook(pairs) {
  const lab = new Lab({ keepalived: false, hook: 'ctsync' });
  await lab.start();
  try {
    const { r2, namespaces } = lab;
    const conf = r2.file('conntrackd.conf');
    // As conntrackd itself, so that what else runs on the machine does not count.
    const into = ['chrt', '--rr', '1', 'ip', 'netns', 'exec', namespaces.r2];
    const alone = [...into, 'conntrackd', '-C', conf, '-c'];
    const hook = [...into, r2.file('ctsync-failover'), 'master', 'GROUP', conf, r2.folder, r2.folder];
    const added = [];
    for (let pair = 0; pair < pairs; pair += 1) {
      const orders = pair % 2 === 0 ? [alone, hook] : [hook, alone];
      const times = new Map();
      for (const argv of orders) times.set(argv, await toTheCommit(argv, r2.file('conntrackd.log')));
      added.push(times.get(hook) - times.get(alone));
    }
    return added.sort((a, b) => a - b);
  } finally {
    await lab.stop();
  }
}

/** Looks often, and gives the processor away in between. */
async function toTheCommit(argv, log) {
  const commits = commitsIn(log);
  let size = statSync(log).size;
  const begin = performance.now();
  const child = launch(argv, { env: childEnvironment(), stdio: 'ignore' });
  const over = ended(child);
  let time = 0;
  while (time === 0) {
    pause(0.3);
    const now = performance.now() - begin;
    if (now > DEADLINE) throw new Error(`${argv.join(' ')}: no commit`);
    const grown = statSync(log).size;
    if (grown === size) continue;
    size = grown;
    if (commitsIn(log) > commits) time = now;
  }
  await over;
  return time;
}

/** Expectations are committed last. */
function commitsIn(log) {
  return readFileSync(log, 'latin1').split(' new expectations').length;
}

/** The result in a line. */
export function hookLine(added) {
  const [least, median, most] = [added[0], added[added.length >> 1], added.at(-1)].map((time) => time.toFixed(1));
  const verdict = added[added.length >> 1] <= MOST ? 'pass' : 'FAIL';
  return `failover hook, from the call to the end of the commit: ${median} ms more than conntrackd -c (${least} to ${most}, ${added.length} pairs; to reach: ${MOST}): ${verdict}\n`;
}
