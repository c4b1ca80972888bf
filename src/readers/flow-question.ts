import type { FlowExplanation, FlowQuestion, Reading } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { Filter } from '../query/filter/ast.js';
import { type FilterFlags, filterOf } from '../query/filter-flags.js';
import { type Order, orderOf } from '../query/order.js';
import type { SourceOptions } from '../sources/options.js';
import { LimitedFlows } from './limited-flows.js';
import { SortedFlows } from './sorted-flows.js';

/** What an operator asks of flows, as text. */
export interface QuestionFlags extends FilterFlags {
  sort?: string | undefined;
  limit?: number | undefined;
  columns?: string | undefined;
  /** Whether flows are to come with the names of their addresses and ports. */
  resolve?: boolean | undefined;
}

/** A question about flows wherever they come from: which of them, in which order, how many. */
export abstract class FilteredQuestion implements FlowQuestion {
  protected readonly filter: Filter | undefined;
  protected readonly source: SourceOptions;
  private readonly order: Order | undefined;
  private readonly limit: number | undefined;
  private readonly resolve: boolean;

  /** @throws Failure USAGE */
  constructor(flags: QuestionFlags, source: SourceOptions) {
    this.filter = filterOf(flags);
    this.order = flags.sort === undefined ? undefined : orderOf(flags.sort);
    this.limit = flags.limit;
    this.resolve = flags.resolve ?? false;
    this.source = source;
  }

  abstract matching(reading?: Reading): Promise<FlowStream>;

  abstract explanation(): FlowExplanation;

  async arranged(): Promise<FlowStream> {
    const flows = await this.inOrder();
    if (!this.resolve) return flows;
    // Loaded only where names are asked for: DNS is nothing that a table needs.
    const { NamedFlows } = await import('./named-flows.js');
    return new NamedFlows(flows, this.source.abort);
  }

  private async inOrder(): Promise<FlowStream> {
    const flows = await this.matching({ whole: this.order !== undefined });
    if (this.order) return new SortedFlows(flows, this.order, this.limit, this.source.abort);
    return this.limit === undefined ? flows : new LimitedFlows(flows, this.limit);
  }
}
