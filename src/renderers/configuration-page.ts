import type { CommitReport, ConfigurationFinding } from '../model/configuration.js';
import { escapeControl } from './escape.js';
import { fold } from './fold.js';

/** The lines of a candidate that a commit would carry out. */
export function renderChanges(changes: readonly string[]): string {
  return changes.map((change) => `${escapeControl(change)}\n`).join('');
}

/** What verify has found, each with the statement that causes it and the lines that would put it right. */
export function renderFindings(findings: readonly ConfigurationFinding[], columns: number | undefined): string {
  return findings
    .map(({ severity, message, statement, lines = [] }) => {
      const by = statement === undefined ? [] : [`${UNDER}by ${statement}`];
      const right = lines.map((line) => `${UNDER}+  ${line}`);
      return page([...hanging(`${severity.padEnd('warning'.length)} : ${message}`, columns, UNDER), ...by, ...right]);
    })
    .join('');
}

const UNDER = ' '.repeat('warning : '.length);

/** What a commit has done, or would do. */
export function renderCommit(report: CommitReport, columns: number | undefined): string {
  const { outcome, findings, changes, steps } = report;
  const end = { committed: 'Committed.', unchanged: 'Nothing has changed.', 'dry-run': 'Nothing was touched.' }[
    outcome
  ];
  const done = steps.flatMap((step) => hanging(`- ${step}`, columns, '  '));
  const planned = outcome === 'dry-run' ? renderChanges(changes) : '';
  return renderFindings(findings, columns) + planned + page([...done, end]);
}

/** A line that goes on under itself on a terminal, and is one line in a pipe. */
function hanging(text: string, columns: number | undefined, indent: string): string[] {
  if (columns === undefined) return [text];
  const [first = '', ...rest] = fold(text, columns);
  if (rest.length === 0) return [first];
  const others = fold(text.slice(first.length).trimStart(), Math.max(columns - indent.length, 1));
  return [first, ...others.map((line) => indent + line)];
}

function page(lines: readonly string[]): string {
  return lines.map((line) => `${escapeControl(line)}\n`).join('');
}
