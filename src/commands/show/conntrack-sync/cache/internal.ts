import { ReadCommand } from '../../../../cli/base-command.js';
import { readFlowCache } from '../../../../readers/flow-cache.js';
import { envelope } from '../../../../cli/envelope.js';
import { renderCacheTable } from '../../../../renderers/cache-table.js';
import { renderFlowDocument } from '../../../../renderers/flow-document.js';
import { writeFlowJson } from '../../../../renderers/flow-json.js';

export default class ShowConntrackSyncCacheInternal extends ReadCommand {
  static override readonly summary = 'show the flows of this node that conntrackd sends to the peer';
  static override readonly description = `Runs "conntrackd -i". REPLY or NAT says what is translated, or that replies mirror the original; CACHED FOR is the age of the object in the cache, which a resync or a bulk update resets, not the age of the flow.

conntrackd says neither how many flows it dumped nor whether the dump was cut short, so its counters are read before and after: the last line says whether the table is complete, and the exit code is 4 if not.`;
  static override readonly examples = [
    '<%= config.bin %> <%= command.id %>',
    "<%= config.bin %> <%= command.id %> --json | jq '.summary.shown'",
    '<%= config.bin %> <%= command.id %> --from captured-cache.txt',
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowConntrackSyncCacheInternal);
    const source = await this.source(flags);
    const cache = await readFlowCache('internal', source);
    const head = envelope({ schema: 'ctsync/flow-cache/1', cache: 'internal' }, source);
    await this.showFlows(cache, (flows, sink) =>
      this.jsonEnabled()
        ? renderFlowDocument(flows, writeFlowJson, head, sink)
        : renderCacheTable(flows, 'internal', sink),
    );
  }
}
