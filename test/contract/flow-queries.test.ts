import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { waitFor } from '../lab/wait.js';
import { ctsync } from '../support/ctsync.js';
import { documentOf, type Document } from '../support/documents.js';
import { Sandbox, sandboxUnavailable } from '../support/sandbox.js';
import { flows, TRACKING } from '../support/sandbox-daemon.js';
import { skipFor } from '../support/skip.js';

/** More than the buffers between conntrack and ctsync hold. */
const FLOWS = 20_000;
const IPV6_FLOW =
  'conntrack -I -p tcp --state ESTABLISHED -t 600 -s 2001:db8::1 -d 2001:db8::2 --sport 5000 --dport 443 2>/dev/null';

describe('contract: questions about the flows of a live kernel', function () {
  let sandbox: Sandbox;
  before(async function () {
    skipFor(this, sandboxUnavailable());
    sandbox = await Sandbox.start(`${TRACKING}${flows(FLOWS)}\n${IPV6_FLOW}`);
  });
  after(() => sandbox?.stop());

  const show = (...flags: string[]) => sandbox.ctsync(['show', 'conntrack', 'table', ...flags]);

  async function shown(...flags: string[]): Promise<Document> {
    const { stdout, stderr, code } = await show(...flags, '--json');
    expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    return documentOf(stdout);
  }

  it('shows both families in one table, and says how large it is', async () => {
    const { flows: all, summary, complete } = await shown();
    expect(all).to.have.length(FLOWS + 1);
    expect(all!.filter(({ family }) => family === 'ipv6')).to.have.length(1);
    expect(summary).to.include({ shown: FLOWS + 1, matched: FLOWS + 1, scanned: FLOWS + 1 });
    expect(summary)
      .to.have.property('table_size')
      .within(FLOWS, FLOWS + 10);
    expect(complete).to.equal(true);
  });

  it('a limit ends conntrack early, and leaves open how many more there are', async () => {
    const { flows: some, summary, complete } = await shown('--limit', '5');
    expect(some).to.have.length(5);
    expect(summary).to.include({ shown: 5, limited: true }).and.to.not.have.any.keys('matched', 'scanned');
    expect(complete).to.equal(undefined);
    await waitFor(async () => (await sandbox.processes('conntrack')).length === 0);
    expect((await show('ipv4', '--limit', '2')).stdout).to.match(
      /\n\nthe first 2 flows \(about [\d,]+ in the table, \d\.\d s\)\.\n$/,
    );
  });

  it('sorted, a limit shows the first of all', async () => {
    const { flows: some, summary, complete } = await shown('ipv4', '--sort=-src', '--limit', '3');
    const sources = some!.map(({ original }) => (original as { src: string }).src);
    const all = (await shown('ipv4')).flows!.map(({ original }) => (original as { src: string }).src);
    const value = (address: string): number => address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
    expect(sources).to.deep.equal(all.sort((a, b) => value(b) - value(a)).slice(0, 3));
    expect(summary).to.include({ shown: 3, matched: FLOWS, scanned: FLOWS });
    expect(complete).to.equal(true);
  });

  it('sorts all flows, and every one of them is there', async () => {
    const plain = (await shown()).flows!.map((flow) => JSON.stringify([flow['original'], flow['id']]));
    const sorted = (await shown('--sort', 'dst,-sport,src')).flows!.map((flow) =>
      JSON.stringify([flow['original'], flow['id']]),
    );
    expect(sorted).to.not.deep.equal(plain);
    expect(sorted.toSorted()).to.deep.equal(plain.toSorted());
  });

  it('counts, with the filter left to conntrack and without', async () => {
    const filter = ['--source', '10.0.0.0/28', '--protocol', 'udp'];
    const pushed = await show('ipv4', ...filter, '--count');
    const kept = await show('ipv4', '--filter', 'src net 10.0.0.0/28 and udp and bytes ge 0', '--count');
    const listed = await shown('ipv4', ...filter);
    expect(pushed).to.include({ stdout: `${listed.summary!.shown}\n`, stderr: '', code: 0 });
    expect(kept.code).to.equal(0);
    const unquoted = await show('ipv4', '--filter', ...'src net 10.0.0.0/28 and udp'.split(' '), '--count');
    expect(unquoted.stdout).to.equal(pushed.stdout);
    expect(listed.summary).to.not.have.property('scanned');
    expect(documentOf((await show('--count', '--json')).stdout)).to.deep.include({
      schema: 'ctsync/flow-matches/1',
      count: FLOWS + 1,
      complete: true,
    });
  });

  it('says whether a flow exists by its exit code', async () => {
    expect(await show('--destination', '[2001:db8::2]:443', '--exists')).to.include({ stdout: 'yes\n', code: 0 });
    expect(await show('--port', '1', '--exists')).to.deep.include({ stdout: 'no\n', stderr: '', code: 5 });
    const { stdout, code } = await show('--port', '1', '--exists', '--json');
    expect(documentOf(stdout)).to.deep.include({ schema: 'ctsync/flow-matches/1', exists: false, complete: true });
    expect(code).to.equal(5);
  });

  it('explains what conntrack filters, runs nothing, and the command that it names gives those flows', async () => {
    const flags = ['ipv4', '--source', '10.0.0.0/28', '--filter', 'udp and not dst port 1'];
    const { stdout, code } = await show(...flags, '--explain');
    expect(code).to.equal(0);
    expect(stdout).to.match(/^IPv4: conntrack -L -f ipv4 -o extended,id .*-s 10\.0\.0\.0\/28/);
    expect(stdout).to.match(/ctsync filters +not dst port 1 /);
    const [{ command }] = documentOf((await show(...flags, '--explain', '--json')).stdout)['commands'] as [
      { command: string[] },
    ];
    const lines = (await sandbox.sh(`${command.join(' ')} 2>/dev/null`)).trimEnd().split('\n');
    expect(lines).to.have.length((await shown(...flags)).summary!.shown);
  });

  it('writes NDJSON and CSV, nested and flat', async () => {
    const [nested, flat, csv] = await Promise.all([
      show('ipv6', '--format', 'ndjson', '--summary'),
      show('ipv6', '--json', '--flat'),
      show('ipv6', '--format', 'csv', '--columns', 'src,dport,state'),
    ]);
    const [line, summary] = nested.stdout
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as Document);
    expect(line).to.deep.include({ family: 'ipv6', state: 'ESTABLISHED' });
    expect(summary).to.deep.include({ schema: 'ctsync/summary/1', complete: true });
    expect(documentOf(flat.stdout)).to.deep.include({ schema: 'ctsync/flow-table-flat/1', complete: true });
    expect(documentOf(flat.stdout).flows![0]).to.include({ original_src: '2001:db8::1', original_dport: 443 });
    expect(csv.stdout).to.equal('original_src,original_dport,state\r\n2001:db8::1,443,ESTABLISHED\r\n');
  });

  for (const [flags, message] of [
    [['--sort', 'bites'], '--sort does not know the key "bites".'],
    [['--columns', 'bites'], '--columns does not know "bites".'],
    [['--flat'], '--flat goes with --format json, ndjson or csv.'],
    [['--summary'], '--summary goes with --format ndjson.'],
    [['--columns', 'src', '--json'], '--columns goes with JSON only where it is --flat.'],
    [['--json', '--format', 'csv'], '--json and --format csv exclude each other.'],
  ] as const) {
    it(`refuses ${flags.join(' ')} before it asks the kernel`, async () => {
      const { stdout, stderr, code } = await show(...flags);
      if (flags.includes('--json' as never)) expect(documentOf(stdout).error).to.include({ code: 'USAGE', message });
      else expect(stderr).to.include(`Error: ${message} [USAGE]\n`);
      expect(code).to.equal(2);
    });
  }
});

