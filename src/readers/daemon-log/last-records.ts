import type { LogRecord } from '../../model/daemon-log.js';

/** The last so many records of as many as come, in constant memory. */
export class LastRecords {
  /** How many came before those. */
  dropped = 0;
  private readonly most: number;
  private kept: LogRecord[] = [];

  constructor(most: number) {
    this.most = most;
  }

  add(records: readonly LogRecord[]): void {
    for (const record of records) this.kept.push(record);
    // Not for each record: to shorten a list costs as much as the list is long.
    if (this.kept.length >= 2 * this.most + records.length) this.shorten();
  }

  records(): LogRecord[] {
    this.shorten();
    return this.kept;
  }

  private shorten(): void {
    const tooMany = Math.max(this.kept.length - this.most, 0);
    this.dropped += tooMany;
    this.kept = this.kept.slice(tooMany);
  }
}
