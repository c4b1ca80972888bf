import { ReadCommand } from '../../../../cli/base-command.js';
import { wideFlag } from '../../../../cli/flags.js';
import { readKernelTable } from '../../../../readers/kernel-table.js';
import { renderFlowTable } from '../../../../renderers/flow-table.js';

export default class ShowConntrackTableIpv4 extends ReadCommand {
  static override readonly summary = 'show the IPv4 flows that the kernel tracks';
  static override readonly description = `Runs "conntrack -L -f ipv4 -o extended,id" and shows each flow as it comes, however many there are.

Needs root or CAP_NET_ADMIN; where you have neither, the same command is tried through "sudo -n". The table is complete only if conntrack ended well and its own count equals the flows read: the last line says so, and the exit code is 4 if not.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --wide',
    "<%= config.bin %> <%= command.id %> --json | jq '.flows | length'",
    '<%= config.bin %> <%= command.id %> --from captured-table.txt',
  ];
  static override readonly flags = { wide: wideFlag };

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackTableIpv4);
    const source = await this.source(flags);
    const table = await readKernelTable('ipv4', source);
    await this.showFlows(table, { schema: 'ctsync/flow-table/1' }, source, (sink) =>
      renderFlowTable(table, 'ipv4', flags.wide, sink),
    );
  }
}
