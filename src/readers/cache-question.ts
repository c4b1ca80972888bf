import type { CacheName } from '../model/dump.js';
import type { ExplainedCommand, FlowExplanation, FlowQuestion, Reading } from '../model/flow-question.js';
import type { FlowStream } from '../model/flow-stream.js';
import { type CacheLines, notesOnGaps, refuseGaps, type Wanted } from '../query/cache-gaps.js';
import { asksBehindCounters, conjuncts } from '../query/filter/ast.js';
import { compile } from '../query/filter/compile.js';
import { print } from '../query/filter/print.js';
import { capturedAt, type SourceOptions } from '../sources/options.js';
import { commandLine } from '../sources/tool.js';
import { flowCache, generalStatistics, runtimeStatistics } from '../sources/queries.js';
import type { ToolCommand } from '../sources/tool.js';
import { readFlowCache } from './flow-cache.js';
import { FilteredQuestion, type QuestionFlags } from './flow-question.js';
import { notesOnCounting } from './notes-on-counting.js';

/**
 * A question about the flows in a cache of conntrackd. It gives a cache as a whole, so nothing of a filter is left to it.
 *
 * @throws Failure USAGE, also for what this cache can't tell (query/cache-gaps)
 */
export function cacheQuestion(cache: CacheName, flags: QuestionFlags, source: SourceOptions): FlowQuestion {
  return new CacheQuestion(cache, flags, source);
}

const BECAUSE = 'conntrackd gives a cache as a whole';
const WHY_COUNTERS = '  asked before and after it: the counters say whether it came whole';

class CacheQuestion extends FilteredQuestion {
  private readonly cache: CacheName;
  private readonly wanted: Wanted;

  constructor(cache: CacheName, flags: QuestionFlags, source: SourceOptions) {
    super(flags, source);
    this.cache = cache;
    this.wanted = { filter: this.filter, sort: flags.sort, columns: flags.columns };
    // What the cache is like is not known yet: refused is what it could not tell either way.
    refuseGaps(cache, cache === 'internal' ? 'kernel' : 'cache', this.wanted);
  }

  matching({ upToCounters = false }: Reading = {}): Promise<FlowStream> {
    const { cache, filter, source } = this;
    const request = {
      accepts: filter && compile(filter),
      upToCounters: upToCounters && (filter === undefined || !asksBehindCounters(filter)),
      notesOn: (lines: CacheLines) => this.notesOn(lines),
    };
    return readFlowCache(cache, request, source);
  }

  /** @throws Failure USAGE */
  private async notesOn(lines: CacheLines): Promise<string[]> {
    const { cache, wanted, source } = this;
    refuseGaps(cache, lines, wanted);
    const isCounted = lines === 'kernel' && source.from === undefined;
    const onCounting = isCounted ? await notesOnCounting(wanted.filter, wanted.sort ?? '', source.place) : [];
    return [...notesOnGaps(cache, wanted), ...onCounting];
  }

  explanation(): FlowExplanation {
    const captured = capturedAt(this.source);
    if (captured !== undefined) return { lines: [notRun(captured)], commands: [] };
    const { query } = this.source;
    const filters = (this.filter ? conjuncts(this.filter) : []).map(print);
    const width = Math.max(...filters.map((filter) => filter.length));
    const cache = flowCache(this.cache, query);
    const counters = [generalStatistics(query), runtimeStatistics(query)];
    return {
      lines: [
        commandLine(cache),
        ...filters.map((filter) => `  ctsync filters  ${filter.padEnd(width)}  ${BECAUSE}`),
        ...counters.flatMap((command) => [commandLine(command), WHY_COUNTERS]),
      ],
      commands: [
        { ...explained(cache), kept: filters.map((filter) => ({ filter, because: BECAUSE })) },
        ...counters.map(explained),
      ],
    };
  }
}

function notRun(from: string): string {
  return `conntrackd is not run: ctsync reads ${from === '-' ? 'stdin' : from}, and filters it itself.`;
}

function explained({ tool, args }: ToolCommand): ExplainedCommand {
  return { command: [tool, ...args], pushed: [], kept: [] };
}
