import { FlowCommand } from '../../../../cli/flow-command.js';
import { flowFlags } from '../../../../cli/flow-flags.js';
import type { Family } from '../../../../model/flow.js';
import { askTable } from '../../../../readers/ask-table.js';

const FAMILIES: readonly Family[] = ['ipv4'];

export default class ShowConntrackTableIpv4 extends FlowCommand {
  static override readonly summary = 'show the IPv4 flows that the kernel tracks';
  static override readonly description = `Runs "conntrack -L -f ipv4 -o extended,id" and shows each flow as it comes, however many there are. The filter flags have to match together; what conntrack can filter itself is left to it, and --explain says what. The language of --filter is described in docs/filter.md.

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
    const { flags } = await this.parse(ShowConntrackTableIpv4);
    const source = await this.source(flags);
    const answer = { document: { schema: 'ctsync/flow-table/1' }, of: FAMILIES };
    await this.answer(await askTable(FAMILIES, flags, source), flags, answer, source);
  }
}
