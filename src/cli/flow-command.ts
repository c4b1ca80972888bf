import type { CacheName } from '../model/dump.js';
import type { FlowQuestion } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import { Failure } from '../model/failure.js';
import { renderCacheTable } from '../renderers/cache-table.js';
import { columnsOf, fieldsOf } from '../renderers/chosen-columns.js';
import { renderFlowTable, type TableOf } from '../renderers/flow-table.js';
import { renderFlows } from '../renderers/flow-view.js';
import type { SourceOptions } from '../sources/options.js';
import { isAskedFor } from './asked-format.js';
import { ReadCommand } from './base-command.js';
import { envelope } from './envelope.js';
import { EXIT } from './exit-codes.js';
import { type Format, withJoinedFilter } from './flow-flags.js';

/** What the flags of a command that shows flows say, as oclif parses them. */
export interface RowFlags {
  format?: Format | undefined;
  wide: boolean;
  json?: boolean | undefined;
  columns?: string | undefined;
  resolve: boolean;
  flat: boolean;
  summary: boolean;
  count: boolean;
  exists: boolean;
  explain: boolean;
}

/** What a command says of its flows beside how they are to be written. */
export interface FlowAnswer {
  /** What every JSON document begins with, `schema` first. */
  document: { schema: string; table?: string; cache?: string };
  /** What the table is of. */
  of: TableOf | CacheName;
}

/** A command that answers with flows: as a table, for a program, or only with their number. */
export abstract class FlowCommand extends ReadCommand {
  protected override async init(): Promise<void> {
    this.argv = withJoinedFilter(this.argv);
    await super.init();
  }

  override jsonEnabled(): boolean {
    return super.jsonEnabled() || isAskedFor(this.argv, 'json') || isAskedFor(this.argv, 'ndjson');
  }

  protected override get isPage(): boolean {
    return super.isPage && !isAskedFor(this.argv, 'csv');
  }

  protected override get oneLineDocuments(): boolean {
    return isAskedFor(this.argv, 'ndjson');
  }

  /** Asks a question and shows what the flags want of its answer. */
  protected async answer(
    question: FlowQuestion,
    flags: RowFlags,
    { document, of }: FlowAnswer,
    source: SourceOptions,
  ): Promise<void> {
    const format = formatOf(flags);
    if (flags.explain) return this.showExplanation(question, source);
    if (flags.count) return this.showCount(await question.matching({ whole: true, upToCounters: true }), source);
    if (flags.exists) return this.showExistence(await question.matching({ upToCounters: true }), source);
    if (format === 'table' || format === 'wide') {
      const look = { width: format === 'wide' ? 'wide' : 'narrow', columns: columnsOf(flags.columns) } as const;
      return this.showFlows(await question.arranged(), (flows, sink) =>
        of === 'internal' || of === 'external'
          ? renderCacheTable(flows, { cache: of, ...look }, sink)
          : renderFlowTable(flows, { of, ...look }, sink),
      );
    }
    const { flat, summary, resolve: names } = flags;
    const schema = flat ? 'ctsync/flow-table-flat/1' : document.schema;
    const view = {
      format,
      flat,
      names,
      summary,
      fields: fieldsOf(flags.columns),
      envelope: envelope({ ...document, schema }, source),
    };
    return this.showFlows(await question.arranged(), (flows, sink) => renderFlows(flows, view, sink));
  }

  protected async showExplanation(question: Pick<FlowQuestion, 'explanation'>, source: SourceOptions): Promise<void> {
    const { lines, commands } = question.explanation();
    const head = envelope({ schema: 'ctsync/flow-explanation/1' }, source);
    await this.showDocument({ ...head, commands, complete: true }, () => `${lines.join('\n')}\n`);
  }

  private async showCount(flows: FlowStream, source: SourceOptions): Promise<void> {
    const head = envelope({ schema: 'ctsync/flow-matches/1' }, source);
    const count = await countOf(this.followed(flows));
    const { summary, complete, notes, failure } = flows.verdict();
    await this.showDocument(
      { ...head, count, summary, ...(notes.length > 0 ? { notes } : {}), complete, error: failure?.report() },
      // A count that is not whole must not look like one to a script that reads nothing else.
      () => (complete === false ? `${count}, INCOMPLETE\n` : `${count}\n`),
    );
    this.conclude(flows.verdict());
  }

  /** The first flow that matches is enough; only a whole reading without one can say no. */
  private async showExistence(flows: FlowStream, source: SourceOptions): Promise<void> {
    const head = envelope({ schema: 'ctsync/flow-matches/1' }, source);
    const exists = await hasFlow(this.followed(flows));
    const verdict = flows.verdict();
    const { notes, failure } = verdict;
    const sure = exists || verdict.complete !== false;
    await this.showDocument(
      {
        ...head,
        ...(sure ? { exists } : {}),
        ...(exists ? {} : { summary: verdict.summary }),
        ...(notes.length > 0 ? { notes } : {}),
        ...(exists ? { complete: true } : { complete: verdict.complete }),
        error: exists ? undefined : failure?.report(),
      },
      () => (exists ? 'yes\n' : sure ? 'no\n' : 'unknown\n'),
    );
    if (!exists) this.conclude(verdict);
    if (!exists && sure) process.exitCode ||= EXIT.no;
  }
}

async function countOf(flows: FlowStream): Promise<number> {
  let count = 0;
  for await (const rows of flows.batches()) count += rows.length;
  return count;
}

async function hasFlow(flows: FlowStream): Promise<boolean> {
  for await (const rows of flows.batches()) if (rows.length > 0) return true;
  return false;
}

/** @throws Failure USAGE where flags do not go together */
function formatOf({ format, wide, json, columns, flat, summary, resolve }: RowFlags): Format {
  const chosen = json ? 'json' : (format ?? (wide ? 'wide' : 'table'));
  if (json && format !== undefined && format !== 'json')
    throw usage(`--json and --format ${format} exclude each other.`);
  const isJson = chosen === 'json' || chosen === 'ndjson';
  if (flat && !isJson && chosen !== 'csv') throw usage('--flat goes with --format json, ndjson or csv.');
  if (summary && chosen !== 'ndjson') throw usage('--summary goes with --format ndjson.');
  if (columns !== undefined && isJson && !flat) throw usage('--columns goes with JSON only where it is --flat.');
  if (!resolve && columns !== undefined && /_name\b/.test(columns)) throw usage('Names are shown with --resolve only.');
  return chosen;
}

function usage(message: string): Failure {
  return new Failure('USAGE', message, { next: 'Add --help to see how it is used.' });
}
