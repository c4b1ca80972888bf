import { ReadCommand } from '../../../cli/base-command.js';
import { envelope } from '../../../cli/envelope.js';
import { readFlowCount } from '../../../readers/flow-count.js';
import { renderCountPage } from '../../../renderers/count-page.js';

export default class ShowConntrackCount extends ReadCommand {
  static override readonly summary = 'show how full the flow table is';
  static override readonly description = `Reads the kernel's own count of flows, its limit and the size of its hash table from /proc/sys/net/netfilter, without a look at a single flow: at once, however many there are.

Needs no rights, and runs no tool: everybody may read these files, while "conntrack -C" fails without rights although it prints the number. Only the number of expectations is root's to know. The count includes flows that have expired until the kernel removes them, so a listing shows fewer.

With --from, reads the output of "conntrack -C" or of "sysctl net.netfilter".`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.count.used'",
    'sysctl net.netfilter | <%= config.bin %> <%= command.id %> --from -',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackCount);
    const source = await this.source(flags);
    const head = envelope({ schema: 'ctsync/flow-count/1' }, source);
    const reading = await readFlowCount(source);
    await this.showJudged({ ...head, count: reading.count }, reading, () => renderCountPage(reading.count));
  }
}
