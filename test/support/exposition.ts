import type { MetricSample } from '../../src/model/metrics.js';

/** A family as its text has it. */
export interface WrittenFamily {
  type: string;
  help: string;
  unit?: string;
  samples: (Omit<MetricSample, 'value'> & { name: string; value: string })[];
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const META = new RegExp(`^# (HELP|TYPE|UNIT) (${NAME}) (\\S.*)$`);
// A time behind the figure is none of ours: node_exporter would not read the file.
const SAMPLE = new RegExp(`^(${NAME})(?:\\{([^\n]*)\\})? (-?\\d+(?:\\.\\d+)?(?:e-?\\d+)?)$`);
const LABEL = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/;

/**
 * Reads one of Prometheus' text formats, by its grammar and no more leniently than its strictest readers.
 *
 * @throws Error that says which line is wrong
 */
export function readExposition(text: string): Map<string, WrittenFamily> {
  const families = new Map<string, WrittenFamily>();
  const seen = new Set<string>();
  let current: [string, WrittenFamily] | undefined;
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  for (const line of text.slice(0, -1).split('\n')) {
    if (line === '# EOF') continue;
    const [, word, family, rest] = META.exec(line) ?? [];
    if (word !== undefined && family !== undefined && rest !== undefined) {
      if (current?.[0] !== family) {
        if (families.has(family)) throw new Error(`${family} comes in two places`);
        current = [family, { type: '', help: '', samples: [] }];
        families.set(...current);
      }
      if (current[1].samples.length > 0) throw new Error(`a sample stands before: ${line}`);
      current[1][word.toLowerCase() as 'help' | 'type' | 'unit'] = rest;
      continue;
    }
    const [, name, labels = '', value] = SAMPLE.exec(line) ?? [];
    if (name === undefined || value === undefined) throw new Error(`no line of this format: ${JSON.stringify(line)}`);
    const [of, described] = current ?? ['', undefined];
    if (described === undefined || !name.startsWith(of)) throw new Error(`${name} has no description`);
    if (seen.has(`${name}{${labels}}`)) throw new Error(`twice: ${line}`);
    seen.add(`${name}{${labels}}`);
    described.samples.push({ name, labels: labelsIn(labels), value });
  }
  return families;
}

function labelsIn(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== '';) {
    const [whole, label, value] = LABEL.exec(rest) ?? [];
    if (whole === undefined || label === undefined || value === undefined) throw new Error(`no labels: ${rest}`);
    if (label in labels) throw new Error(`the label ${label} comes twice`);
    labels[label] = value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped));
    rest = rest.slice(whole.length);
  }
  return labels;
}

/** The figure of a metric with these labels, and maybe others; undefined where there is not exactly one. */
export function figureOf(
  families: ReadonlyMap<string, WrittenFamily>,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = [...families.values()]
    .flatMap(({ samples }) => samples)
    .filter(
      (sample) =>
        sample.name === name && Object.entries(labels).every(([label, text]) => sample.labels[label] === text),
    );
  return found.length === 1 ? Number(found[0]!.value) : undefined;
}
