import { expect } from 'chai';
import { setTimeout as pause } from 'node:timers/promises';
import type { SyncStatisticsDocument } from '../../src/model/documents.js';
import { must } from './run.js';
import { ask, document, linksRunning, page, pairFor, underTraffic } from './views-support.js';
import type { Place } from './views-support.js';

const COMMAND = 'show conntrack-sync statistics';

describe('the rates of a live pair', function () {
  this.timeout(90_000);
  const pair = pairFor({ links: 2 });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const rates = (flags: string): Promise<SyncStatisticsDocument> => document(r1(), `${COMMAND} ${flags}`);

  before(async () => {
    await linksRunning(pair());
    await pair().traffic.mixed();
  });

  it('are what the counters grew by, of every page that has counters', async () => {
    const before = await rates('--all');
    const answer = await underTraffic(pair(), () => rates('--all --interval 2'));
    expect(answer.complete).to.equal(true);
    expect(answer.notes).to.equal(undefined);
    expect(answer.interval!.seconds).to.be.at.least(2);
    expect(Object.keys(answer.rates!)).to.deep.equal('main expect network cache runtime link queue'.split(' '));
    const seconds = answer.interval!.seconds;
    // What was there before the first reading is not in the rate.
    const most =
      Number(answer.statistics.runtime!.netlink.events_received) -
      Number(before.statistics.runtime!.netlink.events_received);
    expect(answer.rates!.runtime!.netlink.events_received).to.be.within(1 / seconds, most / seconds);
    expect(answer.rates!.main!.link!.sent.packets).to.be.above(0);
    expect(answer.rates!.link!.links.map(({ device }) => device)).to.deep.equal(['eth0', 'eth3']);
    expect(answer.rates!.queue!.queues).to.deep.include({ name: 'errorq', no_space: 0 });
  });

  it('stand beside the counters on the page, in 80 columns', async () => {
    const text = await underTraffic(pair(), () => page(r1(), `${COMMAND} --all --interval 1`));
    expect(text).to.match(/^Per second, between two readings that are 1(?:\.\d+)? s apart\.$/m);
    expect(text).to.match(/^connections created: +\d+ +\S.*\/s$/m);
    expect(text).to.match(/^current active connections: +\d+$/m);
    expect(text.split('\n').filter((line) => line.length > 80)).to.deep.equal([]);
  });

  it('are none of the active link where that has changed meanwhile', async () => {
    const link = (state: string): Promise<string> =>
      must(['ip', '-n', pair().namespaces.r1, 'link', 'set', 'eth0', state]);
    const [answer] = await Promise.all([rates('--interval 4'), pause(1500).then(() => link('down'))]);
    expect(answer.rates!.main).to.not.have.property('link');
    expect(answer.rates!.main!.caches).to.have.length(2);
    expect(answer.notes).to.deep.equal(['The active link was eth0 and is eth3 now: what passed over it has no rate.']);
    await link('up');
  });

  it('are none where the daemon was restarted meanwhile', async () => {
    const { lab } = r1();
    const restarted = async (): Promise<void> => {
      await pause(1500);
      await lab.r1.conntrackd.stop();
      await lab.r1.startDaemon();
    };
    const [answer] = await Promise.all([rates('runtime --interval 5'), restarted()]);
    expect(answer).to.not.have.property('rates');
    expect(answer.statistics.runtime!.netlink).to.have.property('events_received');
    expect(answer.notes).to.deep.equal([
      'conntrackd was restarted between the two readings (another process answers now), and counts from 0 again: there are no rates.',
    ]);
  });

  it('of a daemon that hangs are not waited for twice', async () => {
    const pid = pair().r1.conntrackd.pid ?? NaN;
    process.kill(pid, 'SIGSTOP');
    try {
      const { code, stdout, stderr } = await ask(r1(), `${COMMAND} --all --interval 1 --timeout 1`);
      expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
      expect(stderr)
        .to.include('TIMEOUT')
        .and.to.include(`kill -CONT ${String(pid)}`);
    } finally {
      process.kill(pid, 'SIGCONT');
    }
  });
});
