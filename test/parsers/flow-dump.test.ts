import { expect } from 'chai';
import { FlowDumpParser } from '../../src/parsers/flow-dump.js';
import type { Flow } from '../../src/model/flow.js';
import { flowOf } from '../../src/model/flow-row.js';
import { readArchive } from '../support/archive.js';
import { printFlow } from '../support/flow-line.js';

const ARCHIVES = [
  'conntrack-1.4.4/flow-tables',
  'conntrack-1.4.6/flow-tables',
  'conntrack-1.4.7/flow-tables',
  'conntrack-1.4.9/flow-tables',
  'conntrackd-1.4.7/flow-caches',
];

function parse(bytes: Buffer, chunkBytes = bytes.length): { flows: Flow[]; parser: FlowDumpParser } {
  const parser = new FlowDumpParser();
  const flows: Flow[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    flows.push(...parser.push(bytes.subarray(at, at + chunkBytes)).map(flowOf));
  parser.end();
  return { flows, parser };
}

/** What stands in a line before its mark. */
function upToCounters({ family, protocol, state, timeout, original, reply, status, nat }: Flow): object {
  return { family, protocol, state, timeout, original, reply, status, nat };
}

function linesOf(bytes: Buffer): string[] {
  return bytes.toString('utf8').split('\n').slice(0, -1);
}

describe('flow dumps', () => {
  for (const archive of ARCHIVES) {
    describe(archive, () => {
      for (const [name, bytes] of readArchive(new URL(`../fixtures/${archive}.archive`, import.meta.url))) {
        it(`${name} reads row for row and prints back byte for byte`, () => {
          const { flows, parser } = parse(bytes);
          const lines = linesOf(bytes);
          expect(parser.tally).to.include({ rows: lines.length, unreadable: 0, cut: false });
          expect(flows.map((flow, i) => printFlow(flow, lines[i]!))).to.deep.equal(lines);
          expect(flows.filter((flow) => flow.extra)).to.deep.equal([]);
        });
      }
    });
  }

  for (const archive of ARCHIVES) {
    it(`${archive} reads the same up to the counters where no more is asked for`, () => {
      for (const bytes of readArchive(new URL(`../fixtures/${archive}.archive`, import.meta.url)).values()) {
        const whole = new FlowDumpParser().push(bytes).map(flowOf);
        const short = new FlowDumpParser(undefined, { upToCounters: true }).push(bytes).map(flowOf);
        expect(short.map(upToCounters)).to.deep.equal(whole.map(upToCounters));
        // conntrack prints a mark for every flow of its table: there nothing behind it is read.
        expect(short.filter(({ mark, use, id }) => mark !== undefined && (use ?? id) !== undefined)).to.deep.equal([]);
      }
    });
  }

  it("prints back every flow of the library's golden texts", () => {
    const golden = readArchive(new URL('../fixtures/libnetfilter_conntrack-1.0.9/golden.archive', import.meta.url));
    const lines = [...golden.values()]
      .flatMap((bytes) =>
        [...bytes.toString('utf8').matchAll(/^## \S+ (?:fmt=text type=0|type=0 fmt=text).*\n(.*)$/gm)].map(
          ([, line]) => line!,
        ),
      )
      .filter((line) => line.includes(' src='));
    expect(lines.length).to.be.greaterThan(100);
    const { flows } = parse(Buffer.from(lines.map((line) => `${line}\n`).join('')));
    expect(flows.map((flow, i) => printFlow(flow, lines[i]!))).to.deep.equal(lines);
  });

  it('gives the same flows however the bytes are cut into chunks', () => {
    const bytes = readArchive(new URL('../fixtures/conntrack-1.4.7/flow-tables.archive', import.meta.url)).get(
      'conntrack-L/extended_id.txt',
    )!;
    const whole = parse(bytes);
    for (const chunkBytes of [1, 7, 100, 4096]) {
      const { flows, parser } = parse(bytes, chunkBytes);
      expect(flows).to.deep.equal(whole.flows);
      expect(parser.tally).to.deep.equal(whole.parser.tally);
    }
  });

  const ROW =
    'udp      17 29 src=192.0.2.1 dst=192.0.2.2 sport=1 dport=2 [UNREPLIED] src=192.0.2.2 dst=192.0.2.1 sport=2 dport=1 mark=0 use=1';
  const SUMMARY = 'conntrack v1.4.7 (conntrack-tools): 2 flow entries have been shown.';

  it('leaves out a last line without a newline and says that it was cut', () => {
    const { flows, parser } = parse(Buffer.from(`${ROW}\n${ROW.slice(0, -10)}`));
    expect(flows).to.have.length(1);
    expect(parser.tally).to.include({ rows: 1, unreadable: 0, cut: true });
  });

  for (const [where, at] of [
    ['in the middle of a row', 40],
    ['between two rows', 0],
  ] as const) {
    it(`reads conntrack's summary ${where} of a capture made with 2>&1`, () => {
      const text = `${ROW}\n${ROW.slice(0, at)}${SUMMARY}\n${ROW.slice(at)}\n`;
      const { flows, parser } = parse(Buffer.from(text));
      expect(flows.map((flow) => printFlow(flow, ROW))).to.deep.equal([ROW, ROW]);
      expect(parser.tally).to.include({ rows: 2, announced: 2, unreadable: 0, cut: false });
    });
  }

  it('reads a summary that ends the capture without a newline', () => {
    const { parser } = parse(Buffer.from(`${ROW}\n${ROW}\n${SUMMARY}`));
    expect(parser.tally).to.include({ rows: 2, announced: 2, cut: false });
  });

  it('calls a row cut whose second half never came', () => {
    const { parser } = parse(Buffer.from(`${ROW.slice(0, 40)}${SUMMARY}\n`));
    expect(parser.tally).to.include({ rows: 0, cut: true });
  });

  it("counts conntrackd's notices neither as rows nor as unreadable", () => {
    const { parser } = parse(
      Buffer.from(`[Sun Nov 22 13:53:29 2026] (pid=26542) [warning] sync0 is an invalid interface\n${ROW}\n\n`),
    );
    expect(parser.tally).to.include({ rows: 1, unreadable: 0, notices: 1 });
  });

  it("counts conntrackd's errors as unreadable: behind one there is no answer", () => {
    const { parser } = parse(Buffer.from("[Sun Nov 22 13:53:29 2026] (pid=26542) [ERROR] can't connect\n"));
    expect(parser.tally).to.include({ rows: 0, unreadable: 1, notices: 0 });
  });

  it('reads lines that end as on another system', () => {
    const { parser, flows } = parse(Buffer.from(`${ROW}\r\n${ROW}\r\n`));
    expect(parser.tally).to.include({ rows: 2, unreadable: 0, cut: false });
    expect(flows.map(({ extra }) => extra)).to.deep.equal([undefined, undefined]);
  });

  it('drops a line of ten megabytes in constant memory, counts it, and reads on', () => {
    const parser = new FlowDumpParser();
    const piece = Buffer.alloc(64 * 1024, 'x');
    for (let i = 0; i < 160; i++) expect(parser.push(piece)).to.deep.equal([]);
    const flows = parser.push(Buffer.from(`x\n${ROW}\n`));
    parser.end();
    expect(flows).to.have.length(1);
    expect(parser.tally).to.include({ rows: 1, unreadable: 1, cut: false });
    expect(parser.tally.firstUnreadable).to.have.length(200);
  });

  it('calls a dump cut that ends within a line without an end', () => {
    const parser = new FlowDumpParser();
    parser.push(Buffer.alloc(100 * 1024, 'x'));
    parser.end();
    expect(parser.tally).to.include({ unreadable: 1, cut: true });
  });

  it('counts garbage bytes as unreadable lines', () => {
    const { parser } = parse(Buffer.from([0, 255, 10, 27, 91, 50, 74, 10]));
    expect(parser.tally).to.include({ rows: 0, unreadable: 2, bytes: 8 });
  });
});
