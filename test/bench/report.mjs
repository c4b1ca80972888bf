import { spawnSync } from 'node:child_process';
import { cpus, release } from 'node:os';
import { FIRST_ROW, GROWTH, LINES_PER_SECOND, PEAK } from './cases.mjs';

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

/** The tables of medians, and how many targets were missed. */
export function report({ machine: { cpu, kernel, node, conntrack }, flows, accounting, cases, small, file }) {
  const rows = cases.map((one) =>
    rowOf(
      one,
      small?.results.find(({ name }) => name === one.name),
    ),
  );
  const checks = [
    ...rows.flatMap(({ verdicts }) => verdicts),
    ...(file ? [linesPerSecond(file) >= LINES_PER_SECOND] : []),
  ];
  const missed = checks.filter((reached) => !reached).length;
  const [pairs = 0] = cases.map((one) => one.pairs.length);
  const lines = [
    '',
    `${flows.toLocaleString('en')} IPv4 flows${accounting ? ', with accounting and timestamps' : ''}; medians of ${pairs} interleaved pairs`,
    `conntrack ${conntrack}, Node ${node}, Linux ${kernel}, ${cpu}`,
    '',
    line(
      'case',
      'conntrack',
      'wall',
      'ratio',
      'to reach',
      'ratios',
      'first row',
      'peak',
      `at ${small?.flows ?? '-'}`,
      'growth',
      '',
    ),
    ...rows.map(({ cells }) => line(...cells)),
    '',
    ...(file ? [fileLine(file)] : []),
    `to reach too: first row <= --version + ${FIRST_ROW} ms, peak <= ${PEAK.most / 1e6} MB (metrics without flows: 70 MB) and within ${Math.round((PEAK.spread - 1) * 100)} % at both sizes, growth <= ${GROWTH}`,
    missed === 0 ? 'all reached' : `${missed} missed`,
    '',
  ];
  return { text: lines.join('\n'), missed };
}

function fileLine(file) {
  const rate = linesPerSecond(file);
  const verdict = rate >= LINES_PER_SECOND ? 'pass' : 'FAIL';
  return `a saved table, 'bytes gt 500' --count: ${Math.round(rate).toLocaleString('en')} lines/s after the start (to reach: ${LINES_PER_SECOND.toLocaleString('en')}): ${verdict}`;
}

/** Of parsing alone, without our start. */
function linesPerSecond({ lines, runs }) {
  return lines / (median(runs.map(({ wall, version }) => wall - version)) / 1000);
}

function rowOf({ name, ours, most, plusVersion, timesVersion, memory = PEAK.most, pairs, firstRows }, small) {
  // What comes on top of the baseline is allowed for by taking it away from ours.
  const ratios = pairs.map(
    ({ baseline, wall, version }) => (wall - (plusVersion ? version : 0)) / (baseline + (timesVersion ? version : 0)),
  );
  const ratio = median(ratios);
  const wall = median(pairs.map((pair) => pair.wall));
  const peak = Math.max(...pairs.map((pair) => pair.peak));
  const late = firstRows.length === 0 ? undefined : median(firstRows.map(({ version, row }) => row - version));
  const growth = small === undefined ? undefined : wall / median(small.walls);
  const spread = small === undefined ? undefined : peak / small.peak;
  const checks = ours
    ? {
        ratio: most === undefined || ratio <= most,
        'first row': late === undefined || late <= FIRST_ROW,
        peak: peak <= memory && (spread === undefined || (spread <= PEAK.spread && spread >= 1 / PEAK.spread)),
        growth: growth === undefined || growth <= GROWTH,
      }
    : {};
  const missed = Object.keys(checks).filter((check) => !checks[check]);
  const cells = [
    name,
    `${(median(pairs.map(({ baseline }) => baseline)) / 1000).toFixed(2)} s`,
    `${(wall / 1000).toFixed(2)} s`,
    ratio.toFixed(2),
    most === undefined ? '-' : `${most.toFixed(2)}${plusVersion ? '+v' : ''}`,
    `${Math.min(...ratios).toFixed(2)}-${Math.max(...ratios).toFixed(2)}`,
    late === undefined ? '-' : `${late < 0 ? '' : '+'}${late.toFixed(0)} ms`,
    ours ? `${(peak / 1e6).toFixed(0)} MB` : '-',
    small === undefined ? '-' : `${(small.peak / 1e6).toFixed(0)} MB`,
    growth === undefined ? '-' : growth.toFixed(1),
    !ours ? '' : missed.length === 0 ? 'pass' : `FAIL (${missed.join(', ')})`,
  ];
  return { cells, verdicts: Object.values(checks) };
}

const WIDTHS = [46, 9, 8, 6, 8, 10, 10, 7, 9, 7];

function line(name, ...cells) {
  const [width, ...widths] = WIDTHS;
  const padded = cells.map((cell, i) => (widths[i] === undefined ? ` ${cell}` : cell.padStart(widths[i])));
  return [name.padEnd(width), ...padded].join(' ').trimEnd();
}

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}
