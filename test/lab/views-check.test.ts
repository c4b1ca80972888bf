import { foundNothing } from './findings-support.js';
import { expect } from 'chai';
import { addFlows, ask, linksRunning, pairFor, type Place } from './views-support.js';

const CHECK = 'check conntrack-sync';

describe('the check of a live pair', function () {
  this.timeout(90_000);
  const pair = pairFor();
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  before(() => linksRunning(pair()));

  it('is OK with the role, the caches and the figures', async () => {
    await addFlows(r1(), 25);
    const { stdout, stderr, code } = await ask(r1(), `${CHECK} -c lost_per_second=0 -c internal=1:`);
    expect(stdout).to.match(
      /^CONNTRACK-SYNC OK - master of GEFOEKOM, \d+ flows in the internal cache, 0 flows in the external cache \| internal=\d+;;1:;0 external=0;;;0 /,
    );
    expect(stdout)
      .to.include(' lost_per_second=0;;0;0')
      .and.to.match(/ uptime=\d+s;;;0/);
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
  });

  it('tells rates since the last run, with one look at the daemon', async () => {
    const state = `--state-file ${pair().r1.file('check.state')}`;
    expect((await ask(r1(), `${CHECK} ${state}`)).stdout).to.match(/^No rates: this is the first run/m);
    const { stdout, code } = await ask(r1(), `${CHECK} ${state}`);
    expect(stdout).to.match(/ malformed_per_second=0;;;0/);
    expect(code).to.equal(0);
  });

  it('tells no rates of a daemon that was restarted since the last run, and says so', async () => {
    const { lab } = r1();
    const keeping = `${CHECK} --state-file ${lab.r1.file('restart.state')} -c overruns_per_second=0 -w lost_per_second=0`;
    await ask(r1(), keeping);
    await lab.r1.conntrackd.stop();
    const down = await ask(r1(), keeping);
    expect(down.stdout).to.match(/^Not judged: lost_per_second, for conntrackd does not give it now\.$/m);
    expect(down.code).to.equal(2);
    await lab.r1.startDaemon();
    await linksRunning(lab);
    await lab.r1.ask('-n');
    const { stdout } = await ask(r1(), keeping);
    const why = 'conntrackd was restarted (another process answers now)';
    expect(stdout).to.not.match(/_per_second=\d/);
    expect(stdout.split('\n')).to.include.members([
      `No rates of conntrackd: ${why} since the earlier sample, and counts from 0 again.`,
      `Not judged: overruns_per_second, for ${why}.`,
      `Not judged: lost_per_second, for ${why}.`,
    ]);
    const next = await ask(r1(), keeping);
    expect(next.stdout)
      .to.match(/ lost_per_second=0;0;;0 /)
      .and.to.not.include('restarted');
  });

  it('compares with the last run in which the daemon answered', async () => {
    const { lab } = r1();
    const keeping = `${CHECK} --state-file ${lab.r1.file('hung.state')}`;
    await ask(r1(), keeping);
    await lab.exec('r1', ['sh', '-c', 'kill -STOP $(pgrep -f "^conntrackd -C $CTSYNC_DAEMON_CONFIG$")']);
    try {
      expect((await ask(r1(), keeping)).code).to.equal(2);
    } finally {
      await lab.exec('r1', ['sh', '-c', 'kill -CONT $(pgrep -f "^conntrackd -C $CTSYNC_DAEMON_CONFIG$")']);
    }
    expect((await ask(r1(), keeping)).stdout).to.match(/ lost_per_second=/);
  });

  it('is CRITICAL where the peer is silent, and OK again once it is back', async () => {
    const { lab } = r1();
    await lab.r2.conntrackd.stop();
    const { stdout, code } = await ask(r1(), CHECK);
    expect(stdout).to.match(/^CONNTRACK-SYNC CRITICAL - The peer is silent: /);
    expect(code).to.equal(2);
    await lab.r2.startDaemon();
    await linksRunning(lab);
    expect((await ask(r1(), CHECK)).code).to.equal(0);
  });

  it('is UNKNOWN for an ordinary user, and names the sudoers line', async () => {
    const { lab } = r1();
    const { stdout, code } = await lab.exec('r1', [
      'setpriv',
      '--reuid=65534',
      '--regid=65534',
      '--clear-groups',
      process.execPath,
      'bin/run.js',
      ...CHECK.split(' '),
      '--no-sudo',
    ]);
    expect(stdout).to.match(/^CONNTRACK-SYNC UNKNOWN - conntrackd's control socket .* is closed to /);
    expect(code).to.equal(3);
  });

  it('is CRITICAL where the daemon hangs, and UNKNOWN where the check gives up before that is known', async () => {
    const { lab } = r1();
    await lab.exec('r1', ['sh', '-c', 'kill -STOP $(pgrep -f "^conntrackd -C $CTSYNC_DAEMON_CONFIG$")']);
    try {
      const early = await ask(r1(), `${CHECK} -t 2`);
      expect(early.stdout).to.match(/^CONNTRACK-SYNC UNKNOWN - Gave up after 2 s, while asking conntrackd\./);
      expect(early.code).to.equal(3);
      const { stdout, code } = await ask(r1(), CHECK);
      expect(stdout)
        .to.match(/^CONNTRACK-SYNC CRITICAL - /)
        .and.to.match(/CTS-102 daemon-hung/);
      expect(code).to.equal(2);
    } finally {
      await lab.exec('r1', ['sh', '-c', 'kill -CONT $(pgrep -f "^conntrackd -C $CTSYNC_DAEMON_CONFIG$")']);
    }
  });
});

describe('the check of a pair over TCP without external caches', function () {
  this.timeout(90_000);
  const pair = pairFor({ transport: 'tcp', disableExternalCache: true, keepalived: false });
  const r1 = (): Place => ({ lab: pair(), router: 'r1' });

  before(async () => {
    await linksRunning(pair());
    // What is sent before the peer has connected is an error, and found.
    await foundNothing(r1());
  });

  it('never takes a threshold for kept whose figure this node does not have', async () => {
    const { stdout, code } = await ask(r1(), `${CHECK} -c external=5 -c receive_drops_per_second=0 -c internal=1000`);
    expect(stdout.split('\n')).to.include.members([
      "UNKNOWN: The threshold of external can't be judged: conntrackd keeps no external cache.",
      "UNKNOWN: The threshold of receive_drops_per_second can't be judged: conntrackd receives on no UDP socket.",
    ]);
    expect(stdout)
      .to.match(/ internal=\d+;;1000;0 /)
      .and.to.not.match(/ (?:external|receive_drops)=/);
    expect(code).to.equal(3);
  });
});
