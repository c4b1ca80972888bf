import { spawnSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { TARGETS } from './cases.mjs';

/** Where the figures come from. */
export function machine() {
  const conntrack = spawnSync('conntrack', ['--version'], { encoding: 'utf8' }).stdout ?? '';
  return {
    cpu: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    kernel: release(),
    node: process.version,
    conntrack: /v[\d.]+/.exec(conntrack)?.[0] ?? 'unknown',
  };
}

/** The table of medians, and how many targets were missed. */
export function report({ machine: { cpu, kernel, node, conntrack }, flows, accounting, cases }) {
  const rows = cases.map(rowOf);
  const missed = rows.flatMap(({ verdicts }) => verdicts).filter((verdict) => !verdict).length;
  const [count = 0] = cases.map(({ pairs }) => pairs.length);
  const lines = [
    '',
    `${flows.toLocaleString('en')} IPv4 flows${accounting ? ', with accounting and timestamps' : ''}; medians of ${count} interleaved pairs`,
    `conntrack ${conntrack}, Node ${node}, Linux ${kernel}, ${cpu}`,
    '',
    line('case', 'conntrack', 'wall', 'ratio', 'ratios', 'first row', 'peak', ''),
    ...rows.map(({ cells }) => line(...cells)),
    '',
    `targets: ratio <= ${TARGETS.ratio}, first row <= --version + ${TARGETS.firstRow} ms, peak <= ${TARGETS.peak / 1e6} MB`,
    missed === 0 ? 'all reached' : `${missed} missed`,
    '',
  ];
  return { text: lines.join('\n'), missed };
}

function rowOf({ name, ours, pairs, firstRows }) {
  const ratios = pairs.map(({ baseline, wall }) => wall / baseline);
  const ratio = median(ratios);
  const cells = [
    name,
    `${(median(pairs.map(({ baseline }) => baseline)) / 1000).toFixed(2)} s`,
    `${(median(pairs.map(({ wall }) => wall)) / 1000).toFixed(2)} s`,
    ratio.toFixed(2),
    `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
  ];
  if (!ours) return { cells: [...cells, '-', '-', ''], verdicts: [] };
  const late = median(firstRows.map(({ version, row }) => row - version));
  const peak = Math.max(...pairs.map(({ peak }) => peak));
  const verdicts = [ratio <= TARGETS.ratio, late <= TARGETS.firstRow, peak <= TARGETS.peak];
  return {
    cells: [
      ...cells,
      `${late < 0 ? '' : '+'}${late.toFixed(0)} ms`,
      `${(peak / 1e6).toFixed(0)} MB`,
      verdicts.every(Boolean) ? 'pass' : `FAIL (${missedOf(verdicts)})`,
    ],
    verdicts,
  };
}

function missedOf(verdicts) {
  return ['ratio', 'first row', 'peak'].filter((_, index) => !verdicts[index]).join(', ');
}

function line(name, ...cells) {
  const [baseline, wall, ratio, ratios, first, peak, verdict] = cells;
  return [
    name.padEnd(15),
    baseline.padStart(9),
    wall.padStart(8),
    ratio.padStart(6),
    ratios.padStart(10),
    first.padStart(10),
    peak.padStart(7),
    ` ${verdict}`,
  ]
    .join(' ')
    .trimEnd();
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
