import type { FlowExplanation, FlowQuestion } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { Family } from '../model/flow.js';
import { explain } from '../query/explain.js';
import { asksForLabels, type Filter } from '../query/filter/ast.js';
import { compile } from '../query/filter/compile.js';
import { print } from '../query/filter/print.js';
import { type Order, orderOf } from '../query/order.js';
import { type PushDown, pushDown } from '../query/push-down.js';
import { filterOf, type FilterFlags } from '../query/filter-flags.js';
import type { SourceOptions } from '../sources/options.js';
import { commandLine } from '../sources/process.js';
import { kernelTable } from '../sources/queries.js';
import { readKernelTable } from './kernel-table.js';
import { LimitedFlows } from './limited-flows.js';
import { SortedFlows } from './sorted-flows.js';

/** What an operator asks of the kernel's table, as text. */
export interface TableFlags extends FilterFlags {
  sort?: string | undefined;
  limit?: number | undefined;
  columns?: string | undefined;
}

/**
 * A question about the kernel's flow table: which flows, in which order, how many. What conntrack can filter without a
 * change in the answer is left to it (query/push-down).
 *
 * @throws Failure USAGE
 */
export function tableQuestion(families: readonly Family[], flags: TableFlags, source: SourceOptions): FlowQuestion {
  return new TableQuestion(families, flags, source);
}

class TableQuestion implements FlowQuestion {
  private readonly families: readonly Family[];
  private readonly source: SourceOptions;
  private readonly filter: Filter | undefined;
  private readonly order: Order | undefined;
  private readonly limit: number | undefined;
  private readonly labels: boolean;

  constructor(families: readonly Family[], flags: TableFlags, source: SourceOptions) {
    const [family, ...others] = families;
    this.families = families;
    this.source = source;
    // A family that the command is for is checked against the filter: IPv6 addresses have no place in an IPv4 table.
    this.filter = filterOf({ ...flags, ...(others.length === 0 ? { family } : {}) });
    this.order = flags.sort === undefined ? undefined : orderOf(flags.sort);
    this.limit = flags.limit;
    this.labels = /\blabels\b/.test(flags.columns ?? '') || (this.filter !== undefined && asksForLabels(this.filter));
  }

  async matching(): Promise<FlowStream> {
    const shares = this.shares();
    const request = {
      families: shares.filter(({ never }) => !never).map(({ family }) => family),
      accepts: this.filter && compile(this.filter),
      pushed: shares.some(({ args }) => args.length > 0),
      labels: this.labels,
      toolSelection: (family: Family) => shares.find((share) => share.family === family)?.args ?? [],
    };
    return readKernelTable(
      this.source.from === undefined ? request : { ...request, families: this.families },
      this.source,
    );
  }

  async arranged(): Promise<FlowStream> {
    const flows = await this.matching();
    if (this.order) return new SortedFlows(flows, this.order, this.limit, this.source.abort);
    return this.limit === undefined ? flows : new LimitedFlows(flows, this.limit);
  }

  explanation(): FlowExplanation {
    const shares = this.shares();
    return {
      lines: shares.flatMap((share) => explain(share, commandLine(this.command(share)))),
      commands: shares.map((share) => this.explained(share)),
    };
  }

  private shares(): PushDown[] {
    return this.families.map((family) => pushDown(this.filter, family));
  }

  private command({ family, args }: PushDown) {
    return kernelTable(family, this.source.query, { selection: args, labels: this.labels });
  }

  private explained(share: PushDown): FlowExplanation['commands'][number] {
    const { tool, args } = this.command(share);
    return {
      ...(share.never ? {} : { command: [tool, ...args] }),
      family: share.family,
      pushed: share.pushed.map(({ filter, args, by }) => ({ filter: print(filter), args: [...args], by })),
      kept: share.kept.map(({ filter, because }) => ({ filter: print(filter), because })),
    };
  }
}
