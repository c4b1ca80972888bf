import type { FlowExplanation, FlowQuestion } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import type { Family } from '../model/flow.js';
import type { SourceOptions } from '../sources/options.js';
import type { QuestionFlags } from './flow-question.js';
import { readKernelTable } from './kernel-table.js';
import { LimitedFlows } from './limited-flows.js';

type TableFlags = QuestionFlags & { explain?: boolean };

/**
 * The question that flags ask of the kernel's table. What understands filters and orders is loaded only where there are any:
 * the whole table is what is asked for most, and its first row is waited for.
 *
 * @throws Failure USAGE
 */
export async function askTable(
  families: readonly Family[],
  flags: TableFlags,
  source: SourceOptions,
): Promise<FlowQuestion> {
  if (isPlain(flags)) return new WholeTable(families, flags.limit, source);
  const { tableQuestion } = await import('./table-question.js');
  return tableQuestion(families, flags, source);
}

/** Without any flag that selects, sorts or names flows. */
function isPlain(flags: TableFlags): boolean {
  const asked = [
    ...[flags.source, flags.destination, flags.port, flags.protocol, flags.state, flags.mark, flags.zone],
    ...[flags.nat, flags.id, flags.filter, flags.sort],
  ];
  const switched = [flags.assured, flags.unreplied, flags.offload, flags.resolve, flags.explain];
  // Labels are printed only where conntrack is asked for them.
  return !asked.some((flag) => flag !== undefined) && !switched.some(Boolean) && !flags.columns?.includes('label');
}

class WholeTable implements FlowQuestion {
  private readonly families: readonly Family[];
  private readonly limit: number | undefined;
  private readonly options: SourceOptions;

  constructor(families: readonly Family[], limit: number | undefined, options: SourceOptions) {
    this.families = families;
    this.limit = limit;
    this.options = options;
  }

  matching(): Promise<FlowStream> {
    return readKernelTable({ families: this.families }, this.options);
  }

  async arranged(): Promise<FlowStream> {
    const flows = await this.matching();
    return this.limit === undefined ? flows : new LimitedFlows(flows, this.limit);
  }

  async explanation(): Promise<FlowExplanation> {
    const { tableQuestion } = await import('./table-question.js');
    return tableQuestion(this.families, {}, this.options).explanation();
  }
}
