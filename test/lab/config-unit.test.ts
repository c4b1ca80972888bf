import { expect } from 'chai';
import type { CommitDocument } from '../../src/model/documents.js';
import type { Transition } from '../../src/model/transition.js';
import { documentOf } from '../support/documents.js';
import { Machine } from './machine.js';
import { pairFor } from './views-support.js';

const CONF = '/etc/conntrackd/conntrackd.conf';
const HOOK = '/mnt/ctsync/libexec/ctsync-failover';

describe("a commit where conntrackd's unit runs it", function () {
  this.timeout(60_000);
  const pair = pairFor({ keepalived: false });
  let machine: Machine;
  before(async () => {
    await pair().r1.conntrackd.stop();
    machine = await Machine.of(pair(), 'r1');
    await machine.type(`rm ${CONF}
cat > /etc/keepalived/keepalived.conf << 'END'
vrrp_sync_group G {
    group {
        LAN
    }
}
vrrp_instance LAN {
    interface eth1
    virtual_ipaddress {
        10.35.100.1/24
    }
}
END
ctsync set service conntrack-sync interface eth0
ctsync set service conntrack-sync failover-mechanism vrrp sync-group G`);
  });
  after(() => machine?.stop());
  afterEach(() => machine.unitsFail());

  async function committed(flags = '') {
    const { stdout, code } = await machine.run(`ctsync commit --json ${flags}`);
    return { code, document: documentOf(stdout) as unknown as CommitDocument };
  }

  const set = (seconds: number) => machine.type(`ctsync set service conntrack-sync purge-timeout ${String(seconds)}`);
  const inUse = async () => /PurgeTimeout (\d+)/.exec(await machine.type(`cat ${CONF}`))?.[1];

  it('writes the file that the unit uses, and restarts the unit', async () => {
    const { document, code } = await committed('--dry-run');
    expect([code, document.file]).to.deep.equal([0, CONF]);
    expect(document.steps).to.deep.equal([
      `would write ${CONF}`,
      'would start conntrackd (systemctl restart conntrackd.service)',
    ]);
    await machine.systemctlCalls();
    expect((await committed()).document.outcome).to.equal('committed');
    expect(await machine.systemctlCalls()).to.deep.equal([
      'show --property=LoadState,ExecStart conntrackd.service',
      'reset-failed conntrackd.service',
      'restart conntrackd.service',
    ]);
    expect(await machine.daemons()).to.have.length(1);
  });

  it('says to others than root what they can not see, and touches nothing', async () => {
    await set(68);
    const { stderr, code } = await machine.run(
      'setpriv --reuid 65534 --clear-groups /usr/local/sbin/ctsync commit --dry-run',
    );
    expect(code).to.equal(1);
    expect(stderr).to.match(
      /^Error: Whether conntrackd runs with \/etc\S+ can be seen by root alone\. \[PERMISSION_DENIED\]$/m,
    );
    await machine.type('ctsync discard');
  });

  it('writes the file of a unit that was changed, too', async () => {
    await machine.type(`mkdir -p /etc/systemd/system
sed 's| -C .*| -C /etc/conntrackd/other.conf|' /lib/systemd/system/conntrackd.service > /etc/systemd/system/conntrackd.service`);
    await set(69);
    // What runs was started with the other file, and would be doubled.
    const { document } = await committed();
    expect(document.error?.code).to.equal('DAEMON_UNREACHABLE');
    expect(document.error?.message).to.match(/but not with \/etc\/conntrackd\/other\.conf\.$/);
    await machine.type('rm /etc/systemd/system/conntrackd.service; ctsync discard');
  });

  it('is put back where the unit does not start, with what conntrackd says itself', async () => {
    await machine.type(`ctsync set service conntrack-sync pass-through general 'LockFile /nosuch/lock'`);
    const before = await machine.type(`cat ${CONF}`);
    const { document, code } = await committed();
    expect([code, document.error?.code]).to.deep.equal([1, 'COMMIT_FAILED']);
    expect(document.error?.tool_says)
      .to.match(/\[ERROR\]/)
      .and.not.include('systemctl status');
    expect(document.error?.next).to.match(/^The old configuration is back, and conntrackd runs with it as process \d+/);
    expect(await machine.type(`cat ${CONF}`)).to.equal(before);
    expect(await machine.daemons()).to.have.length(1);
    await machine.type('ctsync discard');
  });

  it('says so where the unit starts with neither file', async () => {
    const before = await inUse();
    await set(70);
    await machine.unitsFail('failed');
    const { document, code } = await committed();
    expect([code, document.error?.code]).to.deep.equal([1, 'COMMIT_FAILED']);
    expect(document.error?.next).to.equal(
      `The old file is back at ${CONF}, but conntrackd does not run with it either: conntrackd does not start with ${CONF}.`,
    );
    expect(await inUse()).to.equal(before);
    await machine.unitsFail();
    expect((await committed()).document.outcome).to.equal('committed');
    expect(await inUse()).to.equal('70');
  });

  it('does not wait for ever for a unit that hangs, and puts the old file back', async () => {
    await set(71);
    await machine.unitsFail('hangs');
    const { document, code } = await committed('--timeout 2');
    expect([code, document.error?.code]).to.deep.equal([1, 'COMMIT_FAILED']);
    expect(document.error?.message).to.include('systemctl');
    expect(await inUse()).to.equal('70');
    await machine.unitsFail();
    expect((await committed()).document.outcome).to.equal('committed');
    expect(await inUse()).to.equal('71');
    expect(await machine.daemons()).to.have.length(1);
  });

  it('starts the unit of a daemon that was killed, whose lock is still there', async () => {
    const [pid] = await machine.daemons();
    await machine.type(`kill -9 ${pid!}`);
    await set(73);
    const { document } = await committed();
    expect([document.outcome, document.error]).to.deep.equal(['committed', undefined]);
    expect(await machine.daemons()).to.have.length(1);
  });

  it('leaves the lock of a daemon that lives, though it does not listen', async () => {
    await machine.type('systemctl stop conntrackd');
    // conntrackd.conf in another namespace of networks, with the same lock.
    await machine.type(`sed 's|conntrackd.sock|other.sock|' ${CONF} > /mnt/other.conf
unshare --net sh -c 'ip link add eth0 type veth peer name p0; ip link set p0 up; ip link set eth0 up; ip addr add 10.255.254.2/24 dev eth0; exec conntrackd -d -C /mnt/other.conf'`);
    await set(74);
    const { document } = await committed();
    expect(document.error?.tool_says).to.include('exists, perhaps conntrackd already running');
    const [pid] = await machine.daemons();
    await machine.type(`kill ${pid!}; while kill -0 ${pid!} 2> /dev/null; do sleep 0.05; done`);
    expect((await committed()).document.outcome).to.equal('committed');
  });

  it('starts conntrackd itself where there is no such unit', async () => {
    await machine.type('systemctl stop conntrackd');
    await set(72);
    await machine.unitsFail('not-found');
    await machine.systemctlCalls();
    const { document } = await committed();
    expect(document.steps[1]).to.match(/^started conntrackd, which answers as process \d+$/);
    expect(await machine.systemctlCalls()).to.deep.equal(['show --property=LoadState,ExecStart conntrackd.service']);
    expect(await inUse()).to.equal('72');
  });

  describe('and the failover hook', () => {
    beforeEach(async () => {
      for (const pid of await machine.daemons()) await machine.type(`kill -9 ${pid}`);
      await pair().waitFor(async () => (await machine.daemons()).length === 0, { what: 'no conntrackd' });
      await machine.systemctlCalls();
    });

    async function started() {
      await machine.run(`${HOOK} backup G`);
      const line = (await machine.type('tail -n 1 /var/lib/ctsync/transitions.ndjson')).trim();
      const { steps = [], result } = JSON.parse(line) as Transition;
      const step = steps.find((each) => each.step === 'start');
      return { result, start: step?.result, reason: step?.reason };
    }

    it('starts the unit of a dead daemon', async () => {
      expect(await started()).to.deep.equal({ result: 'done', start: 'ok', reason: undefined });
      expect(await machine.systemctlCalls()).to.deep.equal([
        'show -p LoadState -p ExecStart conntrackd.service',
        'start conntrackd.service',
      ]);
      expect(await machine.daemons()).to.have.length(1);
    });

    it('records why the unit does not start', async () => {
      await machine.unitsFail('failed');
      expect(await started()).to.deep.equal({
        result: 'failed',
        start: 'failed',
        reason: 'Job for conntrackd.service failed because the control process exited with error code.',
      });
    });

    it('starts the daemon itself where there is no such unit', async () => {
      await machine.unitsFail('not-found');
      expect(await started()).to.deep.include({ result: 'done', start: 'ok' });
      expect(await machine.systemctlCalls()).to.not.include('start conntrackd.service');
    });
  });
});
