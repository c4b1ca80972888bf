import { FlowCommand } from '../../../../cli/flow-command.js';
import { flowFlags } from '../../../../cli/flow-flags.js';
import type { Family } from '../../../../model/flow.js';
import { askTable } from '../../../../readers/ask-table.js';

const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];

export default class ShowConntrackTable extends FlowCommand {
  static override readonly summary = 'show the flows that the kernel tracks';
  static override readonly description = `Runs "conntrack -L -o extended,id" for IPv4, then for IPv6, and shows each flow as it comes, however many there are. The filter flags have to match together; what conntrack can filter itself is left to it, and --explain says what. The language of --filter is described in docs/filter.md.

Needs root or CAP_NET_ADMIN; where you have neither, the same command is tried through "sudo -n". The table is complete only if conntrack ended well and its own count equals the flows read: the last line says so, and the exit code is 4 if not.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --source 10.0.0.0/8 --port 443 --unreplied',
    "<%= config.bin %> <%= command.id %> --filter 'bytes gt 10M and not state established' --sort=-bytes --limit 20 --wide",
    "<%= config.bin %> <%= command.id %> --protocol tcp --json | jq '.summary.shown'",
    '<%= config.bin %> <%= command.id %> --from captured-table.txt --count',
  ];
  static override readonly flags = flowFlags;

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackTable);
    const source = await this.source(flags);
    const answer = { document: { schema: 'ctsync/flow-table/1' }, of: FAMILIES };
    await this.answer(await askTable(FAMILIES, flags, source), flags, answer, source);
  }
}
