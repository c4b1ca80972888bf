import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** No answer within this is none. */
const LOOKUP_MS = 1000;
/** What all lookups of a run together may keep the answer waiting. */
const BUDGET_MS = 5000;
const AT_ONCE = 16;

/** The names of addresses, asked of the system's name servers and hosts file (reverse lookups), once each, in bounded time. */
export class HostNames {
  private readonly resolver = new Resolver({ timeout: LOOKUP_MS, tries: 1 });
  private readonly abort: AbortSignal;
  /** Undefined where an address has none. */
  private readonly known = new Map<string, string | undefined>();
  /** Ends each lookup that is under way, as one without an answer. */
  private readonly underWay = new Set<() => void>();
  private left = BUDGET_MS;
  private stopped = false;
  private skipped = false;

  constructor(abort: AbortSignal) {
    this.abort = abort;
  }

  /** The name of an address that {@link lookUp} has found. */
  get(address: string): string | undefined {
    return this.known.get(address);
  }

  /** Whether an address was left without an answer, because the time for all of them was over. */
  get spent(): boolean {
    return this.skipped;
  }

  /** Settles once all the addresses have been asked for, or there is no more time for that. Never throws. */
  async lookUp(addresses: ReadonlySet<string>): Promise<void> {
    const waiting = [...addresses].filter((address) => !this.known.has(address));
    if (waiting.length === 0) return;
    if (!this.stopped) await this.lookUpAll(waiting.reverse());
    if (this.stopped && !this.abort.aborted) this.skipped = true;
  }

  private async lookUpAll(waiting: string[]): Promise<void> {
    const started = performance.now();
    const stop = (): void => this.stop();
    const timer = setTimeout(stop, this.left);
    this.abort.addEventListener('abort', stop);
    if (this.abort.aborted) stop();
    await Promise.all(Array.from({ length: AT_ONCE }, () => this.askInTurn(waiting)));
    this.abort.removeEventListener('abort', stop);
    clearTimeout(timer);
    this.left -= performance.now() - started;
  }

  private stop(): void {
    this.stopped = true;
    this.resolver.cancel();
    for (const giveUp of this.underWay) giveUp();
  }

  private async askInTurn(waiting: string[]): Promise<void> {
    while (!this.stopped) {
      const address = waiting.pop();
      if (address === undefined) return;
      this.known.set(address, await this.ask(address));
    }
  }

  private ask(address: string): Promise<string | undefined> {
    return new Promise((resolve) => {
      const settle = (names: readonly string[]): void => {
        clearTimeout(timer);
        this.underWay.delete(giveUp);
        // An address for a name would be taken for the flow's own.
        resolve(names.find((name) => name !== '' && isIP(name) === 0));
      };
      const giveUp = (): void => settle([]);
      // The resolver's own deadline is for each of its servers.
      const timer = setTimeout(giveUp, LOOKUP_MS);
      this.underWay.add(giveUp);
      this.resolver.reverse(address).then(settle, giveUp);
    });
  }
}
