import { showsBlocks } from '../../../cli/blocks.js';
import { envelope } from '../../../cli/envelope.js';
import { FlowCommand } from '../../../cli/flow-command.js';
import { topFlags } from '../../../cli/top-flags.js';
import type { Family } from '../../../model/flow.js';
import { topQuestion } from '../../../readers/top-flows.js';
import { dumpEnding } from '../../../renderers/flow-document.js';
import { renderTopCsv } from '../../../renderers/top-csv.js';
import { renderTopTable } from '../../../renderers/top-table.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

export default class ShowConntrackTop extends FlowCommand {
  static override readonly summary = 'show who has the most flows, bytes or packets';
  static override readonly description = `Reads the flows that the kernel tracks, as "show conntrack table" does and with the same filters, and counts them by groups: the largest first, then what is left, and the total.

Counts are exact up to 131,072 groups; beyond that each says by how much it may be wrong. Bytes and packets are those of both directions, since each flow began. With --interval the table is read twice: bytes and packets are then those of every flow that is still there at the second reading, since the first one or since it began; flows are gains and losses; new are the flows that the first reading did not have. What ended between the readings is in neither. The exit code is 4 where a reading is not complete.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --by dst,dport --unreplied',
    '<%= config.bin %> <%= command.id %> --by src/24 --metric bytes --limit 5',
    '<%= config.bin %> <%= command.id %> --by protocol,state --json | jq .groups',
    '<%= config.bin %> <%= command.id %> --from captured-table.txt --by dport --format csv',
  ];
  static override readonly flags = topFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackTop);
    const source = await this.source(flags);
    const question = topQuestion(flags.family ? [flags.family] : FAMILIES, flags, source);
    if (flags.explain) return this.showExplanation(question, source);
    const head = envelope({ schema: 'ctsync/flow-top/1' }, source);
    const answer = await question.answer({
      reading: (flows) => this.followed(flows),
      waiting: (milliseconds) => this.waiting(milliseconds),
    });
    const { top, verdict } = answer;
    const view = { names: question.names, terminal: this.terminalColumns, blocks: showsBlocks() };
    await this.showDocument({ ...head, ...top, ...Object.fromEntries(dumpEnding(verdict)) }, () =>
      flags.format === 'csv' ? renderTopCsv(top, question.names) : renderTopTable(answer, view),
    );
    this.conclude(verdict);
  }
}
