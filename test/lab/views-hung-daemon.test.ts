import { expect } from 'chai';
import type { ErrorDocument, SyncStatisticsDocument, SyncStatusDocument } from '../../src/model/documents.js';
import { answer, ask, document, pairFor } from './views-support.js';
import type { Place } from './views-support.js';

describe('a daemon that hangs', function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });
  const pid = (): number => pair().r1.conntrackd.pid ?? NaN;

  beforeEach(() => process.kill(pid(), 'SIGSTOP'));
  afterEach(() => process.kill(pid(), 'SIGCONT'));

  it('is reported by the statistics once the deadline is over, with what to do', async () => {
    const { code, stdout, stderr } = await ask(r1(), 'show conntrack-sync statistics --timeout 1');
    expect(code).to.equal(1);
    expect(stdout).to.equal('');
    expect(stderr)
      .to.include('said nothing for 1 s')
      .and.to.include('TIMEOUT')
      .and.to.include(`kill -CONT ${String(pid())}`);
  });

  it('is reported in the error document of the statistics', async () => {
    const { code, document } = await answer<ErrorDocument>(r1(), 'show conntrack-sync statistics --timeout 1');
    expect(code).to.equal(1);
    expect(document).to.deep.include({ schema: 'ctsync/error/1', complete: false });
    expect(document.error.code).to.equal('TIMEOUT');
    expect(document.error.next).to.include(`kill -CONT ${String(pid())}`);
  });

  it('is reported by both caches', async () => {
    for (const cache of ['internal', 'external']) {
      const { code, stderr } = await ask(r1(), `show conntrack-sync cache ${cache} --timeout 1`);
      expect(code).to.equal(1);
      expect(stderr)
        .to.include('TIMEOUT')
        .and.to.include(`kill -CONT ${String(pid())}`);
    }
  });

  it('leaves the status standing, which asks it only once', async () => {
    const { code, document } = await answer<SyncStatusDocument>(r1(), 'show conntrack-sync status --timeout 1');
    expect(code).to.equal(4);
    const { status, complete } = document;
    expect(complete).to.equal(false);
    expect(status.daemon.pid).to.equal(pid());
    expect(status.roles?.map(({ role }) => role)).to.deep.equal(['backup']);
    const reasons = Object.fromEntries(status.unavailable.map(({ part, reason }) => [part, reason]));
    expect(reasons).to.have.all.keys('daemon', 'links', 'caches');
    expect(reasons['daemon']).to.include('said nothing for 1 s');
    expect(Object.values(reasons).filter((reason) => reason.includes('said nothing'))).to.have.length(1);
  });

  it('has its own deadline where none is given', async () => {
    const { code, stdout } = await ask(r1(), 'show conntrack-sync status');
    expect(code).to.equal(4);
    expect(stdout)
      .to.include('said nothing for 10 s')
      .and.to.include(`[process ${String(pid())}]`);
  });

  it('is well again when it goes on: no counter shows that it was asked meanwhile', async () => {
    const { lab } = r1();
    const asked = Promise.all(
      ['statistics', 'status', 'cache internal'].map((view) => ask(r1(), `show conntrack-sync ${view} --timeout 1`)),
    );
    await asked;
    process.kill(pid(), 'SIGCONT');
    await lab.waitFor(async () => (await lab.r1.ask('-s', 'process')) === '', { what: 'its children to end' });
    const { statistics, complete } = await document<SyncStatisticsDocument>(r1(), 'show conntrack-sync statistics');
    expect(complete).to.equal(true);
    expect(statistics.main?.messages).to.deep.equal({ malformed: 0, lost: 0 });
    const runtime = (await lab.r1.ask('-s', 'runtime')).split('runtime stats:')[1] ?? '';
    expect(runtime.match(/:\s+\d+$/gm)).to.have.length(7);
    expect([...runtime.matchAll(/:\s+(\d+)$/gm)].map(([, figure]) => figure)).to.deep.equal(Array(7).fill('0'));
    expect((await document<SyncStatusDocument>(r1(), 'show conntrack-sync status')).complete).to.equal(true);
  });
});
