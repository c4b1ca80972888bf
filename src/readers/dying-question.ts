import type { FlowExplanation, FlowQuestion } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import { conjuncts } from '../query/filter/ast.js';
import { compile } from '../query/filter/compile.js';
import { print } from '../query/filter/print.js';
import type { SourceOptions } from '../sources/options.js';
import { commandLine } from '../sources/tool.js';
import { dyingFlows } from '../sources/queries.js';
import { FilteredQuestion, type QuestionFlags } from './flow-question.js';
import { readDyingFlows } from './kernel-table.js';

/**
 * A question about the flows that have ended but are not gone. There are few, so nothing is left to conntrack.
 *
 * @throws Failure USAGE
 */
export function dyingQuestion(flags: QuestionFlags, source: SourceOptions): FlowQuestion {
  return new DyingQuestion(flags, source);
}

class DyingQuestion extends FilteredQuestion {
  matching(): Promise<FlowStream> {
    return readDyingFlows({ accepts: this.filter && compile(this.filter) }, this.source);
  }

  explanation(): FlowExplanation {
    const { tool, args } = dyingFlows(this.source.query);
    const because = 'there are few dying flows';
    const kept = (this.filter ? conjuncts(this.filter) : []).map((filter) => ({ filter: print(filter), because }));
    return {
      lines: [
        commandLine({ tool, args, silenceMs: 0 }),
        ...kept.map(({ filter }) => `  ctsync filters  ${filter}  ${because}`),
      ],
      commands: [{ command: [tool, ...args], pushed: [], kept }],
    };
  }
}
