import type { CommitReport, ConfigurationFinding } from '../model/configuration.js';
import { escapeControl } from './escape.js';
import { hanging } from './hanging.js';

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

function page(lines: readonly string[]): string {
  return lines.map((line) => `${escapeControl(line)}\n`).join('');
}
