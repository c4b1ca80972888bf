import { FlowCommand } from '../../../../cli/flow-command.js';
import { flowFlags } from '../../../../cli/flow-flags.js';
import { tableDescription, tableExamples } from '../../../../cli/table-help.js';
import type { Family } from '../../../../model/flow.js';
import { tableQuestion } from '../../../../readers/table-question.js';

const FAMILIES: readonly Family[] = ['ipv4'];

export default class ShowConntrackTableIpv4 extends FlowCommand {
  static override readonly summary = 'show the IPv4 flows that the kernel tracks';
  static override readonly description = tableDescription('"conntrack -L -f ipv4 -o extended,id"');
  static override readonly examples = tableExamples('10.0.0.0/8');
  static override readonly flags = flowFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackTableIpv4);
    const source = await this.source(flags);
    const answer = { document: { schema: 'ctsync/flow-table/1' }, of: FAMILIES };
    await this.answer(tableQuestion(FAMILIES, flags, source), flags, answer, source);
  }
}
