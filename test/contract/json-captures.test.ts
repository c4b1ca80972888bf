import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { envelope } from '../../src/cli/envelope.js';
import { capturedFlows, type DumpKind } from '../../src/readers/captured-flows.js';
import { readSyncStatistics } from '../../src/readers/sync-statistics.js';
import { FlowReading } from '../../src/readers/flow-reading.js';
import { renderFlowDocument } from '../../src/renderers/flow-document.js';
import { writeFlowJson } from '../../src/renderers/flow-json.js';
import { toJson } from '../../src/renderers/json.js';
import { readArchive } from '../support/archive.js';
import { ctsync, fixture } from '../support/ctsync.js';
import { documentOf } from '../support/documents.js';
import { MemorySink } from '../support/memory-sink.js';
import { capturedFrom } from '../support/source-options.js';

const TABLES = [
  'conntrack-1.4.4/flow-tables',
  'conntrack-1.4.6/flow-tables',
  'conntrack-1.4.7/flow-tables',
  'conntrack-1.4.9/flow-tables',
];

describe('contract: the JSON of captures', () => {
  let folder: string;
  let capture: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'ctsync-json-'));
    capture = join(folder, 'capture.txt');
  });
  after(() => rmSync(folder, { recursive: true }));

  describe('every capture there is makes a valid document', () => {
    for (const archive of TABLES) eachOf(archive, (name) => flowDocument('table', 'ctsync/flow-table/1', name));
    it("the library's golden texts", async () => {
      const golden = [...readArchive(fixture('libnetfilter_conntrack-1.0.9/golden.archive')).values()].join('\n');
      // Comments, XML and events stand between them.
      const lines = golden.split('\n').filter((line) => /^\w+ +\d+ .*\bsrc=/.test(line));
      expect(lines).to.have.length.above(50);
      writeFileSync(capture, `${lines.join('\n')}\n`);
      await flowDocument('table', 'ctsync/flow-table/1', 'golden');
    });
    eachOf('conntrackd-1.4.7/flow-caches', (name, bytes) => {
      const kind = bytes.includes(' src=') && !/ src=.* src=/.test(bytes.toString('latin1')) ? 'external' : 'internal';
      return flowDocument(kind, 'ctsync/flow-cache/1', name, kind);
    });
    eachOf('conntrackd-1.4.7/statistics', async (name) => {
      const head = envelope({ schema: 'ctsync/sync-statistics/1' }, capturedFrom(capture));
      const { statistics } = await readSyncStatistics(capturedFrom(capture));
      const document = documentOf(toJson({ ...head, statistics, complete: true }));
      expect(document.complete, name).to.equal(true);
    });
  });

  function eachOf(archive: string, check: (name: string, bytes: Buffer) => Promise<void>): void {
    it(archive, async () => {
      const members = [...readArchive(fixture(`${archive}.archive`))].filter(([, bytes]) => bytes.length > 0);
      expect(members).to.not.have.length(0);
      for (const [name, bytes] of members) {
        writeFileSync(capture, bytes);
        await check(`${archive}/${name}`, bytes);
      }
    });
  }

  async function flowDocument(kind: DumpKind, schema: string, name: string, cache?: string): Promise<void> {
    const options = capturedFrom(capture);
    const sink = new MemorySink();
    const flows = new FlowReading([capturedFlows(capture, kind, options)]);
    await renderFlowDocument(flows, writeFlowJson, envelope({ schema, ...(cache ? { cache } : {}) }, options), sink);
    const document = documentOf(sink.text);
    expect(document.flows, name).to.have.length(document.summary!.shown);
    expect(document.flows, name).to.not.have.length(0);
  }

  it('counters keep all their digits', async () => {
    const tuple = 'src=10.0.0.1 dst=10.0.0.2 sport=1 dport=2 packets=9007199254740993 bytes=18446744073709551615';
    const line = `ipv4     2 udp      17 29 ${tuple} ${tuple} mark=4294967295 delta-time=18446744073709551516 use=1 id=4294967295`;
    writeFileSync(capture, `${line}\n`);
    const { stdout } = await ctsync(['show', 'conntrack', 'table', 'ipv4', '--from', capture, '--json']);
    expect(stdout.match(/"bytes":18446744073709551615\b/g)).to.have.length(2);
    expect(stdout.match(/"packets":9007199254740993\b/g)).to.have.length(2);
    expect(stdout).to.include('"delta_time":18446744073709551516').and.to.include('"mark":4294967295');
    documentOf(stdout);
  });

  it('sums on the statistics page keep all their digits', async () => {
    const page = readArchive(fixture('conntrackd-1.4.7/statistics.archive')).get('ftfw_mcast1/r1.s.txt')!;
    writeFileSync(capture, page.toString().replace(/ {19}0 Lost msgs/, '18446744073709551615 Lost msgs'));
    const { stdout } = await ctsync(['show', 'conntrack-sync', 'statistics', '--from', capture, '--json']);
    expect(stdout).to.include('"lost": 18446744073709551615');
    documentOf(stdout);
  });

  const KEYS: readonly (readonly [command: string, from: string, keys: string])[] = [
    ['conntrack table ipv4', 'documentation/table.txt', 'schema source flows summary'],
    ['conntrack-sync statistics', 'documentation/statistics.txt', 'schema source statistics complete'],
    ['conntrack-sync status', 'documentation/status', 'schema source status health'],
  ];
  for (const [command, from, keys] of KEYS) {
    it(`show ${command} has its keys in their order, and neither host nor time of the reader`, async () => {
      const { stdout, stderr, code } = await ctsync(['show', ...command.split(' '), '--from', fixture(from), '--json']);
      const document = documentOf(stdout);
      expect(Object.keys(document)).to.deep.equal(keys.split(' '));
      expect(document.source).to.equal('capture');
      expect({ stderr, code }).to.deep.equal({ stderr: '', code: 0 });
    });
  }

  it('the caches say which of them it is', async () => {
    const caches = readArchive(fixture('conntrackd-1.4.7/flow-caches.archive'));
    for (const [cache, name] of [
      ['internal', 'ftfw_mcast1/r1.i.txt'],
      ['external', 'ftfw_mcast1/r2.e.txt'],
    ] as const) {
      const input = caches.get(name)!.toString();
      const { stdout } = await ctsync(['show', 'conntrack-sync', 'cache', cache, '--from', '-', '--json'], { input });
      const document = documentOf(stdout);
      const notes = cache === 'external' ? ['notes'] : [];
      expect(Object.keys(document)).to.deep.equal(['schema', 'cache', 'source', 'flows', 'summary', ...notes]);
      expect(document['cache']).to.equal(cache);
      expect(document.flows!.every((flow) => 'reply' in flow)).to.equal(cache === 'internal');
    }
  });
});
