import type { SourceOptions } from '../sources/options.js';
import type { ToolCommand, ToolStream } from '../sources/tool.js';
import { stream } from './privileged.js';

/** How conntrack ends that does not know an argument (formats.md §7). */
const REFUSED = 2;

/**
 * A dump of flows that conntrack selects itself. Where an older one does not know an argument, it ends before it has printed
 * anything, and all flows are read instead: what comes is filtered by us in any case.
 */
export function selectedDump(selected: ToolCommand, all: ToolCommand, options: SourceOptions): ToolStream {
  let dump = stream(selected, options);
  async function* chunks(): AsyncGenerator<Buffer> {
    yield* dump.chunks;
    if ((await dump.outcome()).exitCode !== REFUSED) return;
    dump = stream(all, options);
    yield* dump.chunks;
  }
  return {
    get command() {
      return dump.command;
    },
    chunks: chunks(),
    outcome: () => dump.outcome(),
  };
}
