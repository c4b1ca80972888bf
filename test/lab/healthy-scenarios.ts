import { addNewFlows, codesOnBoth } from './findings-support.js';
import type { Lab } from './lab.js';
import type { LabOptions } from './options.js';
import { ROUTERS } from './plan.js';
import { whileRepeating } from './views-support.js';

/** A healthy pair: how it is set up, and what goes on while both nodes are judged. */
export interface Scenario {
  name: string;
  options: LabOptions;
  /** Before each judgement; none where nothing happens. */
  begin?: (lab: Lab) => Promise<unknown>;
  /** Again and again, until both are judged. */
  meanwhile?: (lab: Lab) => Promise<unknown>;
}

/** As many in a second as the lab can make, aimed at 2,000. */
const manyFlows = (lab: Lab): Promise<unknown> => addNewFlows({ lab, router: 'r1' }, 200);
const someTraffic = (lab: Lab): Promise<unknown> => lab.traffic.udp({ count: 50 });

/** Pairs of which nothing but information may be found. */
export const HEALTHY: readonly Scenario[] = [
  { name: 'under new flows', options: {}, meanwhile: manyFlows },
  { name: 'with two links', options: { links: 2 }, meanwhile: someTraffic },
  { name: 'without external caches', options: { disableExternalCache: true }, meanwhile: someTraffic },
  {
    name: 'NOTRACK without caches',
    options: { mode: 'notrack', disableInternalCache: true, disableExternalCache: true },
    meanwhile: someTraffic,
  },
  { name: 'NOTRACK with caches', options: { mode: 'notrack' }, meanwhile: manyFlows },
  { name: 'ALARM and idle', options: { mode: 'alarm' } },
  { name: 'over UDP', options: { transport: 'udp' }, meanwhile: someTraffic },
  { name: 'over TCP', options: { transport: 'tcp' }, meanwhile: someTraffic },
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
    begin: (lab) => lab.exec('r2', ['sh', '-c', OWN_FLOWS]),
    meanwhile: someTraffic,
  },
  { name: 'after a failover', options: {}, begin: withFailover, meanwhile: someTraffic },
  {
    name: 'after a failback',
    options: {},
    begin: async (lab) => {
      await lab.failover('cable');
      await lab.failback();
    },
  },
  { name: 'after the restart of a daemon', options: {}, begin: restarted, meanwhile: someTraffic },
];

/** Echo requests of the router itself. */
const OWN_FLOWS = 'for i in 1 2 3 4 5; do ping -q -c 1 -W 1 172.31.20.12; done';

async function withFailover(lab: Lab): Promise<void> {
  if ((await lab.role('r2')) === 'master') await lab.failback();
  await lab.failover('cable');
}

async function restarted(lab: Lab): Promise<void> {
  await lab.r2.conntrackd.stop();
  await lab.r2.startDaemon();
  await lab.r2.ask('-n');
}

/** What is found on both nodes of a healthy pair, beside information: nothing. */
export async function judge({ begin, meanwhile }: Scenario, lab: Lab): Promise<string[]> {
  await begin?.(lab);
  const ask = (): Promise<{ r1: string[]; r2: string[] }> => codesOnBoth(lab);
  const { r1, r2 } = await (meanwhile ? whileRepeating(() => meanwhile(lab), ask) : ask());
  const worse = (router: string, codes: string[]): string[] =>
    codes.filter((code) => !code.includes(' information')).map((code) => `${router} ${code}`);
  return [...worse('r1', r1), ...worse('r2', r2)];
}
