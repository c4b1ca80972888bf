import { HERE } from '../../src/sources/here.js';
import type { SourceOptions } from '../../src/sources/options.js';

/** How a reader is told to read a capture. */
export function capturedFrom(path: string, abort: AbortSignal = new AbortController().signal): SourceOptions {
  return { from: path, place: HERE, query: { daemonConfig: '/nonexistent', silenceMs: undefined }, sudo: false, abort };
}
