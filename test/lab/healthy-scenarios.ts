import { addNewFlows, codesOnBoth } from './findings-support.js';
import { Lab } from './lab.js';
import type { LabOptions } from './options.js';
import { OwnFlows } from './own-flows.js';
import { ROUTERS } from './plan.js';
import { linksRunning, whileRepeating } from './views-support.js';

/** A healthy pair: how it is set up, and what goes on while both nodes are judged. */
export interface Scenario {
  name: string;
  options: LabOptions;
  /** Once, before a lab's first judgement; gives what is to be ended after its last. */
  prepare?: (lab: Lab) => Promise<Prepared>;
  /** Before each judgement; none where nothing happens. */
  begin?: (lab: Lab) => Promise<unknown>;
  /** Again and again, until both are judged. */
  meanwhile?: (lab: Lab, prepared: Prepared) => Promise<unknown>;
  /** A lab is judged so often only: six failovers or restarts within five minutes are rightly found. */
  perLab?: number;
  /** New flows come in such numbers that their rate is worth telling. */
  flooded?: true;
}

/** What goes on in a lab besides what every lab has. */
type Prepared = OwnFlows | undefined;

/** What was found on a healthy pair, and what it had to bear. */
export interface Judgement {
  /** `r2 CTS-203 warning eth0`; empty unless the rules are wrong. */
  found: string[];
  /** By the internal caches of both nodes; absent where nothing is flooded. */
  newFlowsPerSecond?: number;
}

const FEW = 3;

const flood = (lab: Lab): Promise<unknown> => lab.traffic.flood(1000);
const someTraffic = (lab: Lab): Promise<unknown> => lab.traffic.udp({ count: 50 });
const partnersTraffic = async (lab: Lab): Promise<void> => {
  await lab.traffic.udp({ count: 30 });
  await lab.traffic.udp({ count: 30, partners: true });
  await lab.traffic.udp({ count: 5, family: 'ipv6', partners: true });
};

/** Pairs of which nothing but information may be found. */
export const HEALTHY: readonly Scenario[] = [
  { name: 'under new flows', options: {}, prepare: shortLived, meanwhile: flood, flooded: true },
  { name: 'with two links', options: { links: 2 }, meanwhile: someTraffic },
  { name: 'active/active, with two sync groups', options: { groups: 2 }, prepare: talking, meanwhile: partnersTraffic },
  {
    name: 'active/active, without external caches',
    options: { groups: 2, disableExternalCache: true },
    prepare: talking,
    meanwhile: partnersTraffic,
  },
  {
    name: 'active/active, of which one node does it all after a failover',
    options: { groups: 2 },
    begin: withFailover,
    meanwhile: partnersTraffic,
    perLab: FEW,
  },
  {
    name: 'active/active, after a failback',
    options: { groups: 2 },
    begin: failedBack,
    meanwhile: partnersTraffic,
    // Each time both nodes ask three times for the flows of their peer: once a group, and once as a new master.
    perLab: 2,
  },
  { name: 'without external caches', options: { disableExternalCache: true }, meanwhile: someTraffic },
  {
    name: 'NOTRACK without caches',
    options: { mode: 'notrack', disableInternalCache: true, disableExternalCache: true },
    meanwhile: someTraffic,
  },
  { name: 'NOTRACK with caches', options: { mode: 'notrack' }, prepare: shortLived, meanwhile: flood, flooded: true },
  { name: 'ALARM and idle', options: { mode: 'alarm' } },
  { name: 'over UDP', options: { transport: 'udp' }, meanwhile: someTraffic },
  { name: 'over TCP', options: { transport: 'tcp' }, meanwhile: someTraffic },
  { name: 'with the filter of VyOS', options: { filter: 'vyos' }, prepare: filtered, meanwhile: allKinds },
  { name: "with the manual's filter", options: { filter: 'manual' }, prepare: filtered, meanwhile: allKinds },
  {
    name: 'whose kernel does not count',
    options: {},
    begin: async (lab) => {
      for (const router of ROUTERS) await lab.exec(router, ['sysctl', '-qw', 'net.netfilter.nf_conntrack_acct=0']);
    },
    meanwhile: someTraffic,
  },
  {
    name: 'whose standby has flows of its own',
    options: {},
    prepare: (lab) => OwnFlows.on('r2', lab.namespaces),
    meanwhile: (_, own) => own!.some(5),
  },
  { name: 'after a failover', options: {}, begin: withFailover, meanwhile: someTraffic, perLab: FEW },
  { name: 'after a failback', options: {}, begin: failedBack, perLab: FEW },
  { name: 'after the restart of a daemon', options: {}, begin: restarted, meanwhile: someTraffic, perLab: FEW },
  {
    name: 'NOTRACK, after the restart of a daemon',
    options: { mode: 'notrack' },
    begin: restarted,
    meanwhile: someTraffic,
    perLab: FEW,
  },
];

