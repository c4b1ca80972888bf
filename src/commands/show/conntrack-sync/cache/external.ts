import { cacheDescription, cacheExamples } from '../../../../cli/cache-help.js';
import { cacheArgs, CacheCommand } from '../../../../cli/cache-command.js';
import { flowFlags } from '../../../../cli/flow-flags.js';
import { cacheQuestion } from '../../../../readers/cache-question.js';
import { readExpectationCache } from '../../../../readers/expectation-cache.js';

export default class ShowConntrackSyncCacheExternal extends CacheCommand {
  static override readonly summary = 'show the flows that the peer has sent to conntrackd';
  static override readonly description = cacheDescription(
    'Runs "conntrackd -e". conntrackd keeps no reply tuple there, so REPLY or NAT is not known before a flow is committed to the kernel;',
  );
  static override readonly examples = cacheExamples('tcp and dst port 22 and not state established');
  static override readonly args = cacheArgs;
  static override readonly flags = flowFlags;

  async run(): Promise<void> {
    const { args, flags } = await this.parse(ShowConntrackSyncCacheExternal);
    const source = await this.source(flags);
    if (args.table === 'expect') {
      return this.showExpectations('external', flags, source, () => readExpectationCache('external', source));
    }
    const answer = { document: { schema: 'ctsync/flow-cache/1', cache: 'external' }, of: 'external' } as const;
    await this.answer(cacheQuestion('external', flags, source), flags, answer, source);
  }
}
