import { expect } from 'chai';
import type { Outcome } from '../lab/run.js';
import { figureOf, readExposition } from '../support/exposition.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { configured, DAEMON_ENVIRONMENT, STARTED, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

const FOLDER = '/mnt/textfile';
const FILE = `${FOLDER}/ctsync.prom`;
const OLD = 'the old file\n';

describe("contract: the file for node_exporter's textfile collector", function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(TRACKING + configured() + STARTED);
  });
  after(() => sandbox?.stop());
  beforeEach(() => sandbox.sh(`rm -rf ${FOLDER}; mkdir ${FOLDER}; printf '${OLD}' > ${FILE}`));

  const write = (path = FILE, options: Parameters<Sandbox['ctsync']>[1] = {}): Promise<Outcome> =>
    sandbox.ctsync(['export', 'prometheus', '--textfile', path], { ...options, env: DAEMON_ENVIRONMENT });
  const files = async (): Promise<string[]> => (await sandbox.sh(`ls -A ${FOLDER}`)).trim().split('\n');
  const read = (path = FILE): Promise<string> => sandbox.sh(`cat ${path}`);

  /** That it was refused with this sentence, and the folder is as it was. */
  async function expectRefusal(outcome: Outcome, message: string): Promise<void> {
    expect(outcome.stderr).to.match(/^Error: .* \[OUTPUT_FAILED\]\n {2}next: {4}.*\n$/);
    expect(outcome.stderr).to.include(message);
    expect(outcome).to.include({ stdout: '', code: 1 });
    expect(await files()).to.deep.equal(['ctsync.prom']);
    expect(await read()).to.equal(OLD);
  }

  it('is replaced as a whole, for everybody to read whatever the umask, in silence', async () => {
    const under = ['sh', '-c', 'umask 0777; exec "$@"', 'sh'];
    expect(await write(FILE, { under })).to.deep.equal({ stdout: '', stderr: '', code: 0, signal: null });
    expect(await files()).to.deep.equal(['ctsync.prom']);
    expect(await sandbox.sh(`stat --format='%a %U' ${FILE}`)).to.equal('644 root\n');
    expect(figureOf(readExposition(await read()), 'conntrackd_up')).to.equal(1);
  });

  it('may be named by a path that begins where we are', async () => {
    const under = ['sh', '-c', `cd ${FOLDER}; exec "$@"`, 'sh'];
    expect(await write('new.prom', { under })).to.include({ stderr: '', code: 0 });
    expect(await files()).to.deep.equal(['ctsync.prom', 'new.prom']);
  });

  it('is written where a collector fails, and says so itself', async () => {
    const { stdout, stderr, code } = await sandbox.ctsync(['export', 'prometheus', '--textfile', FILE], {
      env: { CTSYNC_DAEMON_CONFIG: '/mnt/nosuch.conf' },
    });
    expect(stderr).to.include('[CONFIG_UNREADABLE]');
    expect({ stdout, code }).to.deep.equal({ stdout: '', code: 4 });
    expect(figureOf(readExposition(await read()), 'ctsync_collector_success', { collector: 'cache' })).to.equal(0);
  });

  it('is written under another name, put on the disk, and then renamed', async () => {
    await write(FILE, { under: ['strace', '-f', '-qq', '-o', '/mnt/trace', '-e', 'trace=openat,fsync,rename'] });
    const trace = await sandbox.sh(`grep -e textfile -e fsync /mnt/trace | sed -E 's/^[0-9]+ +//'`);
    const [open, sync, rename, ...rest] = trace.trim().split('\n');
    expect(open).to.match(
      /^openat\(AT_FDCWD, "\/mnt\/textfile\/\.ctsync\.prom\.\d+-[0-9a-z]+\.new", O_WRONLY\|O_CREAT\|O_EXCL\|O_NOFOLLOW\|O_CLOEXEC, 0644\) = \d+$/,
    );
    expect(sync).to.match(/^fsync\(\d+\) += 0$/);
    expect(rename).to.match(
      /^rename\("\/mnt\/textfile\/\.ctsync\.prom\.[\w-]+\.new", "\/mnt\/textfile\/ctsync\.prom"\) = 0$/,
    );
    expect(rest.map((call) => call.replace(/\(.*/, ''))).to.deep.equal(['openat', 'fsync']);
  });

  for (const [what, call] of [
    ['the disk does not take the new one in the end', 'fsync:error=EIO:when=1'],
    ['the new one can not be renamed', 'rename:error=EACCES'],
  ] as const) {
    it(`is as it was where ${what}`, async () => {
      const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', `inject=${call}`];
      await expectRefusal(await write(FILE, { under }), `The metrics were not written to ${FILE}: `);
    });
  }

  it('is as it was where the disk is full', async () => {
    // What is mounted is gone with the command, so it is looked at there.
    const first = `mount -t tmpfs -o size=4k tmpfs ${FOLDER}; printf '${OLD}' > ${FILE}`;
    const under = ['sh', '-c', `"$@"; code=$?; cat ${FILE}; ls -A ${FOLDER}; exit $code`, 'sh'];
    const { stdout, stderr, code } = await write(FILE, { first, under });
    expect(stderr).to.include(`not written to ${FILE}: no space is left on the device. [OUTPUT_FAILED]`);
    expect({ stdout, code }).to.deep.equal({ stdout: `${OLD}ctsync.prom\n`, code: 1 });
  });

  it('is as it was where we are killed before it is renamed, and what is left has a name that nobody reads', async () => {
    const under = ['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'inject=rename:signal=KILL'];
    await write(FILE, { under });
    expect(await read()).to.equal(OLD);
    expect((await files()).filter((name) => name.endsWith('.prom'))).to.deep.equal(['ctsync.prom']);
  });

  it('is always whole, while many write it at once', async () => {
    const writers = Array.from({ length: 6 }, () => write());
    let over = false;
    const all = Promise.all(writers).finally(() => (over = true));
    await sandbox.sh(`rm ${FILE}`);
    while (!over) {
      const text = await sandbox.sh(`cat ${FILE} 2> /dev/null || true`);
      if (text !== '')
        expect(figureOf(readExposition(text), 'ctsync_collector_success', { collector: 'role' })).to.equal(1);
    }
    expect((await all).map(({ code }) => code)).to.deep.equal(Array(6).fill(0));
    expect(await files()).to.deep.equal(['ctsync.prom']);
  });

  it('is refused where a link stands, and the link is not followed', async () => {
    await sandbox.sh(
      `printf '${OLD}' > /mnt/target; ln -s /mnt/target ${FOLDER}/link.prom; ln -s /mnt/new ${FOLDER}/dangling.prom`,
    );
    for (const name of ['link', 'dangling']) {
      const { stderr, code } = await write(`${FOLDER}/${name}.prom`);
      expect(stderr).to.include(
        `The metrics were not written: ${FOLDER}/${name}.prom is a symbolic link. [OUTPUT_FAILED]`,
      );
      expect(code).to.equal(1);
    }
    expect(await read('/mnt/target')).to.equal(OLD);
    expect(await files()).to.deep.equal(['ctsync.prom', 'dangling.prom', 'link.prom']);
  });

  it('is refused where it can not be', async () => {
    await sandbox.sh(`mkdir ${FOLDER}/folder.prom; mkfifo ${FOLDER}/fifo.prom; touch ${FOLDER}/file`);
    for (const [path, message] of [
      ['/mnt/nosuch/ctsync.prom', 'its folder does not exist'],
      [`${FOLDER}/file/ctsync.prom`, 'its folder is a file'],
      [`${FOLDER}/folder.prom`, 'is a folder'],
      [`${FOLDER}/fifo.prom`, 'is no regular file'],
    ] as const) {
      const { stderr, code, stdout } = await write(path);
      expect(stderr).to.include(message).and.to.include('[OUTPUT_FAILED]');
      expect({ stdout, code }).to.deep.equal({ stdout: '', code: 1 });
    }
    expect(await files()).to.deep.equal(['ctsync.prom', 'fifo.prom', 'file', 'folder.prom']);
  });

  it('is refused where the folder is closed to this user', async () => {
    await expectRefusal(await write(FILE, { as: 'operator' }), 'not writable for this user');
  });

  it('is left alone by whoever is told to end before it is written', async () => {
    const under = ['timeout', '--signal=TERM', '--preserve-status', '1'];
    await sandbox.sh('kill -STOP $(cat /mnt/conntrackd.pid)');
    try {
      const { stdout, code } = await write(FILE, { under });
      expect({ stdout, code }).to.deep.equal({ stdout: '', code: 143 });
    } finally {
      await sandbox.sh('kill -CONT $(cat /mnt/conntrackd.pid)');
    }
    expect(await read()).to.equal(OLD);
    expect(await files()).to.deep.equal(['ctsync.prom']);
  });
});