/** Flows of a flood end soon: at two thousand a second the caches would be full within a minute, which is rightly found. */
async function shortLived(lab: Lab): Promise<undefined> {
  for (const router of ROUTERS) await lab.exec(router, ['sysctl', '-qw', 'net.netfilter.nf_conntrack_udp_timeout=20']);
}

/** Connections through both masters, which stay. */
async function talking(lab: Lab): Promise<undefined> {
  await lab.traffic.tcp({ count: 3 });
  await lab.traffic.tcp({ count: 3, partners: true });
  await lab.traffic.tcp({ count: 2, family: 'ipv6', partners: true });
}

/** More flows than a few of which the filter lets none through. */
async function filtered(lab: Lab): Promise<undefined> {
  await lab.traffic.mixed();
  await addNewFlows({ lab, router: 'r1' }, 500, { protocol: 'udplite' });
}

async function allKinds(lab: Lab): Promise<void> {
  await lab.traffic.udp({ count: 20 });
  await lab.traffic.udp({ count: 20, translation: 'snat' });
  await lab.traffic.udp({ count: 20, family: 'ipv6' });
  await lab.traffic.ping({ family: 'ipv6' });
}

async function withFailover(lab: Lab): Promise<void> {
  if ((await lab.role('r2')) === 'master') await lab.failback();
  await lab.failover('cable');
}

async function failedBack(lab: Lab): Promise<void> {
  await lab.failover('cable');
  await lab.failback();
}

async function restarted(lab: Lab): Promise<void> {
  await lab.r2.conntrackd.stop();
  await lab.r2.startDaemon();
  await lab.r2.ask('-n');
}

/**
 * Judges both nodes of such pairs so many times, one after the other, in as many labs as that takes. Tells each judgement as
 * it is made.
 */
export async function judge(scenario: Scenario, times: number, tell: (judgement: Judgement) => void): Promise<void> {
  const { perLab = times, options } = scenario;
  for (let done = 0; done < times; done += perLab) {
    const lab = new Lab(options);
    await lab.start();
    try {
      await linksRunning(lab);
      await judgeLab(scenario, lab, Math.min(perLab, times - done), tell);
    } finally {
      await lab.stop();
    }
  }
}

async function judgeLab(
  scenario: Scenario,
  lab: Lab,
  times: number,
  tell: (judgement: Judgement) => void,
): Promise<void> {
  const prepared = await scenario.prepare?.(lab);
  try {
    for (let time = 0; time < times; time += 1) tell(await judgeOnce(scenario, lab, prepared));
  } finally {
    await prepared?.end();
  }
}

async function judgeOnce({ begin, meanwhile, flooded }: Scenario, lab: Lab, prepared: Prepared): Promise<Judgement> {
  await begin?.(lab);
  const before = flooded && (await madeSoFar(lab));
  const { r1, r2 } = await (meanwhile
    ? whileRepeating(
        () => meanwhile(lab, prepared),
        () => codesOnBoth(lab),
      )
    : codesOnBoth(lab));
  const rate = before && perSecond(before, await madeSoFar(lab));
  const found = [...worse('r1', r1), ...worse('r2', r2)];
  return rate === undefined ? { found } : { found, newFlowsPerSecond: rate };
}

/** What is beside information. */
function worse(router: string, codes: string[]): string[] {
  return codes.filter((code) => !code.includes(' information')).map((code) => `${router} ${code}`);
}

/** New flows in the internal caches of both nodes since their daemons were started. */
async function madeSoFar(lab: Lab): Promise<Made> {
  const pages = await Promise.all(ROUTERS.map((router) => lab[router].ask('-s')));
  const flows = pages.map((page) => Number(/cache internal:[^]*?connections created:\s+(\d+)/.exec(page)?.[1] ?? NaN));
  return { flows: flows.reduce((sum, count) => sum + count, 0), at: performance.now() };
}

interface Made {
  flows: number;
  /** Milliseconds. */
  at: number;
}

function perSecond(before: Made, now: Made): number {
  return Math.round((1000 * (now.flows - before.flows)) / (now.at - before.at));
}
