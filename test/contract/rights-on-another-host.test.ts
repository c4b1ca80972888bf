import { expect } from 'chai';
import { expectFailure } from '../support/failures.js';
import { missingTools } from '../support/missing-tools.js';
import { OPERATOR, Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON_ENVIRONMENT, flows, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const HOST = `${OPERATOR.name}@localhost:2222`;
const TABLE = 'conntrack -L -f ipv4 -o extended,id';
const IN_SUDOERS = TABLE.replace(',', '\\,');

/** An sshd that lets the operator in, and the ssh of somebody who knows it. */
const SSHD = `
mkdir -p -m 755 /run/sshd /mnt/ssh
ssh-keygen -q -t ed25519 -N '' -f /mnt/ssh/host
ssh-keygen -q -t ed25519 -N '' -f /mnt/ssh/id
cp /mnt/ssh/id.pub /mnt/ssh/authorized_keys
echo "[localhost]:2222 $(cut -d' ' -f1,2 /mnt/ssh/host.pub)" > /mnt/ssh/known_hosts
cat > /mnt/ssh/sshd.conf << 'END'
ListenAddress 127.0.0.1:2222
HostKey /mnt/ssh/host
AuthorizedKeysFile /mnt/ssh/authorized_keys
PidFile none
StrictModes no
UsePAM no
END
cat > /mnt/ssh/config << 'END'
Host *
  IdentityFile /mnt/ssh/id
  IdentitiesOnly yes
  UserKnownHostsFile /mnt/ssh/known_hosts
END
printf '#!/bin/sh\\nexec /usr/bin/ssh -F /mnt/ssh/config "$@"\\n' > /mnt/ssh/ssh
chmod 755 /mnt/ssh/ssh
chmod 644 /mnt/ssh/authorized_keys
/usr/sbin/sshd -f /mnt/ssh/sshd.conf -E /mnt/ssh/log
until ssh-keyscan -p 2222 localhost 2> /dev/null | grep -q .; do sleep 0.1; done`;

describe('contract: rights on another host', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable() ?? missingTools('another host needs', ['ssh', 'sshd']));
    sandbox = await Sandbox.start(TRACKING + flows(3) + configured() + STARTED + SSHD);
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh(': > /mnt/sudoers'));

  const allow = (words: string): Promise<string> =>
    sandbox.sh(`echo '${OPERATOR.name} ALL=(root) NOPASSWD: /usr/sbin/${words}' > /mnt/sudoers`);
  const far = (...words: string[]) =>
    sandbox.ctsync([...words, '--host', HOST], {
      env: { ...DAEMON_ENVIRONMENT, PATH: `/mnt/ssh:${process.env['PATH']}:/usr/sbin:/sbin` },
    });

  it('what sudo allows there is run through it', async () => {
    await allow(IN_SUDOERS);
    const { stdout, stderr, code } = await far('show', 'conntrack', 'table', 'ipv4', '--count');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    // The way there is tracked as well.
    expect(Number(stdout)).to.be.above(3);
  });

  for (const more of [[], ['--no-sudo']]) {
    it(`what it does not allow is named, with the line of sudoers that would ${more.join('')}`, async () => {
      if (more.length > 0) await allow(IN_SUDOERS);
      await expectFailure((...flags) => far('show', 'conntrack', 'table', 'ipv4', ...more, ...flags), {
        code: 'PERMISSION_DENIED',
        message: `${TABLE} (on ${HOST}) needs root or CAP_NET_ADMIN, and operator has neither.`,
        tool_says: 'Operation failed: sorry, you must be root or get CAP_NET_ADMIN capability to do this',
        next: `Run ctsync as root, or allow that command in /etc/sudoers.d/ctsync: operator ALL=(root) NOPASSWD: /usr/sbin/${IN_SUDOERS}`,
      });
    });
  }

  it('what everybody may read needs none of it', async () => {
    expect(await far('show', 'conntrack', 'count')).to.include({ stderr: '', code: 0 });
  });
});
