import { rename, writeFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { LogRecord } from '../../src/model/daemon-log.js';
import type { DaemonLogDocument } from '../../src/model/documents.js';
import { documentOf } from '../support/documents.js';
import { Following } from '../support/following.js';
import { commandLine } from '../support/ctsync.js';
import { document, linksRunning, page, pairFor } from './views-support.js';
import type { Place } from './views-support.js';
import type { RouterName } from './plan.js';

const COMMAND = 'show log conntrack-sync';

describe('the log of a live pair', function () {
  this.timeout(90_000);
  // With a single one conntrackd says nothing of its loss.
  const pair = pairFor({ links: 2 });
  const at = (router: RouterName): Place => ({ lab: pair(), router });

  async function records(router: RouterName): Promise<LogRecord[]> {
    return (await document<DaemonLogDocument>(at(router), `${COMMAND} --limit all`)).records;
  }

  const types = (from: readonly LogRecord[]): (string | undefined)[] => from.map(({ event }) => event?.type);

  it('has the start of the daemon and the commit of the first master, with times of today in UTC', async () => {
    const log = await records('r1');
    expect(types(log)).to.include.members([
      'netlink_buffer_set',
      'initialized',
      'started',
      'commit_started',
      'commit_took',
    ]);
    for (const { at: time, at_text: written } of log) {
      expect(Math.abs(Date.now() - Date.parse(time!))).to.be.lessThan(3_600_000);
      expect(written).to.match(/^\w{3} \w{3} /);
    }
  });

  it('is a page of the same', async () => {
    const text = await page(at('r1'), COMMAND);
    expect(text).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ notice {2}.*initialization completed$/m);
  });

  it('shows a failover while it happens, and how many flows the new master has committed', async () => {
    const lab = pair();
    await lab.traffic.tcp({ count: 4 });
    await lab.waitFor(async () => / [1-9]\d*\n/.test((await lab.r2.ask('-s')).split('cache external:')[1] ?? ''));
    const following = new Following(
      [
        'ip',
        'netns',
        'exec',
        lab.namespaces.r2,
        ...commandLine(`${COMMAND} --follow --limit 0 --format ndjson`.split(' ')),
      ],
      lab.r2.environment,
    );
    try {
      await following.ready();
      await lab.failover('stop');
      const seen = await following.until((lines) => lines.some((line) => line.includes('"bulk_update"')));
      const log = seen.map((line) => JSON.parse(line) as LogRecord);
      expect(types(log)).to.include.members([
        'commit_started',
        'committed',
        'commit_took',
        'cache_flush',
        'kernel_resync',
      ]);
      const committed = log.find(({ event }) => event?.type === 'committed' && event.flows !== undefined);
      expect(committed?.event?.flows).to.be.at.least(4);
      expect(committed?.message).to.equal(`Committed ${committed?.event?.flows} new entries`);
      const took = log.find(({ event }) => event?.type === 'commit_took');
      expect(took?.message).to.include(took?.event?.seconds?.toFixed(6));
    } finally {
      expect(await following.interrupt()).to.include({ code: 130, stderr: '' });
      await lab.failback();
    }
  });

  it('has what the other node asked for', async () => {
    const lab = pair();
    const requests = async (router: RouterName, by: string): Promise<number> =>
      (await records(router)).filter(({ event }) => event?.type === 'resync_requested' && event.by === by).length;
    const [own, others] = [await requests('r2', 'this_node'), await requests('r1', 'other_node')];
    await lab.r2.ask('-n');
    await lab.waitFor(async () => (await requests('r1', 'other_node')) > others);
    expect(await requests('r2', 'this_node')).to.equal(own + 1);
  });

  it('has which dedicated link took over, and that none was left', async () => {
    const lab = pair();
    await linksRunning(lab);
    const links = async (): Promise<(string | undefined)[]> =>
      (await records('r1')).flatMap(({ event }) =>
        event?.type.startsWith('link_') ? [event.device ?? event.type] : [],
      );
    const after = async (state: 'down' | 'up', device: string, expected: string[]): Promise<void> => {
      await lab.exec('r1', ['ip', 'link', 'set', device, state]);
      await lab.waitFor(async () => JSON.stringify(await links()) === JSON.stringify(expected), {
        what: `${expected.join()}, not ${(await links()).join()}`,
      });
    };
    await after('down', 'eth0', ['eth3']);
    await after('down', 'eth3', ['eth3', 'link_none']);
    await after('up', 'eth0', ['eth3', 'link_none', 'eth0']);
    await lab.exec('r1', ['ip', 'link', 'set', 'eth3', 'up']);
  });

  it('goes on to answer while the daemon is stopped: the log is a file', async () => {
    const lab = pair();
    process.kill(lab.r1.conntrackd.pid!, 'SIGSTOP');
    try {
      const { stdout, code } = await lab.ctsync('r1', [...COMMAND.split(' '), '--json']);
      expect(documentOf(stdout).complete).to.equal(true);
      expect(code).to.equal(0);
    } finally {
      process.kill(lab.r1.conntrackd.pid!, 'SIGCONT');
    }
  });

  it('says that the daemon goes on in the file that was renamed, until it is restarted', async () => {
    const lab = pair();
    const log = lab.r2.file('conntrackd.log');
    await rename(log, `${log}.1`);
    await writeFile(log, '');
    const { notes } = await document<DaemonLogDocument>(at('r2'), `${COMMAND} --since 1h`);
    expect(notes?.[0]).to.equal(
      `conntrackd, process ${lab.r2.conntrackd.pid}, has not taken notice that ${log} was renamed: what it logs is in ${log}.1 until it is restarted (--from ${log}.1 shows it).`,
    );
    await rename(`${log}.1`, log);
    expect(await document<DaemonLogDocument>(at('r2'), COMMAND)).to.not.have.property('notes');
  });

  it('has the end of the daemon', async () => {
    await pair().r2.conntrackd.stop();
    expect(types(await records('r2')).at(-1)).to.equal('shutdown');
    await pair().r2.startDaemon();
  });
});
