import { cacheDescription, cacheExamples } from '../../../../cli/cache-help.js';
import { cacheArgs, CacheCommand } from '../../../../cli/cache-command.js';
import { flowFlags } from '../../../../cli/flow-flags.js';
import { cacheQuestion } from '../../../../readers/cache-question.js';
import { readExpectationCache } from '../../../../readers/expectation-cache.js';

export default class ShowConntrackSyncCacheInternal extends CacheCommand {
  static override readonly summary = 'show the flows of this node that conntrackd sends to the peer';
  static override readonly description = cacheDescription(
    'Runs "conntrackd -i". REPLY or NAT says what is translated, or that replies mirror the original;',
  );
  static override readonly examples = cacheExamples('nat and not state established');
  static override readonly args = cacheArgs;
  static override readonly flags = flowFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ShowConntrackSyncCacheInternal);
    const source = await this.source(flags);
    if (args.table === 'expect') {
      return this.showExpectations('internal', flags, source, () => readExpectationCache('internal', source));
    }
    const answer = { document: { schema: 'ctsync/flow-cache/1', cache: 'internal' }, of: 'internal' } as const;
    await this.answer(cacheQuestion('internal', flags, source), flags, answer, source);
  }
}
