import { Failure } from '../model/failure.js';
import type { SourceOptions } from '../sources/options.js';
import { ReadCommand, type SourceFlags } from './base-command.js';

/** What is told while something is collected, and once that is over. */
interface Collecting {
  onItem: (node: string, name: string) => void;
  end: () => void;
}

/** A command that collects what one node has to say, or two of a pair. */
export abstract class CollectingCommand extends ReadCommand {
  /** The other node; that it can't be reached is the very case that a bundle may be for. */
  protected peer(host: string, flags: SourceFlags): Promise<SourceOptions | Failure> {
    return this.source({ ...flags, host }).catch((error: unknown) => {
      if (error instanceof Failure && error.code === 'HOST_UNREACHABLE') return error;
      throw error;
    });
  }

  /** Shows what is being collected, and how much was. */
  protected collecting(): Collecting {
    let now = '';
    let items = 0;
    const end = this.working((seconds, room) => `collecting ${now} (${items} so far, ${seconds} s)`.slice(0, room));
    const onItem = (node: string, name: string): void => {
      now = `${node}/${name}`;
      items++;
    };
    return { onItem, end };
  }
}
