import * as Args from '@oclif/core/args';
import type { CacheName } from '../model/dump.js';
import type { ExpectationListing } from '../model/expectation.js';
import { Failure } from '../model/failure.js';
import { renderExpectationTable } from '../renderers/expectation-table.js';
import type { SourceOptions } from '../sources/options.js';
import { envelope } from './envelope.js';
import { FlowCommand, type RowFlags } from './flow-command.js';
import { flowFlags } from './flow-flags.js';

/** What of a cache is shown. */
export const cacheArgs = {
  table: Args.string({
    description: 'main: the flows; expect: the flows that helpers expect',
    options: ['main', 'expect'],
    default: 'main',
    // oclif would take a capture that comes through a pipe for the argument.
    ignoreStdin: true,
  }),
};

/** A command that shows what one of conntrackd's caches holds: flows, or expectations. */
export abstract class CacheCommand extends FlowCommand {
  /** @throws Failure USAGE where flags say what expectations do not have */
  protected async showExpectations(
    cache: CacheName,
    flags: RowFlags,
    source: SourceOptions,
    read: () => Promise<ExpectationListing>,
  ): Promise<void> {
    refuseFlagsOfFlows(flags);
    const head = envelope({ schema: 'ctsync/expectation-cache/1', cache }, source);
    const listing = await read();
    const { expectations, summary } = listing;
    await this.showJudged({ ...head, expectations, summary }, listing, (sink) =>
      renderExpectationTable(listing, sink, cache),
    );
  }
}

/** Expectations are few: they are shown as they are, in the one order that conntrackd has them in. */
function refuseFlagsOfFlows(flags: RowFlags): void {
  const { format, ...others } = flags;
  const given = Object.entries(others).find(
    ([name, value]) => name in flowFlags && value !== undefined && value !== false,
  );
  const [flag] = given ?? [];
  const refused =
    flag ?? (format === undefined || format === 'table' || format === 'json' ? undefined : `format ${format}`);
  if (refused === undefined) return;
  throw new Failure('USAGE', `--${refused} is for flows, and "expect" shows expectations.`, {
    next: 'Leave it out, or ask for the flows: main.',
  });
}
