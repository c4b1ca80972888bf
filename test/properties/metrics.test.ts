import { expect } from 'chai';
import fc from 'fast-check';
import { Failure } from '../../src/model/failure.js';
import { type MetricName, METRICS } from '../../src/model/metric-families.js';
import type { MetricFamily } from '../../src/model/metrics.js';
import { type MetricPage, pageMetrics, PAGES } from '../../src/readers/metrics/daemon-pages.js';
import { MetricSet } from '../../src/readers/metrics/metric-set.js';
import { renderOpenMetrics } from '../../src/renderers/openmetrics.js';
import { renderPrometheus } from '../../src/renderers/prometheus.js';
import { damaged } from '../support/damaged-pages.js';
import { readExposition } from '../support/exposition.js';

const NAMES = Object.keys(METRICS) as MetricName[];
const NOWHERE = { missing: 'not here' };
const AROUND = { daemonConfig: NOWHERE, addresses: NOWHERE };

const family: fc.Arbitrary<MetricFamily> = fc.constantFrom(...NAMES).chain((name) =>
  fc
    .uniqueArray(
      fc.record({
        labels: fc.record(
          Object.fromEntries(
            METRICS[name].labels.map((label) => [label, fc.string({ unit: 'binary', maxLength: 20 })]),
          ),
        ),
        value: fc.oneof(
          fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
          fc.nat(),
          fc.double({ min: 0, max: 1e9, noNaN: true }),
        ),
      }),
      // What is shown in letters may have been these letters before.
      { minLength: 1, maxLength: 5, selector: ({ labels }) => shown(Object.values(labels).join(' ')) },
    )
    .map((samples) => ({ name, samples })),
);
const families = fc.uniqueArray(family, { selector: ({ name }) => name, maxLength: 8 });

function shown(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** The metrics of a page; undefined where it is refused in the way it may be. */
function metricsOf(page: MetricPage, text: string): MetricFamily[] | undefined {
  const metrics = new MetricSet();
  try {
    pageMetrics(page, text, AROUND, metrics);
    return metrics.inOrder();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect(error.code).to.equal('BAD_ANSWER');
    return undefined;
  }
}

describe('properties: metrics', () => {
  it('whatever the labels hold, both formats are read back as they were meant', () => {
    fc.assert(
      fc.property(families, (written) => {
        const wanted = written.flatMap(({ name, samples }) =>
          samples.map(({ labels, value }) => ({
            name,
            labels: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, shown(text)])),
            value: Number(value),
          })),
        );
        for (const render of [renderPrometheus, renderOpenMetrics]) {
          const read = [...readExposition(render(written) || '# EOF\n').values()].flatMap(({ samples }) => samples);
          expect(read.map((sample) => ({ ...sample, value: Number(sample.value) }))).to.deep.equal(wanted);
        }
      }),
    );
  });

  for (const page of PAGES) {
    it(`damaged text as the page ${page} is refused, or gives figures that stand in it`, () => {
      fc.assert(
        fc.property(damaged, (text) => {
          for (const { name, samples } of metricsOf(page, text) ?? [])
            for (const { labels, value } of samples) {
              // Yes or no, numbers of children, and what is left of them, are ours.
              const ours = /_(?:active|running|children)$|uptime/.test(name) || labels['reason'] === 'other';
              if (!ours) expect(text, `${name} ${JSON.stringify(labels)}`).to.match(new RegExp(`\\b0*${value}\\b`));
            }
        }),
        { numRuns: 1000 },
      );
    });

    it(`the metrics of the page ${page} can always be read`, () => {
      fc.assert(
        fc.property(damaged, (text) => {
          const found = metricsOf(page, text);
          if (found && found.length > 0) readExposition(renderPrometheus(found));
        }),
        { numRuns: 500 },
      );
    });
  }
});
