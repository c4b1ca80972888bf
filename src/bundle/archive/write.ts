import { dirname, join } from 'node:path';
import { createGzip } from 'node:zlib';
import type { BundleManifest } from '../../model/bundle.js';
import { Failure } from '../../model/failure.js';
import { Spool } from '../../sources/spool.js';
import { SpooledItem, type Stored } from './item-spool.js';
import { USUAL_LIMITS } from './limits.js';
import { checkManifest } from './manifest.js';
import { bundleFolder, isSafePath, MANIFEST } from './member-name.js';
import { type OutputFile, outputFailure, refuseOutput, writeOutput } from './output-file.js';
import { partName, removeAbandoned } from './part-names.js';
import { pumped } from './pumped.js';
import { type PackedFile, tarred } from './tarred.js';

/** Where an archive goes that is no file: it settles once the bytes are gone. */
export interface ArchiveSink {
  write(bytes: Uint8Array): Promise<void>;
}

/** A file, or what takes the archive as it is made: stdout. */
export type BundleOutput = OutputFile | { sink: ArchiveSink };

const PIECE_BYTES = 64 * 1024;
/** Half the time of the usual 6, for an archive that is an eighth larger: somebody waits for it. */
const LEVEL = 4;
const WHAT = 'What was collected';

/**
 * Writes a support bundle: items are taken in as they come, also several at once, and kept beside the output, packed and
 * without a name, until the manifest is known. Memory does not grow with them. Whatever happens, there is a whole archive at
 * the end or none, and nothing else.
 */
export class BundleWriter {
  private readonly output: BundleOutput;
  private readonly spool: Spool;
  private readonly abort: AbortSignal;
  private readonly paths = new Set<string>();
  private readonly items = new Map<string, SpooledItem>();

  private constructor(output: BundleOutput, spool: Spool, abort: AbortSignal) {
    this.output = output;
    this.spool = spool;
    this.abort = abort;
  }

  /**
   * Begins a bundle. What a killed run has left beside the output is removed.
   *
   * @throws Failure OUTPUT_FAILED where nothing can be written there, or something is there already
   */
  static async open(output: BundleOutput, abort: AbortSignal): Promise<BundleWriter> {
    if ('sink' in output) return new BundleWriter(output, await Spool.open(WHAT), abort);
    const folder = dirname(output.path);
    try {
      refuseOutput(output);
      await removeAbandoned(folder);
      return new BundleWriter(output, await Spool.at(join(folder, await partName()), WHAT), abort);
    } catch (error) {
      throw failureAt(output, error);
    }
  }

  /**
   * Takes in what one tool or file says, at most so many bytes of it. Where it ends before its time, what came until then is
   * kept, and why it ended is told.
   *
   * @param path node and name of the item: `r1/conntrackd/s-runtime.txt`
   * @throws Failure OUTPUT_FAILED where there is no room, INTERRUPTED; nothing can be added then
   */
  async add(path: string, chunks: AsyncIterable<Uint8Array>, maxBytes = Number.POSITIVE_INFINITY): Promise<Stored> {
    if (!isSafePath(path) || this.paths.has(path)) throw new Failure('INTERNAL', `No item can be called ${path}.`);
    this.paths.add(path);
    try {
      const item = await SpooledItem.keep(chunks, this.spool, maxBytes);
      if (this.abort.aborted) throw Failure.interrupted();
      this.items.set(path, item);
      return item.stored;
    } catch (error) {
      throw failureAt(this.output, error);
    }
  }

  /**
   * Writes the archive: the manifest, and then every item in the order of the manifest.
   *
   * @throws Failure OUTPUT_FAILED, INTERRUPTED, what the sink throws; INTERNAL where the manifest is not that of the items
   */
  async finish(manifest: BundleManifest): Promise<void> {
    try {
      const archive = this.archive(this.filesOf(manifest), new Date(manifest.created_at));
      if ('sink' in this.output) for await (const piece of archive) await this.output.sink.write(piece);
      else await writeOutput(this.output, archive, this.abort);
    } catch (error) {
      throw failureAt(this.output, error);
    } finally {
      await this.discard();
    }
  }

  /** Ends without an archive; does nothing after {@link finish}. */
  async discard(): Promise<void> {
    await this.spool.close();
  }

  private async *archive(files: Iterable<PackedFile>, mtime: Date): AsyncGenerator<Buffer> {
    for await (const piece of pumped(createGzip({ level: LEVEL, chunkSize: PIECE_BYTES }), tarred(files, mtime))) {
      if (this.abort.aborted) throw Failure.interrupted();
      yield piece;
    }
  }

  private filesOf(manifest: BundleManifest): PackedFile[] {
    refuseUnreadable(manifest);
    const top = bundleFolder(manifest.nodes[0]!.name, manifest.created_at);
    const text = Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
    const listed = manifest.nodes.flatMap(({ name, items }) =>
      items.filter(({ sha256 }) => sha256 !== undefined).map((item) => ({ ...item, path: `${name}/${item.name}` })),
    );
    const files = listed.map(({ path, bytes, sha256 }) => {
      const kept = this.items.get(path);
      if (kept?.stored.sha256 !== sha256 || kept?.stored.bytes !== bytes) throw notOfTheItems(path);
      return { path: `${top}/${path}`, bytes, content: kept.read() };
    });
    if (files.length !== this.items.size) throw notOfTheItems('an item');
    return [{ path: `${top}/${MANIFEST}`, bytes: text.length, content: [text] }, ...files];
  }
}

/** What is written can be opened again. */
function refuseUnreadable(manifest: BundleManifest): void {
  try {
    checkManifest(manifest, USUAL_LIMITS);
  } catch (error) {
    throw new Failure('INTERNAL', `The bundle could not be opened again: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}

function notOfTheItems(path: string): Failure {
  return new Failure('INTERNAL', `The manifest does not say of ${path} what was kept.`);
}

/** Where the output is a file, its name is what an operator knows of. */
function failureAt(output: BundleOutput, error: unknown): unknown {
  if ('sink' in output) return error;
  const cause = error instanceof Failure && error.code === 'OUTPUT_FAILED' ? error.cause : undefined;
  return outputFailure(output.path, cause ?? error);
}
