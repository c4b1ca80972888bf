import type { ExplainedCommand, FlowExplanation, FlowQuestion, Reading } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { Family } from '../model/flow.js';
import { explain } from '../query/explain.js';
import { asksBehindCounters, asksForLabels } from '../query/filter/ast.js';
import { compile } from '../query/filter/compile.js';
import { print } from '../query/filter/print.js';
import { type PushDown, pushDown } from '../query/push-down.js';
import { capturedAt, type SourceOptions } from '../sources/options.js';
import { commandLine } from '../sources/tool.js';
import { kernelTable } from '../sources/queries.js';
import type { ToolCommand } from '../sources/tool.js';
import { FilteredQuestion, type QuestionFlags } from './flow-question.js';
import { readKernelTable } from './kernel-table.js';
import { notesOnCounting } from './notes-on-counting.js';

/**
 * A question about the kernel's flow table. What conntrack can filter without a change in the answer is left to it
 * (query/push-down).
 *
 * @throws Failure USAGE
 */
export function tableQuestion(families: readonly Family[], flags: QuestionFlags, source: SourceOptions): FlowQuestion {
  return new TableQuestion(families, flags, source);
}

class TableQuestion extends FilteredQuestion {
  private readonly families: readonly Family[];
  private readonly labels: boolean;
  /** As `--sort` has it. */
  private readonly sortedBy: string;

  constructor(families: readonly Family[], flags: QuestionFlags, source: SourceOptions) {
    const [family, ...others] = families;
    // A family that the command is for is checked against the filter: IPv6 addresses have no place in an IPv4 table.
    super({ ...flags, ...(others.length === 0 ? { family } : {}) }, source);
    this.families = families;
    this.sortedBy = flags.sort ?? '';
    this.labels = /\blabels\b/.test(flags.columns ?? '') || (this.filter !== undefined && asksForLabels(this.filter));
  }

  async matching({ whole = false, upToCounters = false }: Reading = {}): Promise<FlowStream> {
    const { source, labels, filter } = this;
    const selection = {
      accepts: filter && compile(filter),
      upToCounters: upToCounters && (filter === undefined || !asksBehindCounters(filter)),
    };
    if (source.from !== undefined) return readKernelTable({ families: this.families, ...selection }, source);
    const shares = this.shares().filter(({ never }) => !never);
    const request = {
      ...selection,
      notes: await notesOnCounting(filter, this.sortedBy, source.place),
      families: shares.map(({ family }) => family),
      pushed: shares.some(({ args }) => args.length > 0),
      labels,
      whole,
      // What was recorded is the whole table.
      toolSelection: (family: Family) =>
        source.place.recorded ? [] : (shares.find((share) => share.family === family)?.args ?? []),
    };
    return readKernelTable(request, source);
  }

  explanation(): FlowExplanation {
    const captured = capturedAt(this.source);
    if (captured !== undefined) return { lines: [notRun(captured)], commands: [] };
    const shares = this.shares();
    return {
      lines: shares.flatMap((share) => explain(share, commandLine(this.command(share)))),
      commands: shares.map((share) => this.explained(share)),
    };
  }

  private shares(): PushDown[] {
    return this.families.map((family) => pushDown(this.filter, family));
  }

  private command({ family, args }: PushDown): ToolCommand {
    return kernelTable(family, this.source.query, { args, labels: this.labels });
  }

  private explained(share: PushDown): ExplainedCommand {
    const { tool, args } = this.command(share);
    return {
      ...(share.never ? {} : { command: [tool, ...args] }),
      family: share.family,
      pushed: share.pushed.map(({ filter, args, by }) => ({ filter: print(filter), args: [...args], by })),
      kept: share.kept.map(({ filter, because }) => ({ filter: print(filter), because })),
    };
  }
}

function notRun(from: string): string {
  return `conntrack is not run: ctsync reads ${from === '-' ? 'stdin' : from}, and filters it itself.`;
}
