import type { CheckName, Doubt } from '../../model/check.js';
import type { SignedSample } from '../../model/daemon-sign.js';
import { Failure } from '../../model/failure.js';
import { type Baseline, readBaseline, saveBaseline } from './baseline.js';

/** The state file of a check. What is wrong with the file is no reason to keep silent about the node: it is a doubt. */
export class StateFile {
  /** Why the file could not be used. */
  readonly doubts: Doubt[] = [];

  constructor(
    private readonly path: string,
    private readonly check: CheckName,
  ) {}

  read(): Baseline {
    try {
      return readBaseline(this.path, this.check);
    } catch (error) {
      this.doubt(error);
      return { missing: 'the state file can not be read' };
    }
  }

  /**
   * Leaves a sample for the next run; where the file can't even be read, there is nothing to be said twice.
   *
   * @throws Failure INTERRUPTED
   */
  async save(kept: SignedSample, abort: AbortSignal): Promise<void> {
    if (this.doubts.length > 0) return;
    try {
      await saveBaseline(this.path, this.check, kept, abort);
    } catch (error) {
      if (abort.aborted) throw Failure.interrupted();
      this.doubt(error);
    }
  }

  private doubt(error: unknown): void {
    if (!(error instanceof Failure) || error.code !== 'OUTPUT_FAILED') throw error;
    this.doubts.push({ message: error.message, next: error.next });
  }
}
