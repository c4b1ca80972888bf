import { Command } from '@oclif/core/command';
import type { DumpVerdict } from '../model/dump.js';
import { Failure } from '../model/failure.js';
import type { FlowStream } from '../model/flow-stream.js';
import { jsonText, toJson } from '../renderers/json.js';
import { progressText, waitingText } from '../renderers/progress-text.js';
import type { Sink } from '../renderers/sink.js';
import { isBundle } from '../bundle/archive/sniff.js';
import { HERE } from '../sources/here.js';
import { daemonConfigPath, type SourceOptions } from '../sources/options.js';
import type { Place } from '../sources/place.js';
import { asFailure, errorDocument } from './as-failure.js';
import { EXIT, exitCodeOf, isEnded } from './exit-codes.js';
import { sourceFlags } from './flags.js';
import type { Outlet } from './outlet.js';
import { openingOf } from './opening-flags.js';
import { Output, ReaderGone } from './output.js';
import { throughPager } from './paged-output.js';
import { Progress, type ProgressText } from './progress.js';
import { reportFailure, reportWarning, stderrColour } from './report.js';
import { onSignals } from './signals.js';

/** What the flags of every reading command say, as oclif parses them. */
export interface SourceFlags {
  from?: string | undefined;
  node?: string | undefined;
  'max-unpacked'?: number | undefined;
  host?: string | undefined;
  'daemon-config'?: string | undefined;
  timeout?: number | undefined;
  'no-sudo': boolean;
  'no-color': boolean;
}

/** What is known about an answer beside the answer. */
type Judged = Pick<DumpVerdict, 'complete' | 'failure' | 'notes' | 'tracking'> & { summary?: { unreadable: number } };

/**
 * A command that reads and shows. It owns what every such command owes its users: the flags of the source, JSON also for
 * errors, exit codes, a quiet end when the reader has gone, and an end at once on Ctrl-C.
 */
export abstract class ReadCommand extends Command {
  static override readonly enableJsonFlag: boolean = true;
  static override readonly baseFlags = sourceFlags;

  /** Ends all reading. */
  protected readonly interruption = new AbortController();
  private output: Outlet | undefined;
  private noColor = false;
  private isAltered = false;

  protected override async init(): Promise<void> {
    await super.init();
    // Asked before the flags are parsed: what is wrong with them is an error without colours, too.
    this.noColor = this.argv.includes('--no-color');
    onSignals((exitCode) => this.interrupt(exitCode));
  }

  /** How the readers are to read. */
  protected async source(flags: SourceFlags): Promise<SourceOptions> {
    const silenceMs = flags.timeout === undefined ? undefined : flags.timeout * 1000;
    const bundle = await this.bundle(flags);
    const place = bundle ?? (flags.host === undefined ? HERE : await this.open(flags.host, silenceMs));
    return {
      ...(flags.from === undefined || bundle ? {} : { from: flags.from }),
      place,
      query: {
        daemonConfig: await daemonConfigPath(flags['daemon-config'], place),
        silenceMs,
      },
      sudo: !flags['no-sudo'] && !bundle,
      abort: this.interruption.signal,
    };
  }

  /** What it takes to reach another machine is loaded only where that is wanted. */
  private async open(host: string, silenceMs: number | undefined): Promise<Place> {
    const { openHost } = await import('../sources/remote/open-host.js');
    return openHost(host, silenceMs, this.interruption.signal);
  }

  /** The node of a support bundle, or of an sos report, where `--from` names one. What is wrong with the bundle is said at once. */
  private async bundle({ from, node, ...flags }: SourceFlags): Promise<Place | undefined> {
    if (from === undefined || !(await this.isBundle(from))) {
      if (node === undefined) return undefined;
      throw new Failure(
        'USAGE',
        `--node names a node of a support bundle or an sos report${from === undefined ? '' : `, and ${from} is none`}.`,
        {
          next: 'Leave it out, or name a bundle: --from FILE.',
        },
      );
    }
    const { openRecorded } = await import('../bundle/replay/open-recorded.js');
    const { place, problems } = await openRecorded(from, node, openingOf(flags, this.interruption.signal));
    this.altered(problems);
    return place;
  }

  private async isBundle(from: string): Promise<boolean> {
    if (from !== '-') return isBundle(from);
    const { isArchiveOnStdin } = await import('../bundle/replay/archive-on-stdin.js');
    return isArchiveOnStdin(this.interruption.signal);
  }

  /** What is not as it was collected may be anything; what was read of it is no whole answer. */
  protected altered(problems: readonly string[]): void {
    this.warnOperator(problems);
    this.isAltered = problems.length > 0;
  }

  /** Shows flows as they come, and ends with what their verdict says. */
  protected async showFlows(
    flows: FlowStream,
    render: (flows: FlowStream, sink: Sink) => Promise<void>,
  ): Promise<void> {
    const progress = this.progressOf(flows);
    try {
      await render(flows, progress.endedBefore(this.sink()));
    } finally {
      progress.end();
    }
    await this.sink().end();
    this.conclude(flows.verdict());
  }

  /** Shows what comes piece by piece and is no table of flows, and ends with what is known about it then. */
  protected async showStreamed(render: (sink: Sink) => Promise<void>, verdict: () => Judged): Promise<void> {
    await render(this.sink());
    await this.sink().end();
    this.conclude(verdict());
  }

  /** The same flows, which show how far their reading has come where that takes long and nothing is shown of them. */
  protected followed(flows: FlowStream): FlowStream {
    const progressOf = (): Progress => this.progressOf(flows);
    return {
      progress: () => flows.progress(),
      verdict: () => flows.verdict(),
      async *batches() {
        const progress = progressOf();
        try {
          yield* flows.batches();
        } finally {
          progress.end();
        }
      },
    };
  }