function groupsIn(stdout: string): unknown[] {
  const { groups } = JSON.parse(stdout) as { groups: unknown[] };
  return groups;
}

describe('contract: counting looks no further into a line than its question does', () => {
  const ROW =
    'ipv4     2 tcp      6 300 ESTABLISHED src=10.0.0.1 dst=10.0.0.2 sport=1 dport=21 packets=3 bytes=300 src=10.0.0.2 dst=10.0.0.1 sport=21 dport=1 packets=2 bytes=200 [ASSURED] mark=7 zone=5 delta-time=90 helper=ftp use=1 id=77 labels=web';
  const OTHER = ROW.replace(/ mark=7.*/, ' mark=0 use=1 id=1').replaceAll('10.0.0.1', '10.0.0.9');
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-counting-'));
    capture = join(folder, 'table.txt');
    writeFileSync(capture, `${ROW}\n${OTHER}\n${ROW.replace('mark=7', 'mark=9')}\n`);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const [filter, matches] of [
    ['mark 7', 1],
    ['zone 5', 2],
    ['label web', 2],
    ['helper ftp', 2],
    ['age ge 90', 2],
    ['bytes ge 500', 3],
    ['assured', 3],
    ['not (mark 0 or zone 0)', 2],
    ['src host 10.0.0.9', 1],
  ] as const) {
    it(filter, async () => {
      const args = ['show', 'conntrack', 'table', '--from', capture, '--filter', filter];
      const counted = await ctsync([...args, '--count']);
      const listed = await ctsync([...args, '--format', 'ndjson']);
      expect([counted.stdout, listed.stdout.trim().split('\n').length]).to.deep.equal([`${matches}\n`, matches]);
      expect((await ctsync([...args, '--exists'])).stdout).to.equal('yes\n');
    });
  }

  it('--id', async () => {
    const { stdout } = await ctsync(['show', 'conntrack', 'table', '--from', capture, '--id', '77', '--count']);
    expect(stdout).to.equal('2\n');
  });

  for (const by of ['mark', 'zone', 'helper', 'src', 'state,mark']) {
    it(`top --by ${by}`, async () => {
      const { stdout } = await ctsync(['show', 'conntrack', 'top', '--from', capture, '--by', by, '--json']);
      expect(groupsIn(stdout)).to.have.length(by.endsWith('mark') ? 3 : 2);
    });
  }

  it('top --metric new', async () => {
    const args = ['--metric', 'new', '--interval', '100', '--json'];
    const { stdout } = await ctsync(['show', 'conntrack', 'top', '--from', capture, ...args]);
    expect(stdout).to.contain('"new": 2');
  });
});
