import { readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SyncStatusDocument } from '../../src/model/documents.js';
import type { Health } from '../../src/model/health.js';
import type { Lab } from './lab.js';
import { ROUTERS } from './plan.js';
import { must } from './run.js';
import { answer, whileRepeating } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync status';

/** The command as a router runs it, where it needs another environment or another user. */
export const CTSYNC_STATUS = [
  process.execPath,
  fileURLToPath(new URL('../../bin/run.js', import.meta.url)),
  ...COMMAND.split(' '),
  '--json',
];

/** What is found where all is well. */
export const NONE: string[] = [];

/** How a router is judged by the command that an operator types. */
export async function healthOn(place: Place, flags = ''): Promise<Health> {
  const { document } = await answer<SyncStatusDocument>(place, `${COMMAND}${flags === '' ? '' : ' '}${flags}`);
  return document.health;
}

/** What is found on a router, the worst first: `CTS-203 warning eth0`, with the subject where there is one. */
export async function codesOn(place: Place, flags = ''): Promise<string[]> {
  return codesOf(await healthOn(place, flags));
}

/** Both routers, asked at the same time. */
export async function codesOnBoth(lab: Lab): Promise<{ r1: string[]; r2: string[] }> {
  const [r1 = [], r2 = []] = await Promise.all(ROUTERS.map((router) => codesOn({ lab, router })));
  return { r1, r2 };
}

/** The findings in a document that was printed. */
export function codesIn(stdout: string): string[] {
  return codesOf((JSON.parse(stdout) as SyncStatusDocument).health);
}

function codesOf({ findings }: Health): string[] {
  return findings.map(({ code, severity, subject }) =>
    [code, severity, ...(subject === undefined ? [] : [subject])].join(' '),
  );
}

/**
 * Resolves once nothing is found on a router any more. After messages were dropped that takes a moment: conntrackd counts
 * the last gap only when the next message comes, one a second, and that may be between two samples.
 */
export async function foundNothing(place: Place): Promise<void> {
  await place.lab.waitFor(async () => (await codesOn(place)).length === 0, {
    seconds: 30,
    what: `nothing to be found on ${place.router}`,
  });
}

/**
 * Resolves once no losses are found on either router. What was sent while a link went down is missing, and the gap is counted
 * only when the next message comes; to find that is right, and another test's matter.
 */
export async function lossesCounted(lab: Lab): Promise<void> {
  const isLoss = (code: string): boolean => code.startsWith('CTS-301');
  await lab.waitFor(
    async () =>
      !Object.values(await codesOnBoth(lab))
        .flat()
        .some(isLoss),
    {
      seconds: 30,
      what: 'losses to be counted',
    },
  );
}

/** What is found on a router once this is found: a transition of this moment is given ten seconds. */
export async function codesOnceFound(place: Place, code: string): Promise<string[]> {
  let codes: string[] = [];
  await place.lab.waitFor(async () => (codes = await codesOn(place)).some((found) => found.startsWith(code)), {
    seconds: 30,
    what: `${code} on ${place.router}`,
  });
  return codes;
}

/** What is found on a router while something is done again and again, so that it happens between the samples. */
export function codesWhile(place: Place, again: () => Promise<unknown>): Promise<string[]> {
  return whileRepeating(again, () => codesOn(place));
}

/**
 * A pair that has just been started without keepalived, whose hook would ask for the peer's flows: it asks for them, as
 * who starts a daemon by hand should.
 */
export async function resynced(lab: Lab): Promise<void> {
  for (const router of ROUTERS) await lab[router].ask('-n');
}

/**
 * Does the work while a router drops, by nftables, what the rule says; then the rule is gone again.
 *
 * @param hook `input` or `output`
 */
export async function dropping<T>(place: Place, hook: string, rule: string, work: () => Promise<T>): Promise<T> {
  await nft(
    place,
    `table inet provoked {
  chain drops {
    type filter hook ${hook} priority -10; policy accept;
    ${rule} drop
  }
}
`,
  );
  try {
    return await work();
  } finally {
    await nft(place, 'delete table inet provoked');
  }
}

export async function nft({ lab, router }: Place, input: string): Promise<void> {
  await must(['ip', 'netns', 'exec', lab.namespaces[router], 'nft', '-f', '-'], { input });
}

/**
 * Does the work while a router's conntrackd runs with another configuration; then it is started with its own again. Each
 * start begins a new log: so many in so short a time would be a finding of their own.
 */
export async function withConf<T>(place: Place, changes: [RegExp, string][], work: () => Promise<T>): Promise<T> {
  const path = place.lab[place.router].file('conntrackd.conf');
  const before = await readFile(path, 'utf8');
  const changed = changes.reduce((text, [from, to]) => {
    if (!from.test(text)) throw new Error(`${String(from)} is not in ${path}`);
    return text.replace(from, to);
  }, before);
  await restartWith(place, path, changed);
  try {
    return await work();
  } finally {
    await restartWith(place, path, before);
  }
}

async function restartWith({ lab, router }: Place, path: string, text: string): Promise<void> {
  await lab[router].conntrackd.stop();
  await rm(lab[router].file('conntrackd.log'));
  await writeFile(path, text);
  await lab[router].startDaemon();
  await linksUp({ lab, router });
  await lab[router].ask('-n');
}

async function linksUp({ lab, router }: Place): Promise<void> {
  await lab.waitFor(async () => !/ status=(?!RUNNING )/.test(await lab[router].ask('-s', 'link')), {
    what: `the links of ${router} to be running`,
  });
}

let made = 0;

/** What flows are like that are given to a kernel. */
interface FlowTraits {
  status?: string;
  protocol?: 'udp' | 'udplite';
  /** How long they stay. */
  seconds?: number;
}

/** Lines for `conntrack -R`: so many flows that never were before. */
function newFlows(
  count: number,
  { status = 'SEEN_REPLY,ASSURED', protocol = 'udp', seconds = 600 }: FlowTraits = {},
): string {
  return Array.from({ length: count }, () => {
    made += 1;
    const server = `172.31.${String(64 + (Math.floor(made / 12_800_000) % 64))}.${String(1 + (Math.floor(made / 50_000) % 250))}`;
    const port = String(1024 + (made % 50_000));
    return `-A -t ${String(seconds)} -u ${status} -p ${protocol} -s 10.35.100.87 -d ${server} -r ${server} -q 10.35.100.87 --sport ${port} --dport 53 --reply-port-src 53 --reply-port-dst ${port}\n`;
  }).join('');
}

/** Gives a router's kernel so many flows that it never had, at once, of UDP unless told otherwise; by themselves they stay for ten minutes. */
export async function addNewFlows(place: Place, count: number, traits: FlowTraits = {}): Promise<void> {
  await restore(place, newFlows(count, traits));
}

/** The same of established TCP flows. */
export async function addTcpFlows(place: Place, count: number): Promise<void> {
  await restore(place, newFlows(count).replaceAll('-p udp', '-p tcp --state ESTABLISHED'));
}

async function restore({ lab, router }: Place, input: string): Promise<void> {
  // Through cat, because what Node.js gives a child as stdin is a socket, which can't be opened as /dev/stdin.
  const { code, stderr } = await lab.exec(router, ['sh', '-c', 'cat | conntrack -R /dev/stdin'], { input });
  if (code !== 0) throw new Error(`conntrack -R: ${stderr}`);
}

/** Takes all flows away from a router's kernel, as if they had ended. */
export async function endFlows({ lab, router }: Place): Promise<void> {
  await lab.exec(router, ['conntrack', '-D']);
}