  /** Shows an answer that is known whole: as one JSON document, or as a page. */
  protected async showDocument(document: object, page: () => string): Promise<void> {
    await this.sink().write(this.jsonEnabled() ? this.documentText(document) : page());
    await this.sink().end();
  }

  /** Shows an answer that is known whole with what is known about it, and ends with what that says. */
  protected async showJudged(
    document: object,
    judged: Judged,
    page: (sink: Pick<Sink, 'columns' | 'colour'>) => string,
  ): Promise<void> {
    const { notes, tracking, complete, failure } = judged;
    const ending = { notes: notes.length > 0 ? notes : undefined, tracking, complete, error: failure?.report() };
    await this.showDocument({ ...document, ...ending }, () => page(this.sink()));
    this.conclude(judged);
  }

  /** Warnings on stderr, beside the answer. */
  protected warnOperator(notes: readonly string[]): void {
    notes.forEach((note) => reportWarning(note, stderrColour(this.noColor)));
  }

  /** Width of the terminal; undefined where the answer goes into a pipe or a file. */
  protected get terminalColumns(): number | undefined {
    return this.sink().columns;
  }

  /** Ends with the exit code of an answer that was printed but is not whole. */
  protected concludeIncomplete(): void {
    process.exitCode ||= EXIT.incomplete;
  }

  /** Ends with the exit code of an answer that is no. */
  protected concludeNo(): void {
    process.exitCode ||= EXIT.no;
  }

  private sink(): Outlet {
    const colour = process.stdout.isTTY && !this.noColor && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb';
    return (this.output ??= this.paged(new Output(colour, this.interruption.signal)));
  }

  /** Whether the answer is a page for people, and no document or table for a program. */
  protected get isPage(): boolean {
    return !this.jsonEnabled();
  }

  private paged(output: Output): Outlet {
    if (!this.isPage || this.argv.includes('--no-pager')) return output;
    return throughPager(output, {
      onGone: () => this.interruption.abort(),
      warn: (text) => this.warnOperator([text]),
    });
  }

  private progressOf(flows: FlowStream): Progress {
    return this.progress((seconds, room) => progressText(flows.progress(), seconds, room));
  }

  /** Shows how far something long has come. The answer is to be called when that is over. */
  protected working(text: ProgressText): () => void {
    const progress = this.progress(text);
    return () => progress.end();
  }

  private progress(text: ProgressText): Progress {
    return new Progress(text, this.interruption.signal);
  }

  /** Shows that it is waited for something to be read a second time. The answer is to be called when that is over. */
  protected waiting(milliseconds: number): () => void {
    const progress = this.progress((seconds, room) => waitingText(milliseconds / 1000 - seconds, room));
    return () => progress.end();
  }

  /** Whether a document is to be one line: where a line is all that a program reads at once. */
  protected get oneLineDocuments(): boolean {
    return false;
  }

  private documentText(document: object): string {
    return `${this.oneLineDocuments ? jsonText(document) : toJson(document)}\n`;
  }

  /** Ends with what a verdict says: warnings, the failure, and the exit code of an answer that is not whole. */
  protected conclude({ notes, failure, summary }: Judged): void {
    this.warnOperator(notes);
    if (failure) reportFailure(failure, stderrColour(this.noColor));
    if (failure || (summary && summary.unreadable > 0)) this.concludeIncomplete();
  }

  /** Whether a second signal, which asks for this exit code, ends us at once: who only reads leaves nothing behind. */
  protected leaves(_exitCode: number): boolean {
    return true;
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    if (error === undefined && this.isAltered) this.concludeIncomplete();
    await super.finally(error);
  }

  protected override async catch(thrown: unknown): Promise<void> {
    const error = await this.afterPager(thrown);
    if (error instanceof ReaderGone) return;
    const failure = asFailure(error);
    process.exitCode ||= exitCodeOf(failure);
    // Once a document has begun, an error can no longer be one of its own.
    if (this.jsonEnabled() && !this.output?.started) await this.writeFailure(failure);
    else reportFailure(failure, stderrColour(this.noColor));
  }

  /**
   * What is to be said once a pager has left the terminal. To quit it early is no error; one that has crashed is, and so is
   * an answer that was interrupted before.
   */
  private async afterPager(error: unknown): Promise<unknown> {
    const { output } = this;
    try {
      await output?.end();
    } catch (later) {
      if (error instanceof ReaderGone) error = later;
    }
    if (!output?.paging || !isEnded() || !(error instanceof ReaderGone)) return error;
    return Failure.interrupted();
  }

  /** As a document; where that can't be written (a full disk), the sentences are better than nothing. */
  private async writeFailure(failure: Failure): Promise<void> {
    try {
      await this.sink().write(this.documentText(errorDocument(failure)));
    } catch (error) {
      if (!(error instanceof ReaderGone)) reportFailure(failure, stderrColour(this.noColor));
    }
  }

  /**
   * The first signal lets the answer be closed properly; the second one does not wait for anything. While a pager has the
   * terminal, Ctrl-C is for it, too, and it is for the operator to quit.
   */
  private interrupt(exitCode: number): void {
    const again = this.interruption.signal.aborted;
    const paging = this.output?.paging === true && exitCode === EXIT.interrupted;
    if (again && !paging && this.leaves(exitCode)) process.exit(exitCode);
    process.exitCode = exitCode;
    this.interruption.abort();
    if (exitCode !== EXIT.interrupted) this.output?.terminate();
  }
}
