import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { readExpectations } from '../../../readers/expectations.js';
import { renderExpectationTable } from '../../../renderers/expectation-table.js';

export default class ShowConntrackExpect extends ReadCommand {
  static override readonly summary = 'show the flows that helpers expect';
  static override readonly description = `Runs "conntrack -L expect" for IPv4 and for IPv6 (without a family it answers for IPv4 alone) and shows each expectation: a flow that a helper (FTP, TFTP, SIP …) waits for because another flow, its master, announced it. "any" stands for what the expectation's mask leaves open.

Needs root or CAP_NET_ADMIN; where you have neither, the same commands are tried through "sudo -n". The table is complete only if conntrack ended well both times and its own counts equal the expectations read.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq -r '.expectations[].helper'",
    'conntrack -L expect -f ipv6 | <%= config.bin %> <%= command.id %> --from -',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackExpect);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/expectations/1' }, source);
    const listing = await readExpectations(source);
    const { expectations, summary } = listing;
    await this.showJudged({ ...head, expectations, summary }, listing, (sink) => renderExpectationTable(listing, sink));
  }
}
