import type { Sink } from '../../src/renderers/sink.js';

/** What a renderer writes, kept: as a terminal of so many columns would get it, or a pipe. */
export class MemorySink implements Sink {
  readonly colour: boolean;
  readonly columns: number | undefined;
  private readonly writes: Buffer[] = [];

  constructor({ columns, colour = false }: { columns?: number; colour?: boolean } = {}) {
    this.columns = columns;
    this.colour = colour;
  }

  write(bytes: Uint8Array | string): Promise<void> {
    // The writer uses its buffer again as soon as we are done with it.
    this.writes.push(Buffer.from(bytes as Uint8Array));
    return Promise.resolve();
  }

  get text(): string {
    return Buffer.concat(this.writes).toString('utf8');
  }

  /** How many writes there were. */
  get count(): number {
    return this.writes.length;
  }
}
