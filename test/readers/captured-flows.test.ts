import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Failure } from '../../src/model/failure.js';
import { capturedFlows, type DumpKind } from '../../src/readers/captured-flows.js';
import { FlowReading } from '../../src/readers/flow-reading.js';
import { readSyncStatistics } from '../../src/readers/sync-statistics.js';
import { readArchive } from '../support/archive.js';
import { capturedFrom } from '../support/source-options.js';

/** One output of each command, and the command that it looks like. */
const OUTPUTS: readonly (readonly [member: string, looksLike: string])[] = [
  ['conntrack-L/extended_id.txt', 'conntrack -L -o extended,id'],
  ['conntrack-L/plain.txt', 'conntrack -L'],
  ['ftfw_mcast1/r1.i.txt', 'conntrackd -i'],
  ['ftfw_mcast1/r2.e.txt', 'conntrackd -e'],
  ['ftfw_mcast1/r1.s.txt', 'conntrackd -s'],
  ['ftfw_mcast1/r1.s_runtime.txt', 'conntrackd -s runtime'],
  ['ftfw_mcast1/r1.s_link.txt', 'conntrackd -s link'],
  ['ftfw_mcast1/r1.s_cache.txt', 'conntrackd -s cache'],
  ['ftfw_mcast1/r1.s_network.txt', 'conntrackd -s network'],
  ['ftfw_mcast1/r1.s_queue.txt', 'conntrackd -s queue'],
  ['ftfw_mcast1/r1.s_rsqueue.txt', 'conntrackd -s rsqueue'],
  ['conntrackd-hang/slow_reader_s_process.txt', 'conntrackd -s process'],
  ['conntrackd-errors/version.txt', "conntrackd's help or version"],
  ['conntrack-L/get_one_xml.txt', 'conntrack -L -o xml'],
  ['conntrack-L/expect_xml.txt', 'conntrack -L expect -o xml'],
  ['conntrack-L/save.txt', 'conntrack -L -o save'],
  ['conntrack-L/stats.txt', 'conntrack -S'],
  ['conntrack-L/expect.txt', 'conntrack -L expect'],
  ['conntrack-L/expect_timestamp.txt', 'conntrack -L expect'],
  ['modify/delete_xml.txt', 'conntrackd -i -x or -e -x'],
  ['events/ev_new.txt', 'conntrack -E'],
];

/** What each of our commands reads; with DisableInternalCache the internal cache is conntrack's own format. */
const READS: Readonly<Record<DumpKind | 'statistics', readonly string[]>> = {
  table: ['conntrack -L', 'conntrack -L -o extended,id'],
  dying: ['conntrack -L', 'conntrack -L -o extended,id'],
  internal: ['conntrackd -i', 'conntrack -L'],
  external: ['conntrackd -e'],
  statistics: ['conntrackd -s'],
};

describe('readers/captured-flows: the capture of another command', () => {
  const members = readArchive(new URL('../fixtures/captures-wrong/outputs.archive', import.meta.url));
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'ctsync-captures-'))));
  after(() => rmSync(folder, { recursive: true }));

  for (const [member, looksLike] of OUTPUTS) {
    for (const [kind, fits] of Object.entries(READS) as [DumpKind | 'statistics', readonly string[]][]) {
      const good = fits.includes(looksLike);
      it(`${kind}: ${good ? 'reads' : 'names'} ${looksLike} (${member})`, async () => {
        const path = join(folder, 'capture.txt');
        writeFileSync(path, members.get(member)!);
        const failure = await read(kind, path).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (good) return expect(failure).to.equal(undefined);
        expect(failure).to.be.instanceOf(Failure);
        expect(failure).to.include({ code: 'BAD_CAPTURE', message: `${path} looks like ${looksLike}.` });
      });
    }
  }
});

async function read(kind: DumpKind | 'statistics', path: string): Promise<void> {
  const options = capturedFrom(path);
  if (kind === 'statistics') return void (await readSyncStatistics(options));
  const reading = new FlowReading([capturedFlows(path, kind, options)]);
  let rows = 0;
  for await (const batch of reading.batches()) rows += batch.length;
  expect(rows).to.be.greaterThan(0);
}
