import { expect } from 'chai';
import fc from 'fast-check';
import type { Counter } from '../../src/model/number.js';
import { Failure } from '../../src/model/failure.js';
import { COUNTERS, parseConntrackStatistics } from '../../src/parsers/conntrack-statistics.js';

const PROC_SPELLINGS: Record<string, string> = {
  clash_resolve: 'clashres',
  error: 'icmp_error',
  chaintoolong: 'chainlength',
};
const u32 = fc.integer({ min: 0, max: 0xffff_ffff });

/** A kernel with some of the counters in some order, and the figures of its CPUs. */
const kernel = fc
  .tuple(fc.shuffledSubarray([...COUNTERS], { minLength: 1 }), fc.integer({ min: 1, max: 70 }))
  .chain(([names, cpus]) =>
    fc.record({
      names: fc.constant(names),
      figures: fc.array(fc.array(u32, { minLength: names.length, maxLength: names.length }), {
        minLength: cpus,
        maxLength: cpus,
      }),
    }),
  );

function netlink(names: readonly string[], figures: readonly number[][]): string {
  const words = (row: readonly number[]) => names.map((name, i) => `${name}=${row[i]!} `).join('');
  return figures.map((row, cpu) => `cpu=${String(cpu).padEnd(4)}\t${words(row)}\n`).join('');
}

function proc(names: readonly string[], figures: readonly number[][]): string {
  const hex = (figure: number): string => figure.toString(16).padStart(8, '0');
  const header = ['entries ', ...names.map((name) => PROC_SPELLINGS[name] ?? name)].join(' ');
  return [header, ...figures.map((row) => `0000002a  ${row.map(hex).join(' ')}`), ''].join('\n');
}

describe("the kernel's counters", () => {
  it('are read by name from both spellings, in whatever order, and added up exactly', () => {
    fc.assert(
      fc.property(kernel, ({ names, figures }) => {
        for (const page of [netlink(names, figures), proc(names, figures)]) {
          const { cpus, total, extra } = parseConntrackStatistics(page);
          expect(extra).to.equal(undefined);
          expect(cpus).to.have.length(figures.length);
          names.forEach((name, i) => {
            expect(cpus.map(({ counters }) => counters[name])).to.deep.equal(figures.map((row) => row[i]));
            expect(total[name]).to.equal(figures.reduce((sum, row) => sum + row[i]!, 0));
          });
          expect(Object.keys(total)).to.have.length(names.length);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('give no figure that does not stand in the page, or are refused, whatever happened to it', () => {
    const damage = fc.record({
      kernel,
      spelling: fc.constantFrom(netlink, proc),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      cut: fc.nat(12),
      insert: fc.string({ unit: fc.constantFrom(...' =\n\tcpu019af\0\xff'), maxLength: 6 }),
    });
    fc.assert(
      fc.property(damage, ({ kernel: { names, figures }, spelling, at, cut, insert }) => {
        const page = spelling(names, figures);
        const place = Math.floor(at * page.length);
        const damaged = page.slice(0, place) + insert + page.slice(place + cut);
        try {
          const { cpus } = parseConntrackStatistics(damaged);
          for (const { counters } of cpus) {
            for (const [name, figure] of Object.entries(counters) as [string, Counter][])
              expect(standsIn(damaged, name, figure)).to.equal(true);
          }
        } catch (error) {
          expect(error).to.be.an.instanceOf(Failure);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

function standsIn(page: string, name: string, figure: number | bigint): boolean {
  const printed = PROC_SPELLINGS[name] ?? name;
  const decimal = new RegExp(`\\b(?:${name}|${printed})=0*${figure}(?!\\d)`);
  const hexadecimal = new RegExp(`(?<![0-9a-f])0*${figure.toString(16)}(?![0-9a-f])`, 'i');
  return decimal.test(page) || (new RegExp(`\\b(?:${name}|${printed})\\b`).test(page) && hexadecimal.test(page));
}
