import { FlowCommand } from '../../../cli/flow-command.js';
import { flowFlags } from '../../../cli/flow-flags.js';
import { dyingQuestion } from '../../../readers/dying-question.js';

export default class ShowConntrackDying extends FlowCommand {
  static override readonly summary = 'show the flows that have ended but are not gone';
  static override readonly description = `Runs "conntrack -L dying -o extended,id" and shows the flows of both families as "show conntrack table" does.

The kernel keeps a flow that has ended in this list only while a listener that asked for reliable events has not taken the news of its end: conntrackd with NetlinkEventsReliable that is stopped or too slow. So there are mostly none; a list that stays long or grows says that conntrackd does not keep up.

Needs root or CAP_NET_ADMIN; where you have neither, the same command is tried through "sudo -n".`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --wide',
    "<%= config.bin %> <%= command.id %> --json | jq '.summary.shown'",
  ];
  static override readonly flags = flowFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackDying);
    const source = await this.source(flags);
    const answer = { document: { schema: 'ctsync/flow-table/1', table: 'dying' }, of: 'dying' } as const;
    await this.answer(dyingQuestion(flags, source), flags, answer, source);
  }
}
