import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { FlowTopDocument } from '../../src/model/documents.js';
import { parseFlowLine } from '../../src/parsers/flow-line.js';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { expectFailure, sentences, USAGE } from '../support/failures.js';
import { groupsOf } from '../support/top-oracle.js';

const CAPTURES = readArchive(fixture('conntrack-1.4.7/flow-tables.archive'));
/** All flows that conntrack 1.4.7 was seen to print. */
const LINES = [...CAPTURES.values()]
  .flatMap((bytes) => bytes.toString('latin1').split('\n'))
  .filter((line) => line !== '');
const FLOWS = LINES.map((line) => parseFlowLine(Buffer.from(line, 'latin1'))!);
const SUMMARY = 'conntrack v1.4.7 (conntrack-tools): 3 flow entries have been shown.';

describe('contract: show conntrack top', () => {
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-top-'));
    capture = join(folder, 'capture.txt');
  });
  beforeEach(() => writeFileSync(capture, LINES.map((line) => `${line}\n`).join(''), 'latin1'));
  after(() => rmSync(folder, { recursive: true }));

  const top = (...flags: string[]) => ctsync(['show', 'conntrack', 'top', '--from', capture, ...flags]);
  async function documentFor(...flags: string[]): Promise<FlowTopDocument> {
    const { stdout, stderr, code } = await top(...flags, '--json');
    expect(stderr.replace(/^Warning: .*\n/gm, '')).to.equal('');
    expect(code).to.equal(0);
    return documentOf(stdout) as unknown as FlowTopDocument;
  }

  for (const by of [
    'src',
    'dst,dport',
    'protocol,state',
    'family,status',
    'zone,mark',
    'helper',
    'nat-address',
    'src/16',
  ]) {
    it(`by ${by}, on all that conntrack 1.4.7 was seen to print`, async () => {
      const wanted = groupsOf(FLOWS, by.split(','));
      const document = await documentFor('--by', by, '--limit', '10000');
      expect(document.by).to.deep.equal(by.split(','));
      expect(document.groups.map(({ share: _, ...group }) => group)).to.have.deep.members(
        wanted.map(({ fields, flows, unreplied }) => ({ ...fields, flows, unreplied })),
      );
      expect(document.groups.map(({ flows }) => flows)).to.deep.equal(wanted.map(({ flows }) => flows));
      expect(document.total.flows).to.equal(FLOWS.length);
      expect(document).to.not.have.property('other');
    });
  }

  it('has its keys in their order, neither host nor time of the reader, and adds up', async () => {
    const document = await documentFor('--metric', 'bytes', '--limit', '3');
    const keys = 'schema source by metric groups other total exact uncounted summary notes';
    expect(Object.keys(document)).to.deep.equal(keys.split(' '));
    const { groups, other, total } = document;
    expect(groups).to.have.length(3);
    for (const name of ['flows', 'unreplied', 'bytes'] as const)
      expect([...groups, other!].reduce((sum, counts) => sum + Number(counts[name]), 0)).to.equal(Number(total[name]));
  });

  it('takes the filters of the table', async () => {
    const { groups, total } = await documentFor('--by', 'protocol', '--protocol', 'tcp', '--filter', 'ip');
    const wanted = FLOWS.filter(({ family, protocol }) => family === 'ipv4' && protocol.name === 'tcp').length;
    expect(groups.map(({ protocol, flows }) => [protocol?.name, flows])).to.deep.equal([['tcp', wanted]]);
    expect(total.flows).to.equal(wanted);
    expect((await documentFor('--by', 'family', '--family', 'ipv6')).groups.map(({ family }) => family)).to.deep.equal([
      'ipv6',
    ]);
  });

  it('keeps all digits of a sum', async () => {
    const bytes = (src: string, id: number): string =>
      `ipv4     2 udp      17 29 src=${src} dst=10.9.0.1 sport=5 dport=53 packets=1 bytes=18446744073709551615 src=10.9.0.1 dst=${src} sport=53 dport=5 packets=0 bytes=3 mark=0 use=1 id=${id}\n`;
    writeFileSync(capture, bytes('10.0.0.1', 1) + bytes('10.0.0.1', 2) + bytes('10.0.0.2', 3));
    const { stdout } = await top('--metric', 'bytes', '--limit', '1', '--json');
    documentOf(stdout);
    expect(stdout)
      .to.match(/"bytes": 36893488147419103236\b/)
      .and.match(/"bytes": 18446744073709551618\b/);
    expect(stdout).to.match(/"bytes": 55340232221128654854\b/);
    const csv = await top('--metric', 'bytes', '--format', 'csv');
    expect(csv.stdout.split('\r\n')[1]).to.equal('1,10.0.0.1,2,0,36893488147419103236,0.666667');
  });

  it('says with which flows it can not count', async () => {
    const { notes, uncounted } = await documentFor('--metric', 'new');
    expect(uncounted).to.be.above(0);
    expect(notes!.join()).to.include('nf_conntrack_timestamp=1');
    expect((await top('--metric', 'packets')).stderr).to.match(
      /^Warning: The packets of \d+ of the \d+ flows are not counted/,
    );
  });

  it('shows what there is of a capture that lacks rows, says INCOMPLETE and ends with 4', async () => {
    writeFileSync(
      capture,
      `${LINES.filter((line) => line.startsWith('ipv4'))
        .slice(0, 2)
        .join('\n')}\n${SUMMARY}\n`,
    );
    const failure = {
      code: 'DUMP_INCOMPLETE' as const,
      message: `${capture} holds 2 flows, but conntrack's summary in it says 3.`,
      next: 'Capture it again: rows were lost.',
    };
    const [page, json] = await Promise.all([top(), top('--json')]);
    expect(page.stdout)
      .to.match(/^# +SOURCE/)
      .and.match(/2 flows, INCOMPLETE/);
    expect(page).to.include({ stderr: sentences(failure), code: 4 });
    const document = documentOf(json.stdout);
    expect(document).to.deep.include({ complete: false, error: failure });
    expect(document['total']).to.include({ flows: 2 });
    expect(json.code).to.equal(4);
  });

  it('of nothing is empty', async () => {
    const { stdout, code } = await top('--source', '203.0.113.7');
    expect(stdout).to.match(/^No flows\.\n/);
    expect(code).to.equal(0);
    expect(await documentFor('--source', '203.0.113.7')).to.deep.include({
      groups: [],
      total: { flows: 0, unreplied: 0 },
    });
  });

  it('explains both readings, the first without what a flow may begin to match', async () => {
    const explain = (...flags: string[]) =>
      ctsync(['show', 'conntrack', 'top', '--explain', '--family', 'ipv4', ...flags]);
    const twice = await explain('--unreplied', '--metric', 'bytes', '--interval', '2');
    expect(twice.stdout.split('\n')).to.deep.equal([
      'First reading:',
      'IPv4: conntrack -L -f ipv4 -o extended,id',
      'Second reading, after 2 s:',
      'IPv4: conntrack -L -f ipv4 -o extended,id -u UNREPLIED',
      '  the kernel filters  unreplied  -u UNREPLIED',
      '',
    ]);
    const { stdout } = await explain('--unreplied', '--interval', '2', '--json');
    expect(documentOf(stdout)['commands']).to.have.length(2);
    expect((await explain('--unreplied')).stdout).to.match(/^IPv4: conntrack -L .*-u UNREPLIED\n/);
  });

  const HELP = 'Add --help to see how it is used.';
  for (const [flags, message, next] of [
    [
      '--interval 5',
      '--interval compares two readings of this host, and a capture is one.',
      'Leave --interval out, or ask for --metric new, which can tell the age of a flow.',
    ],
    ['--interval 0', '--interval takes a number of seconds above 0, such as 5 or 0.5, not "0".', HELP],
    ['--by src,dst,src', '--by names src twice.', 'Name each key once.'],
  ] as const) {
    it(`${flags} is a mistake`, () =>
      expectFailure((...more) => top(...flags.split(' '), ...more), { code: 'USAGE', message, next }, USAGE));
  }
});
