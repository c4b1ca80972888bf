import type { Outlet } from './outlet.js';
import type { Output } from './output.js';
import type { Pager, PagerEvents } from './pager.js';
import { choosePager } from './pager-choice.js';

/** How long rows are held back until it is known whether they fill more than a screen. */
const HELD_MS = 1000;
const FEWEST_ROWS = 2;
/** Of a terminal that does not say, such as a serial line. */
const USUAL_ROWS = 24;

/** A page's way to the operator: through a pager where stdout is a terminal, its keys come from one, and one is wanted. */
export function throughPager(output: Output, events: PagerEvents): Outlet {
  const { stdin, stdout, env } = process;
  if (!stdin.isTTY || !stdout.isTTY || env['TERM'] === 'dumb') return output;
  const choice = choosePager(env, { uid: process.getuid?.(), euid: process.geteuid?.() });
  if (choice === undefined) return output;
  return new PagedOutput(output, async () => {
    // Short pages need none.
    const { Pager } = await import('./pager.js');
    return Pager.start(choice, events);
  });
}

/**
 * A page on a terminal: more than a screenful goes through a pager, less than that never starts one.
 *
 * Rows are held back until either is certain, but not for longer than a second: a slow scan shows what it has found then,
 * and each row as it comes. Should it find more than a screenful after all, these rows are taken off the screen again,
 * and the pager shows the page from its beginning.
 */
class PagedOutput implements Outlet {
  private readonly output: Output;
  private readonly startPager: () => Promise<Pager | undefined>;
  /** What a pager would have to be given first; undefined once it is settled who shows the page. */
  private held: Buffer[] | undefined = [];
  private lines = 0;
  /** Rows of the screen that what is held takes, with those of lines that are wider than it. */
  private rows = 0;
  /** Whether what is held stands on the screen already. */
  private shown = false;
  private patience: NodeJS.Timeout | undefined;
  private pager: Pager | undefined;

  /** @param startPager gives undefined where there is no pager after all */
  constructor(output: Output, startPager: () => Promise<Pager | undefined>) {
    this.output = output;
    this.startPager = startPager;
  }

  get columns(): number | undefined {
    return this.output.columns;
  }

  get colour(): boolean {
    return this.output.colour;
  }

  get started(): boolean {
    return this.output.started || this.lines > 0;
  }

  get paging(): boolean {
    return this.pager !== undefined;
  }

  async write(bytes: Uint8Array | string): Promise<void> {
    if (this.pager) return this.pager.write(bytes);
    if (this.held === undefined) return this.output.write(bytes);
    // The writer uses its buffer again.
    const kept = Buffer.from(bytes as Uint8Array);
    const shownRows = this.shown ? this.rows : 0;
    this.held.push(kept);
    this.count(kept);
    if (this.lines >= this.screenRows) return this.page(this.held, shownRows);
    if (this.shown) return this.output.write(kept);
    this.patience ??= setTimeout(() => this.showHeld(), HELD_MS);
  }

  async end(): Promise<void> {
    if (this.pager) return this.pager.end();
    clearTimeout(this.patience);
    const { held, shown } = this;
    this.held = undefined;
    if (held && held.length > 0 && !shown) await this.output.write(Buffer.concat(held));
  }

  terminate(): void {
    this.pager?.terminate();
  }

  private get screenRows(): number {
    return Math.max(process.stdout.rows || USUAL_ROWS, FEWEST_ROWS);
  }

  private count(bytes: Buffer): void {
    const columns = this.columns ?? Infinity;
    for (const line of uncoloured(bytes.toString('utf8')).split('\n').slice(0, -1)) {
      this.lines++;
      this.rows += Math.max(1, Math.ceil(line.length / columns));
    }
  }

  /** A write that fails is thrown by the next one. */
  private showHeld(): void {
    if (this.held === undefined || this.shown) return;
    this.shown = true;
    this.output.write(Buffer.concat(this.held)).catch(() => undefined);
  }

  /**
   * There is more than a screenful: the pager has all of it, from the beginning.
   *
   * @param shownRows rows of the screen that all but the last of it stands on
   */
  private async page(held: readonly Buffer[], shownRows: number): Promise<void> {
    clearTimeout(this.patience);
    this.held = undefined;
    // What has scrolled away can't be taken off the screen.
    const pager = shownRows < this.screenRows ? await this.startPager() : undefined;
    if (pager === undefined) return this.output.write(this.shown ? held.at(-1)! : Buffer.concat(held));
    if (shownRows > 0) await this.output.write(`\r\u001b[${shownRows}A\u001b[J`);
    this.pager = pager;
    await pager.write(Buffer.concat(held));
  }
}

/** The text as wide as it is on the screen: the sequences that colour it take no room. */
function uncoloured(text: string): string {
  // eslint-disable-next-line no-control-regex -- these are what is to be taken away
  return text.replace(/\u001b\[[\d;]*m/g, '');
}
