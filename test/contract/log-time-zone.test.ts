import { expect } from 'chai';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON, DAEMON_ENVIRONMENT, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const COMMAND = ['show', 'log', 'conntrack-sync', '--limit', '1'];
const HOUR_MS = 3_600_000;
/** The operator's own zone, which says nothing of the daemon's. */
const OPTIONS = { env: { ...DAEMON_ENVIRONMENT, TZ: 'America/New_York' } };

/** Shell lines for `first` after which the host is in a zone. */
function hostIn(localtime: string): string {
  return `cp -a /etc /mnt/etc; rm -f /mnt/etc/localtime /mnt/etc/timezone; ${localtime}; mount --bind /mnt/etc /etc`;
}

describe("contract: the zone of a log's times", function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + configured() + STARTED.replace('conntrackd', 'TZ=:Asia/Tokyo conntrackd'));
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh('rm -rf /mnt/etc'));

  async function differenceInHours(first: string): Promise<number> {
    const { stdout } = await sandbox.ctsync(COMMAND, { ...OPTIONS, first });
    return Math.round((Date.parse(stdout.slice(0, 20)) - Date.now()) / HOUR_MS);
  }

  it('is that of the daemon, where it runs', async () => {
    expect(await differenceInHours('true')).to.equal(0);
  });

  describe('of a daemon that has ended', () => {
    before(() => sandbox.sh('kill $(cat /mnt/conntrackd.pid); while [ -e /mnt/conntrackd.sock ]; do sleep 0.05; done'));
    const kolkata = '/usr/share/zoneinfo/Asia/Kolkata';

    it('is that of the host, with a warning where the file shows that it was another one', async () => {
      const first = hostIn(`ln -s ${kolkata} /mnt/etc/localtime`);
      const { stderr, code } = await sandbox.ctsync(COMMAND, { ...OPTIONS, first });
      expect(stderr).to.match(/^Warning: The last time in \S+ is \S+ if its zone is Asia\/Kolkata, but the file was /);
      expect(code).to.equal(0);
      const told = await sandbox.ctsync([...COMMAND, '--timezone', 'Asia/Tokyo'], OPTIONS);
      expect(told).to.include({ stderr: '', code: 0 });
    });

    it('has a name in /etc/timezone where /etc/localtime is a copy', async () => {
      const first = hostIn(`cp ${kolkata} /mnt/etc/localtime; echo Asia/Tokyo > /mnt/etc/timezone`);
      const { stdout, stderr } = await sandbox.ctsync(COMMAND, { ...OPTIONS, first });
      expect(stderr).to.equal('');
      expect(Math.abs(Date.parse(stdout.slice(0, 20)) - Date.now())).to.be.lessThan(HOUR_MS);
    });

    it('is not guessed where it has no name', async () => {
      const { stdout, stderr, code } = await sandbox.ctsync(COMMAND, {
        ...OPTIONS,
        first: hostIn(`cp ${kolkata} /mnt/etc/localtime`),
      });
      expect(stdout).to.match(/^\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4} notice {2}---- shutdown received ----\n/);
      expect(stderr).to.match(/^Warning: The zone of this host's clock has no name here, .* --timezone ZONE /);
      expect(code).to.equal(0);
    });
  });

  it('is written by conntrackd without a word of it', async () => {
    expect(await sandbox.sh(`head -n 1 ${DAEMON.log}`)).to.match(/^\[\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4}\] /);
  });
});
