import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { must } from '../lab/run.js';
import { waitFor } from '../lab/wait.js';
import { documentOf } from '../support/documents.js';
import { captureOf } from '../support/many-flows.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { skipFor } from '../support/skip.js';

const SERVER = fileURLToPath(new URL('../support/name-server.mjs', import.meta.url));
const TABLE = ['show', 'conntrack', 'table', 'ipv4', '--from', '/mnt/few'];
const SPENT = /^Warning: Looking up host names took longer than 5 s in all: .* shown as numbers\.\n$/;
/** What every word of a row is put together from. */
const ROW = /^\d+ +(\S+) +(\S+) +tcp/gm;

describe('contract: --resolve', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(`
echo 'nameserver 127.0.0.1' > /mnt/resolv.conf
mount --bind /mnt/resolv.conf /etc/resolv.conf
printf 'https 443/tcp # comment\\nwww-alt 443/tcp\\nodd 1024/tcp\\nother 1024/udp\\n' > /mnt/services
mount --bind /mnt/services /etc/services
cp '${SERVER}' /mnt/name-server.mjs`);
    for (const [name, count] of [
      ['few', 6],
      ['many', 3000],
    ] as const)
      await must(sandbox.enter(['bash', '-c', `cat > /mnt/${name}`]), { input: captureOf(count) });
  });
  after(() => sandbox?.stop());
  afterEach(() => sandbox.sh('pkill -x -f "/mnt/node /mnt/name-server.mjs.*" || true'));

  /** Shell lines that start the name server; it is ended after each test. */
  async function named(how = ''): Promise<void> {
    await sandbox.sh(`rm -f /mnt/asked; /mnt/node /mnt/name-server.mjs ${how} > /mnt/said 2>&1 < /dev/null &
      until [ -e /mnt/asked ]; do sleep 0.05; done`);
  }
  const asked = async (): Promise<number> => Number(await sandbox.sh('cat /mnt/asked'));

  it('names what has one; what has none, or one that is not to be believed, stands as its number', async () => {
    await named();
    const { stdout, stderr, code } = await sandbox.ctsync([...TABLE, '--resolve']);
    expect([...stdout.matchAll(ROW)].map(([, source, destination]) => `${source} ${destination}`)).to.deep.equal([
      'host-0.example:odd host-0.example:https',
      'web.example:1025 web.example:https',
      '10.0.0.2:1026 192.0.2.2:https',
      '10.0.0.3:1027 192.0.2.3:https',
      'evil\\027[2J.example:1028 evil\\027[2J.example:https',
      '10.0.0.5:1029 192.0.2.5:https',
    ]);
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    // Each address once.
    expect(await asked()).to.equal(12);
  });

  it('columns are as wide as the names', async () => {
    await named();
    const { stdout } = await sandbox.ctsync([...TABLE, '--resolve']);
    const [header = '', ...rows] = stdout.split('\n\n')[1]!.trimEnd().split('\n');
    for (const row of rows) expect(row.indexOf('tcp')).to.equal(header.indexOf('Protocol'));
    const wide = await sandbox.ctsync([...TABLE, '--resolve', '--wide']);
    expect(wide.stdout).to.match(
      /^\d+ +web\.example:1025 +web\.example:https +web\.example:https +web\.example:1025 /m,
    );
  });

  it('in JSON, as names beside the numbers', async () => {
    await named();
    const { stdout } = await sandbox.ctsync([...TABLE, '--resolve', '--json']);
    const flows = documentOf(stdout).flows!;
    expect(flows.map(({ names }) => names)).to.deep.equal([
      { src: 'host-0.example', dst: 'host-0.example', sport: 'odd', dport: 'https' },
      { src: 'web.example', dst: 'web.example', dport: 'https' },
      { dport: 'https' },
      { dport: 'https' },
      { src: 'evil\\027[2J.example', dst: 'evil\\027[2J.example', dport: 'https' },
      { dport: 'https' },
    ]);
    expect(flows[1]).to.nested.include({ 'original.src': '10.0.0.1', 'original.dport': 443 });
    const flat = await sandbox.ctsync([...TABLE, '--resolve', '--json', '--flat']);
    expect(documentOf(flat.stdout).flows![1]).to.include({ src_name: 'web.example', dport_name: 'https' });
  });

  it('in CSV, in columns of their own', async () => {
    await named();
    const { stdout } = await sandbox.ctsync([...TABLE, '--resolve', '--format', 'csv']);
    const [header, , second] = stdout.split('\r\n');
    expect(header).to.match(/,src_name,dst_name,sport_name,dport_name$/);
    expect(second).to.match(/,web\.example,web\.example,,https$/);
    const chosen = await sandbox.ctsync([...TABLE, '--resolve', '--format', 'csv', '--columns', 'src,src_name']);
    expect(chosen.stdout).to.include('\r\n10.0.0.1,web.example\r\n');
  });

  it('nothing is asked, and nothing named, where it was not asked for', async () => {
    await named();
    for (const flags of [[], ['--wide'], ['--json'], ['--format', 'ndjson'], ['--format', 'csv']]) {
      const { stdout } = await sandbox.ctsync([...TABLE, ...flags]);
      expect(stdout).to.not.match(/_name|names|https|example/);
    }
    expect(await asked()).to.equal(0);
    const { stderr, code } = await sandbox.ctsync([...TABLE, '--columns', 'src,src_name']);
    expect(stderr).to.match(/Names are shown with --resolve only\. \[USAGE\]/);
    expect(code).to.equal(2);
  });

  it('a name server that never answers costs five seconds, then a note', async () => {
    await named('silent');
    const { stdout, stderr, code } = await sandbox.ctsync([...TABLE.with(-1, '/mnt/many'), '--resolve']);
    expect(stdout.match(ROW)).to.have.length(3000);
    expect(stdout).to.include(':https').and.to.not.include('example');
    expect(stderr).to.match(SPENT);
    expect(code).to.equal(0);
    expect(await asked()).to.be.within(16, 16 * 6);
  });

  it('without any name server, and without a list of services, all stands as numbers', async () => {
    const first = 'mount --bind /dev/null /etc/services';
    const resolved = await sandbox.ctsync([...TABLE, '--resolve'], { first });
    expect(resolved.code).to.equal(0);
    expect(resolved.stdout).to.equal((await sandbox.ctsync(TABLE)).stdout);
  });

  it('Ctrl-C ends it while names are looked up', async () => {
    await named('silent');
    const under = ['bash', '-c', 'echo $$ > /mnt/pid; exec "$@"', 'bash'];
    const waiting = sandbox.ctsync([...TABLE.with(-1, '/mnt/many'), '--resolve', '--format', 'ndjson'], { under });
    await waitFor(async () => (await asked()) > 0);
    await sandbox.sh('kill -INT $(cat /mnt/pid)');
    const { stdout, stderr, code } = await waiting;
    const lines = stdout.trimEnd().split('\n');
    expect(documentOf(lines.at(-1)!)).to.deep.include({ complete: false });
    expect(stderr).to.equal('Error: Interrupted before the answer was complete. [INTERRUPTED]\n');
    expect(code).to.equal(130);
  });
});
