import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ctsync } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { reportIn } from '../support/sos-report.js';
import type { Lab } from './lab.js';
import { addFlows, linksRunning, pairFor } from './views-support.js';

const PAGES = ['network', 'cache', 'runtime', 'link', 'rsqueue', 'queue', 'ct', 'expect'];
/** Enough for a table that conntrack writes in several pieces, with its summary before the last of them. */
const FLOWS = 500;

describe('a report of sos of a live pair', function () {
  this.timeout(120_000);
  const pair = pairFor({ mode: 'notrack', keepalived: false });
  let folder: string;
  let report: string;

  before(async () => {
    const lab = pair();
    await linksRunning(lab);
    await addFlows({ lab, router: 'r1' }, FLOWS);
    folder = mkdtempSync(join(tmpdir(), 'ctsync-sos-'));
    report = reportIn(folder, await asked(lab), new Map());
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const kept = async (command: string) =>
    documentOf((await ctsync([...command.split(' '), '--from', report, '--json'])).stdout);
  const live = async (command: string) =>
    documentOf((await pair().ctsync('r1', [...command.split(' '), '--json'])).stdout);

  it('shows the whole table, as the host did', async () => {
    const table = await kept('show conntrack table ipv4 --filter udp');
    expect(table).to.include({ complete: true, source: 'bundle' });
    const now = await live('show conntrack table ipv4 --filter udp');
    const ports = (document: typeof table) =>
      document.flows!.map(({ original }) => (original as { sport: number }).sport).sort();
    expect(table.flows).to.have.length.at.least(FLOWS);
    expect(ports(now)).to.include.members(ports(table));
  });

  it('shows the caches and the verdict of the daemon that was asked, by one sample', async () => {
    const { statistics } = (await kept('show conntrack-sync statistics')) as unknown as {
      statistics: { main: { caches: object[] } };
    };
    const now = (await live('show conntrack-sync statistics')) as unknown as typeof statistics & {
      statistics: typeof statistics;
    };
    expect(statistics.main.caches).to.deep.equal(now.statistics.main.caches);
    const { health } = (await kept('show conntrack-sync status')) as unknown as {
      health: { verdict: string; sampled_seconds?: number };
    };
    expect(health).to.have.property('verdict', 'ok');
    expect(health).not.to.have.property('sampled_seconds');
  });
});

/** What sos asks, each answer in a file with stdout and stderr. */
async function asked(lab: Lab): Promise<Map<string, string>> {
  const answer = async (command: string): Promise<string> =>
    (await lab.exec('r1', ['sh', '-c', `${command} 2>&1`])).stdout;
  const config = lab.r1.file('conntrackd.conf');
  const files = new Map<string, string>([
    ['etc/conntrackd/conntrackd.conf', await answer(`cat ${config}`)],
    ['sos_commands/conntrack/conntrack_-L_-o_extended', await answer('conntrack -L -o extended')],
    ['sos_commands/conntrack/conntrack_-S', await answer('conntrack -S')],
    ['sos_commands/kernel/sysctl_-a', await answer('sysctl -a')],
    ['sos_commands/date/date_--utc', await answer('date --utc')],
    ['sos_commands/host/hostname', 'r1\n'],
  ]);
  for (const page of PAGES) {
    files.set(`sos_commands/conntrack/conntrackd_-s_${page}`, await answer(`conntrackd -C ${config} -s ${page}`));
  }
  return files;
}
