import { labUnavailable } from './available.js';
import { Lab } from './lab.js';
import type { LabOptions } from './options.js';
import { ROUTERS } from './plan.js';
import type { RouterName } from './plan.js';
import type { Outcome } from './run.js';
import { skipFor } from '../support/skip.js';

/**
 * Brings a lab up before the first test of this `describe` block and takes it down after the last; call the result for the
 * lab. Where no lab is possible, the block is skipped and says why.
 */
export function pairFor(options: LabOptions = {}): () => Lab {
  let lab: Lab | undefined;
  before(async function () {
    skipFor(this, labUnavailable());
    lab = new Lab(options);
    await lab.start();
  });
  after(() => lab?.stop());
  return () => {
    if (lab === undefined) throw new Error('the lab is there once the tests run');
    return lab;
  };
}

/** conntrackd takes a new link for NO-CARRIER until the kernel has announced its carrier, about a second after the start. */
export async function linksRunning(lab: Lab): Promise<void> {
  for (const router of ROUTERS) {
    await lab.waitFor(async () => !/ status=(?!RUNNING )/.test(await lab[router].ask('-s', 'link')), {
      what: `the links of ${router} to be running`,
    });
  }
}

/** Where a command runs. */
export interface Place {
  lab: Lab;
  router: RouterName;
}

/** Runs a read command, given as typed, on a router. */
export function ask({ lab, router }: Place, command: string): Promise<Outcome> {
  return lab.ctsync(router, command.split(' '));
}

/**
 * The page of a command that has to answer completely.
 *
 * @throws where the exit code is not 0, with what the command said
 */
export async function page(place: Place, command: string): Promise<string> {
  const { stdout, stderr, code } = await ask(place, command);
  if (code !== 0)
    throw new Error(`ctsync ${command} on ${place.router}: exit code ${String(code)}\n${stderr}${stdout}`);
  return stdout;
}

/** The JSON document of a command that has to answer completely. Throws as {@link page} does. */
export async function document<T>(place: Place, command: string): Promise<T> {
  return JSON.parse(await page(place, `${command} --json`)) as T;
}

/** The JSON document of a command, whatever its exit code. */
export async function answer<T>(place: Place, command: string): Promise<{ code: number | null; document: T }> {
  const { stdout, code } = await ask(place, `${command} --json`);
  return { code, document: JSON.parse(stdout) as T };
}

/** Does the work while something else is done again and again. Rejects where either does. */
export async function whileRepeating<T>(again: () => Promise<unknown>, work: () => Promise<T>): Promise<T> {
  let over = false;
  const repeated = (async () => {
    while (!over) await again();
  })();
  // Reported below, once the work has ended.
  repeated.catch(() => undefined);
  try {
    return await work();
  } finally {
    over = true;
    await repeated;
  }
}

/** Does the work while new UDP flows come through the master, hundreds in a second. */
export function underTraffic<T>(lab: Lab, work: () => Promise<T>): Promise<T> {
  return whileRepeating(async () => {
    await lab.traffic.udp({ count: 50 });
    await lab.traffic.udp({ count: 10, family: 'ipv6' });
  }, work);
}

/** Gives a router's kernel so many UDP flows at once (`conntrack -R`); they stay for ten minutes. */
export async function addFlows({ lab, router }: Place, count: number): Promise<void> {
  const flow = (index: number): string => {
    const host = `172.31.20.${String(100 + Math.floor(index / 50_000))}`;
    const port = String(1024 + (index % 50_000));
    return `-A -t 600 -u SEEN_REPLY,ASSURED -p udp -s 10.35.100.87 -d ${host} -r ${host} -q 10.35.100.87 --sport ${port} --dport 53 --reply-port-src 53 --reply-port-dst ${port}\n`;
  };
  const input = Array.from({ length: count }, (_, index) => flow(index)).join('');
  // Through cat, because what Node.js gives a child as stdin is a socket, which can't be opened as /dev/stdin.
  const { code, stderr } = await lab.exec(router, ['sh', '-c', 'cat | conntrack -R /dev/stdin'], { input });
  if (code !== 0) throw new Error(`conntrack -R: ${stderr}`);
}
